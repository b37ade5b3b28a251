/** The shared files: limits, versions, and who is told of a change. */
import { createHash } from 'node:crypto';
import type { Clock } from '../clock/clock.ts';
import type { RelayLimits } from './limits.ts';
import { fileView, Refusal } from './protocol.ts';
import type { FileStorage, FileVersion } from './storage/storage.ts';

/** One version of a shared file together with its content. */
export interface SharedFile {
  readonly file: FileVersion;
  readonly content: Buffer;
}

/**
 * Saves one after the other, so that of two saves with the same base the second is refused as a
 * conflict.
 */
export class Files {
  readonly #storage: FileStorage;
  readonly #clock: Clock;
  readonly #limits: RelayLimits;
  /** At least what is there; counted anew where it would be too much. */
  #bound: { files: number; bytes: number } | null = null;
  /** One after the other: a limit that two pass at once is none. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(storage: FileStorage, clock: Clock, limits: RelayLimits) {
    this.#storage = storage;
    this.#clock = clock;
    this.#limits = limits;
  }

  list(): Promise<FileVersion[]> {
    return this.#storage.list();
  }

  versions(fileKey: string): Promise<FileVersion[]> {
    return this.#storage.versions(fileKey);
  }

  async count(): Promise<number> {
    return (await this.#storage.size()).files;
  }

  /** The file as it is, or as it was in one of the versions that are kept. Null where there is none. */
  async read(fileKey: string, version: number | null): Promise<SharedFile | null> {
    const file =
      version === null
        ? await this.#storage.current(fileKey)
        : ((await this.#storage.versions(fileKey)).find((kept) => kept.version === version) ??
          null);
    const content = file && (await this.#storage.content(file.hash));
    return file && content ? { file, content } : null;
  }

  /** @throws Refusal no room; somebody saved since `base`. */
  put(put: {
    readonly fileKey: string;
    readonly content: Buffer;
    readonly fileType: string;
    readonly editor: string;
    readonly base: number | null;
  }): Promise<FileVersion> {
    const done = this.#queue.then(() => this.#put(put));
    this.#queue = done.catch(() => undefined);
    return done;
  }

  async #put(put: Parameters<Files['put']>[0]): Promise<FileVersion> {
    const { files, fileBytesTotal, fileVersions } = this.#limits;
    const { byteLength } = put.content;
    this.#bound ??= await this.#storage.size();
    if (this.#bound.bytes + byteLength > fileBytesTotal || this.#bound.files >= files) {
      this.#bound = await this.#storage.size();
      const isNew = (await this.#storage.current(put.fileKey)) === null;
      if (
        this.#bound.bytes + byteLength > fileBytesTotal ||
        (isNew && this.#bound.files >= files)
      ) {
        throw new Refusal(413, 'relay.full', 'there is no room for more files');
      }
    }
    const outcome = await this.#storage.put({
      ...put,
      hash: createHash('sha256').update(put.content).digest('hex'),
      at: this.#clock.now(),
      keep: fileVersions,
    });
    if (outcome.kind === 'conflict') {
      throw new Refusal(409, 'relay.file_conflict', 'somebody saved this file since', {
        fields: { current: outcome.current && { ...fileView(outcome.current) } },
      });
    }
    this.#bound = { files: this.#bound.files + 1, bytes: this.#bound.bytes + byteLength };
    return outcome.file;
  }
}
