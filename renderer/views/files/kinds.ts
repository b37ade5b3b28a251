/** What a shared file is, for showing it. Content that is not text is base64, and its type says so. */
export type Kind = 'markdown' | 'text' | 'image' | 'binary';

const BASE64 = ';base64';
/** Pictures that can hold no script. */
const PICTURE = /^image\/(?:png|jpeg|gif|webp);base64$/;

/** How it is shown. */
export function kindOf(key: string, type: string): Kind {
  if (PICTURE.test(type)) return 'image';
  if (type.endsWith(BASE64)) return 'binary';
  return type === 'markdown' || type === 'text/markdown' || /\.(?:md|markdown)$/i.test(key)
    ? 'markdown'
    : 'text';
}

/** Where the window shows a picture from. */
export function pictureUrl({
  content,
  type,
}: {
  readonly content: string;
  readonly type: string;
}): string {
  const [mime = 'image/png'] = type.split(';');
  return `data:${mime};base64,${content}`;
}

/** True where versions of it can be compared and changed here. */
export const isText = (kind: Kind): boolean => kind === 'text' || kind === 'markdown';

/** A file from this machine, as it is shared. */
export interface Upload {
  readonly key: string;
  readonly content: string;
  readonly type: string;
}

/** Reads a file: text as it is, anything else as base64. */
export async function readUpload(file: File): Promise<Upload> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const key = file.name;
  try {
    const content = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (!content.includes('\u0000')) {
      return { key, content, type: /\.(?:md|markdown)$/i.test(key) ? 'markdown' : 'text' };
    }
  } catch {
    // Not text: below.
  }
  return {
    key,
    content: toBase64(bytes),
    type: `${file.type || 'application/octet-stream'}${BASE64}`,
  };
}

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8_192) {
    text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  }
  return btoa(text);
}

/** The bytes of a file, for saving it. */
export function bytesOf(content: string, type: string): Uint8Array<ArrayBuffer> {
  if (!type.endsWith(BASE64)) return new TextEncoder().encode(content);
  try {
    return Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
  } catch {
    return new TextEncoder().encode(content);
  }
}

/** The last step of a name, without what a file system would not take. */
export const fileName = (key: string): string =>
  (key.split(/[\\/]/).at(-1) ?? '').replace(/[<>:"|?*]/g, '_').replace(/^\.+$/, '') || 'file';

/** *notes (yours).md*: the name for the copy where both are kept. */
export function besideName(key: string, version: number): string {
  const dot = key.lastIndexOf('.');
  const slash = Math.max(key.lastIndexOf('/'), key.lastIndexOf('\\'));
  return dot > slash + 1
    ? `${key.slice(0, dot)} (beside ${version})${key.slice(dot)}`
    : `${key} (beside ${version})`;
}
