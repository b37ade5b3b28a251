/** Names and types of files as strangers give them, made harmless. */

const MIME_TYPE = /^[\w.+-]{1,60}\/[\w.+-]{1,60}$/u;
/** Not allowed in a file name on one of our platforms, or able to disguise one. */
const UNSAFE = /[\p{Cc}\p{Bidi_Control}<>:"/\\|?*]/gu;

/** A file's name as it may be shown and sent: no folders, nothing disguised, never empty. */
export function safeName(name: string): string {
  const last = name.split(/[/\\]/u).at(-1) ?? '';
  const plain = last.replace(UNSAFE, '_').replace(/^[\s.]+|[\s.]+$/gu, '');
  return plain === '' ? 'file' : plain.slice(0, 200).toWellFormed();
}

/** A media type as it may be stored; what is none becomes bytes. */
export const safeType = (type: string): string =>
  MIME_TYPE.test(type) ? type : 'application/octet-stream';
