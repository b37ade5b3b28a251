/**
 * What a keeper of secrets can do and how it says why it cannot. Four keepers implement it: the
 * system keychain, the session's memory, a mounted read-only folder, and an overlay of the last two.
 */

/** What a secret is for. One entry holds one secret. */
export const SECRET_KINDS = [
  'gateway-token',
  'gateway-password',
  'gateway-setup',
  'device-token',
  'device-key',
  'relay-server-token',
  'relay-server-key',
] as const;

/** One of {@link SECRET_KINDS}. */
export type SecretKind = (typeof SECRET_KINDS)[number];

/** Names one secret. `homeId` is the id of the home folder, `linkId` that of the link it belongs to. */
export interface SecretAccount {
  readonly homeId: string;
  readonly kind: SecretKind;
  readonly linkId: string;
}

/**
 * Whether secrets can be had, and if not, why. `cause` is plain text for a person; it never holds a
 * secret. The kinds that keep secrets: `available`, `session_only` (until the app ends) and
 * `read_only_folder` (reading only). All others mean that nothing is known about any entry.
 *
 * - `locked`: the keychain is there and closed. `no_collection` means that none was ever made.
 * - `no_service`: a session bus without a Secret Service. `no_bus`: not even a session bus.
 * - `denied`: a person said no to the keychain's question.
 * - `hung`: no answer within the time limit, most often a question that nobody sees.
 * - `folder_unsafe`: the mounted folder can be read by others, so it is refused.
 * - `broken`: anything else (the helper process crashed, its library is missing, an unknown error).
 */
export type SecretsStatus =
  | { readonly kind: 'available'; readonly cause: string }
  | { readonly kind: 'session_only'; readonly cause: string }
  | { readonly kind: 'read_only_folder'; readonly cause: string }
  | SecretsTrouble;

/** The statuses in which no secret can be had. */
export type SecretsTrouble =
  | {
      readonly kind: 'locked';
      readonly cause: string;
      readonly reason: 'collection_locked' | 'no_collection';
    }
  | {
      readonly kind: 'no_service' | 'no_bus' | 'denied' | 'hung' | 'folder_unsafe' | 'broken';
      readonly cause: string;
    };

/** Answer to {@link SecretStore.get}. `absent` is said only when the keeper was open and has no such entry. */
export type SecretLookup =
  | { readonly kind: 'found'; readonly value: string }
  | { readonly kind: 'absent' }
  | { readonly kind: 'unavailable'; readonly status: SecretsTrouble };

/** Codes of {@link SecretsError}. */
export type SecretsErrorCode =
  | 'secrets.locked'
  | 'secrets.no_service'
  | 'secrets.no_bus'
  | 'secrets.denied'
  | 'secrets.hung'
  | 'secrets.broken'
  | 'secrets.read_only'
  | 'secrets.folder_unsafe'
  | 'secrets.too_large'
  | 'secrets.bad_value'
  | 'secrets.bad_account'
  | 'secrets.identity_corrupt'
  | 'secrets.identity_missing';

/** A refusal. The message is plain text for a person and never holds a secret. */
export class SecretsError extends Error {
  readonly code: SecretsErrorCode;
  constructor(code: SecretsErrorCode, message: string) {
    super(message);
    this.name = 'SecretsError';
    this.code = code;
  }
}

/** Keeps secrets. Every call settles within about 5 s of its turn, and none throws synchronously. */
export interface SecretStore {
  /** Looks afresh. Never rejects. */
  status(): Promise<SecretsStatus>;
  /** Rejects only with `secrets.bad_account`; trouble is an answer of its own. */
  get(account: SecretAccount): Promise<SecretLookup>;
  /**
   * Keeps `value`, replacing what was there. Rejects with the code of the trouble (`secrets.locked`,
   * `.no_service`, `.no_bus`, `.denied`, `.hung`, `.broken`, `.folder_unsafe`), or with
   * `secrets.read_only`, `secrets.too_large`, `secrets.bad_value`, `secrets.bad_account`.
   */
  set(account: SecretAccount, value: string): Promise<void>;
  /** Forgets the entry; true if there was one. Rejects as {@link SecretStore.set} does. */
  delete(account: SecretAccount): Promise<boolean>;
  /** Tells of every change of status that is noticed. Returns the way to stop. */
  onStatusChange(listener: (status: SecretsStatus) => void): () => void;
  /** Lets go of processes and memory. Calls made afterwards answer `broken`. */
  close(): void;
}

/**
 * Most bytes of UTF-8 that one entry may hold, on every platform alike so that a home can move.
 * Source: Windows, CRED_MAX_CREDENTIAL_BLOB_SIZE = 5 * 512 (wincred.h, CREDENTIALW).
 */
export const MAX_SECRET_BYTES = 2560;

/** Whether the status means that no secret can be had. */
export function isTrouble(status: SecretsStatus): status is SecretsTrouble {
  return !['available', 'session_only', 'read_only_folder'].includes(status.kind);
}

/** The error that says `status`, for calls that cannot answer it: code `secrets.<kind>`. */
export function errorOf(status: SecretsTrouble): SecretsError {
  return new SecretsError(`secrets.${status.kind}`, status.cause);
}

/**
 * Refuses what no keychain keeps faithfully. Throws `secrets.bad_value` for an empty text, for NUL
 * (keytar passes C strings: the rest would be lost) and for lone surrogates (UTF-8 has none), and
 * `secrets.too_large` over {@link MAX_SECRET_BYTES}.
 */
export function assertStorable(value: string): void {
  if (value.length === 0) throw new SecretsError('secrets.bad_value', 'A secret cannot be empty.');
  if (value.includes('\0') || !value.isWellFormed()) {
    throw new SecretsError(
      'secrets.bad_value',
      'This secret holds characters that a keychain cannot keep.',
    );
  }
  const bytes = Buffer.byteLength(value, 'utf8');
  if (bytes > MAX_SECRET_BYTES) {
    throw new SecretsError(
      'secrets.too_large',
      `This secret has ${bytes} bytes; a keychain entry holds at most ${MAX_SECRET_BYTES}.`,
    );
  }
}

/** Tells listeners of a status, but only when it differs from the last one told. */
export class StatusFeed {
  readonly #listeners = new Set<(status: SecretsStatus) => void>();
  #last: string | undefined;

  /** Adds a listener; returns the way to stop. */
  listen(listener: (status: SecretsStatus) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Notes what is known now. A listener that throws does not keep the others from hearing. */
  note(status: SecretsStatus): void {
    const key = `${status.kind}\n${status.cause}`;
    if (key === this.#last) return;
    this.#last = key;
    for (const listener of [...this.#listeners]) {
      try {
        listener(status);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
