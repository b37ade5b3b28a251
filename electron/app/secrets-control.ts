/**
 * Which keeper of secrets is in use, and what the window is told of it. The keychain unless a mounted
 * folder was named; the session's memory only after the person agreed to that.
 */
import { type AppError, appError, assertNever, type SecretsView } from '../contract/index.ts';
import {
  type ChildSpawner,
  FolderSecretStore,
  KeychainStore,
  MemorySecretStore,
  OverlaySecretStore,
  type Redactor,
  type SecretStore,
  type SecretsError,
  type SecretsStatus,
  withRedaction,
} from '../secrets/index.ts';

/** The one way to secrets for the rest of the app, whichever keeper stands behind it. */
export interface SecretsControl {
  /** Always the keeper in use now; what is read or written is known to the redactor. */
  readonly store: SecretStore;
  view(): SecretsView;
  /** Looks afresh. Resolves within 5 s, whatever the keychain does. */
  recheck(): Promise<SecretsView>;
  /** Shows the system's own question. Resolves when it was answered, or after two minutes. */
  unlock(signal: AbortSignal): Promise<SecretsView>;
  /** The person agreed that secrets live until the app stops. */
  useSession(): Promise<SecretsView>;
  /** Told whenever the view changed. */
  onChange(listener: (view: SecretsView) => void): () => void;
  close(): void;
}

/** What the choice of a keeper depends on, and how the keychain's process is started. */
export interface SecretsControlOptions {
  readonly redactor: Redactor;
  readonly spawnChild: ChildSpawner;
  /** A mounted folder; null = the system's keychain. */
  readonly folder: string | null;
  /** The configuration's name of a link, for the files of the mounted folder. */
  readonly refOfLink: (linkId: string) => string | undefined;
}

const sessionAction = {
  kind: 'call',
  label: 'Keep for this session',
  name: 'secrets.useSession',
  input: {},
} as const;
const recheckAction = {
  kind: 'call',
  label: 'Check again',
  name: 'secrets.recheck',
  input: {},
} as const;
const unlockAction = {
  kind: 'call',
  label: 'Unlock',
  name: 'secrets.unlock',
  input: {},
} as const;

/** What a status means for a person: null where secrets can be kept for good. */
export function secretsError(status: SecretsStatus): AppError | null {
  switch (status.kind) {
    case 'available':
    case 'session_only':
    case 'read_only_folder':
      return null;
    case 'locked':
    case 'denied':
      return appError(`secrets.${status.kind}`, status.cause, {
        remedy: { actions: [unlockAction, sessionAction, recheckAction] },
      });
    case 'folder_unsafe':
      return appError('secrets.folder_unsafe', status.cause, {
        remedy: { actions: [recheckAction] },
      });
    case 'no_service':
    case 'no_bus':
    case 'hung':
    case 'broken':
      return appError(`secrets.${status.kind}`, status.cause, {
        remedy: { actions: [sessionAction, recheckAction] },
      });
    default:
      return assertNever(status);
  }
}

/** An error of the secrets room as the contract's. */
export const fromSecretsError = (error: SecretsError): AppError =>
  appError(error.code, error.message);

/** Chooses the keeper, and lets the person change to the session's memory while it runs. */
export function createSecretsControl(options: SecretsControlOptions): SecretsControl {
  const listeners = new Set<(view: SecretsView) => void>();
  const keychain =
    options.folder === null ? new KeychainStore({ spawnChild: options.spawnChild }) : null;
  let current: SecretStore =
    keychain ??
    new OverlaySecretStore(
      new FolderSecretStore({ dir: options.folder ?? '', refOfLink: options.refOfLink }),
      new MemorySecretStore(),
      // A folder without a device key makes each start a new device (docs/pods.md).
      ['device-token', 'device-key', 'relay-server-key'],
    );
  let view: SecretsView = { status: 'checking', error: null };

  const note = (status: SecretsStatus): SecretsView => {
    const next: SecretsView = { status: status.kind, error: secretsError(status) };
    const same = next.status === view.status && next.error?.detail === view.error?.detail;
    view = next;
    if (!same) for (const listener of listeners) listener(view);
    return view;
  };
  let forget = current.onStatusChange(note);

  const store: SecretStore = withRedaction(
    {
      status: () => current.status(),
      get: (account) => current.get(account),
      set: (account, value) => current.set(account, value),
      delete: (account) => current.delete(account),
      onStatusChange: (listener) => current.onStatusChange(listener),
      close: () => current.close(),
    },
    options.redactor,
  );

  return {
    store,
    view: () => view,
    recheck: async () => note(await current.status()),
    unlock: async (signal) => {
      if (keychain && current === keychain) await keychain.unlock({ signal });
      return note(await current.status());
    },
    useSession: async () => {
      if (current === keychain) {
        forget();
        current = new MemorySecretStore();
        forget = current.onStatusChange(note);
      }
      return note(await current.status());
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      forget();
      keychain?.close();
      if (current !== keychain) current.close();
    },
  };
}
