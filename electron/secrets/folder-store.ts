/**
 * Secrets from a folder that someone else mounts: a Kubernetes secret volume, a systemd credential
 * directory, or any folder of mode 0700. Never written.
 *
 * Files, where `<ref>` is the name that the configuration file gives the link:
 * `<ref>.token` (gateway token), `<ref>.password`, `<ref>.device-token`, `device-key.pem`.
 * One line break at the end is not part of the secret, since most tools write one.
 */

import { constants } from 'node:fs';
import { type FileHandle, lstat, open, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { accountName } from './account.ts';
import { fileFault, folderFault, type Reader } from './folder-rules.ts';
import {
  errorOf,
  type SecretAccount,
  type SecretLookup,
  type SecretStore,
  SecretsError,
  type SecretsStatus,
  type SecretsTrouble,
  StatusFeed,
} from './secret-store.ts';

/** More than any secret needs; a file beyond it is not one. Bytes. */
const MAX_FILE_BYTES = 64 * 1024;
const REF = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** What {@link FolderSecretStore} is told. */
export interface FolderStoreOptions {
  /** The mounted folder. */
  readonly dir: string;
  /** The configuration's name of a link, or undefined for a link that it does not name. */
  readonly refOfLink: (linkId: string) => string | undefined;
  /** Who reads, for the rules about owners. Default: this process. */
  readonly reader?: Reader;
}

type Opened =
  | { readonly kind: 'ok'; readonly text: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'refused'; readonly status: SecretsTrouble };

/** A mounted folder as a {@link SecretStore}; `set` and `delete` reject with `secrets.read_only`. */
export class FolderSecretStore implements SecretStore {
  readonly #options: FolderStoreOptions;
  readonly #reader: Reader;
  readonly #feed = new StatusFeed();

  constructor(options: FolderStoreOptions) {
    this.#options = options;
    this.#reader = options.reader ?? {
      uid: process.getuid?.() ?? -1,
      checksModes: process.platform !== 'win32',
    };
  }

  async status(): Promise<SecretsStatus> {
    const trouble = await this.#folderTrouble();
    const status: SecretsStatus = trouble ?? {
      kind: 'read_only_folder',
      cause: `Secrets come from ${this.#options.dir}, which Peerage only reads.`,
    };
    this.#feed.note(status);
    return status;
  }

  async get(account: SecretAccount): Promise<SecretLookup> {
    accountName(account);
    const status = await this.status();
    if (status.kind !== 'read_only_folder') {
      return { kind: 'unavailable', status: status as SecretsTrouble };
    }
    const file = this.#fileOf(account);
    if (file === undefined) return { kind: 'absent' };
    const opened = await this.#read(file);
    if (opened.kind === 'absent') return opened;
    if (opened.kind === 'refused') {
      this.#feed.note(opened.status);
      return { kind: 'unavailable', status: opened.status };
    }
    const value = account.kind === 'device-key' ? opened.text : opened.text.replace(/\r?\n$/, '');
    return value === '' ? { kind: 'absent' } : { kind: 'found', value };
  }

  async set(account: SecretAccount, _value: string): Promise<void> {
    accountName(account);
    await this.#refuseWriting();
  }

  async delete(account: SecretAccount): Promise<boolean> {
    accountName(account);
    return this.#refuseWriting();
  }

  onStatusChange(listener: (status: SecretsStatus) => void): () => void {
    return this.#feed.listen(listener);
  }

  close(): void {}

  async #refuseWriting(): Promise<never> {
    const trouble = await this.#folderTrouble();
    if (trouble) throw errorOf(trouble);
    throw new SecretsError(
      'secrets.read_only',
      `Secrets come from ${this.#options.dir}, which Peerage never writes. Put the file there yourself.`,
    );
  }

  #fileOf({ kind, linkId }: SecretAccount): string | undefined {
    if (kind === 'device-key') return 'device-key.pem';
    if (kind === 'relay-server-token' || kind === 'relay-server-key') return kind;
    const ref = this.#options.refOfLink(linkId);
    if (ref === undefined || !REF.test(ref)) return undefined;
    return `${ref}.${kind === 'device-token' ? kind : kind.slice('gateway-'.length)}`;
  }

  async #folderTrouble(): Promise<SecretsTrouble | undefined> {
    const { dir } = this.#options;
    try {
      const folder = await stat(dir);
      const mounted = await lstat(join(dir, '..data')).then(
        (link) => link.isSymbolicLink() && [0, this.#reader.uid].includes(link.uid),
        () => false,
      );
      const fault = folderFault(folder, mounted, this.#reader);
      return fault === undefined ? undefined : unsafe(`${dir} ${fault}`);
    } catch (error) {
      return unreadable(dir, error);
    }
  }

  /** Opens first and judges what is open, so that a file swapped in between cannot slip through. */
  async #read(name: string): Promise<Opened> {
    const path = join(this.#options.dir, name);
    let handle: FileHandle | undefined;
    try {
      const [root, target] = await Promise.all([realpath(this.#options.dir), realpath(path)]);
      if (!target.startsWith(root + sep)) {
        return { kind: 'refused', status: unsafe(`${path} leads out of the secrets folder.`) };
      }
      const noFollow = constants.O_NOFOLLOW ?? 0;
      const noWait = constants.O_NONBLOCK ?? 0; // a named pipe would wait for a writer for ever
      handle = await open(target, constants.O_RDONLY | noFollow | noWait);
      const found = await handle.stat();
      const fault = fileFault(found, this.#reader);
      if (fault !== undefined) return { kind: 'refused', status: unsafe(`${path} ${fault}`) };
      if (found.size > MAX_FILE_BYTES) {
        return { kind: 'refused', status: unsafe(`${path} is too large to be a secret.`) };
      }
      return { kind: 'ok', text: await handle.readFile('utf8') };
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return { kind: 'absent' };
      return { kind: 'refused', status: unreadable(path, error) };
    } finally {
      await handle?.close();
    }
  }
}

function unsafe(cause: string): SecretsTrouble {
  return { kind: 'folder_unsafe', cause };
}

function unreadable(path: string, error: unknown): SecretsTrouble {
  const code = codeOf(error);
  if (code === 'EACCES' || code === 'EPERM') {
    return { kind: 'denied', cause: `${path} may not be read by this user.` };
  }
  return { kind: 'broken', cause: `${path} cannot be read (${code ?? 'unknown error'}).` };
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}
