import { createStore, type StoreApi } from 'zustand/vanilla';
import {
  type AppError,
  ATTACHMENT_CHUNK_BYTES,
  type AttachmentId,
  type Caller,
  type ThreadId,
} from '../../electron/contract/index.ts';

/** A file on its way into the app, before its message is sent. */
export interface Upload {
  readonly key: number;
  readonly threadId: ThreadId;
  readonly name: string;
  readonly bytes: number;
  readonly received: number;
  /** A picture of it, where it is one: a blob of this window. */
  readonly preview: string | null;
  readonly attachmentId: AttachmentId | null;
  readonly error: AppError | null;
}

/** True once the app has all of it. */
export const isWhole = (upload: Upload): boolean =>
  upload.attachmentId !== null && upload.error === null && upload.received >= upload.bytes;

const NAME_MOST = 255;

/** A file's name without the characters that could disguise it, or break a line. */
export function safeFileName(name: string): string {
  const plain = name
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, '')
    .trim();
  if (plain.length <= NAME_MOST) return plain || 'file';
  const dot = plain.lastIndexOf('.');
  const end = dot > plain.length - 20 ? plain.slice(dot) : '';
  return `${plain.slice(0, NAME_MOST - end.length).toWellFormed()}${end}`;
}

/** The kinds of pictures that are shown small. */
export const PREVIEWED: ReadonlySet<string> = new Set([
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
]);

/** Files that were picked, pasted or dropped, per thread. Sent to the app piece by piece. */
export class Uploads {
  readonly store: StoreApi<{ readonly uploads: readonly Upload[] }> = createStore(() => ({
    uploads: [],
  }));
  readonly #call: Caller;
  #nextKey = 1;

  constructor(call: Caller) {
    this.#call = call;
  }

  /** Starts to hand a file over. */
  async add(threadId: ThreadId, file: File): Promise<void> {
    const key = this.#nextKey++;
    const upload: Upload = {
      key,
      threadId,
      name: safeFileName(file.name),
      bytes: file.size,
      received: 0,
      preview: PREVIEWED.has(file.type) ? URL.createObjectURL(file) : null,
      attachmentId: null,
      error: null,
    };
    this.store.setState(({ uploads }) => ({ uploads: [...uploads, upload] }));
    const begun = await this.#call('attachment.begin', {
      threadId,
      name: upload.name,
      mimeType: file.type,
      bytes: file.size,
    });
    if (!begun.ok) return this.#change(key, { error: begun.error });
    const { attachmentId } = begun.value;
    this.#change(key, { attachmentId });
    for (let offset = 0; offset < file.size; offset += ATTACHMENT_CHUNK_BYTES) {
      if (!this.#has(key)) return;
      const piece = file.slice(offset, offset + ATTACHMENT_CHUNK_BYTES);
      const data = toBase64(new Uint8Array(await piece.arrayBuffer()));
      const taken = await this.#call('attachment.append', { attachmentId, offset, data });
      if (!taken.ok) return this.#change(key, { error: taken.error });
      this.#change(key, { received: taken.value.received });
    }
  }

  /** Takes one away again. */
  discard(key: number): void {
    const upload = this.store.getState().uploads.find((one) => one.key === key);
    this.#forget(upload ? [upload] : []);
    if (upload?.attachmentId) {
      void this.#call('attachment.discard', { attachmentId: upload.attachmentId });
    }
  }

  /** Forgets those of a thread that went out with a message. */
  sent(threadId: ThreadId): void {
    this.#forget(this.store.getState().uploads.filter((one) => one.threadId === threadId));
  }

  #has(key: number): boolean {
    return this.store.getState().uploads.some((one) => one.key === key);
  }

  #change(key: number, change: Partial<Upload>): void {
    this.store.setState(({ uploads }) => ({
      uploads: uploads.map((one) => (one.key === key ? { ...one, ...change } : one)),
    }));
  }

  #forget(gone: readonly Upload[]): void {
    for (const { preview } of gone) if (preview) URL.revokeObjectURL(preview);
    this.store.setState(({ uploads }) => ({
      uploads: uploads.filter((one) => !gone.includes(one)),
    }));
  }
}

/** Bytes as base64. */
export function toBase64(bytes: Uint8Array): string {
  const STEP = 0x8000;
  let text = '';
  for (let at = 0; at < bytes.length; at += STEP) {
    text += String.fromCharCode(...bytes.subarray(at, at + STEP));
  }
  return btoa(text);
}
