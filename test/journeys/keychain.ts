/** Where an app under test keeps its secrets: a keychain of the test's own, or the system's. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ChildPort, type ChildSpawner, nodeChild } from '../../electron/secrets/index.ts';
import { parseRequest } from '../../electron/secrets/keychain-protocol.ts';
import { KeychainWorker } from '../../electron/secrets/keychain-worker.ts';

/** `none` = this machine has no keychain. It can be told over a process boundary. */
export type KeychainPlace =
  | { readonly kind: 'none' }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'system'; readonly env: Readonly<Record<string, string | undefined>> };

const CHILD = join(import.meta.dirname, '../../electron/secrets/keychain-child.ts');

type Entries = Record<string, string>;

function entriesOf(path: string): Entries {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Entries;
  } catch {
    return {};
  }
}

/**
 * What must show up nowhere else: each entry, the token in an entry that is JSON, and each line of a
 * key. Of a system's keychain nothing can be told.
 */
export function secretsIn(place: KeychainPlace): string[] {
  if (place.kind !== 'file') return [];
  return Object.values(entriesOf(place.path)).flatMap((entry) => {
    if (entry.startsWith('{')) return [(JSON.parse(entry) as { token: string }).token];
    return entry.split('\n').filter((line) => line.length > 0 && !line.startsWith('-----'));
  });
}

function fileKeytar(path: string) {
  const read = (): Entries => entriesOf(path);
  const write = (entries: Entries): void =>
    writeFileSync(path, JSON.stringify(entries), { mode: 0o600 });
  return {
    getPassword: async (_: string, account: string) => read()[account] ?? null,
    setPassword: async (_: string, account: string, value: string) =>
      write({ ...read(), [account]: value }),
    deletePassword: async (_: string, account: string) => {
      const { [account]: gone, ...rest } = read();
      write(rest);
      return gone !== undefined;
    },
  };
}

/** The real worker over entries in a file, in this process: what is said passes through JSON. */
function workerChild(place: Exclude<KeychainPlace, { kind: 'system' }>): ChildPort {
  let tell: (raw: unknown) => void = () => {};
  let ended = false;
  const worker = new KeychainWorker({
    loadKeytar: async () => fileKeytar(place.kind === 'file' ? place.path : ''),
    connect: async () =>
      place.kind === 'none'
        ? { kind: 'no_bus', cause: 'This test has no keychain.' }
        : {
            probe: async () => ({ kind: 'open' }),
            isHiddenByLock: async () => false,
            unlock: async () => ({ kind: 'unlocked' }),
            close: () => {},
          },
    reply: (reply) => {
      if (!ended) tell(JSON.parse(JSON.stringify(reply)));
    },
  });
  return {
    send: (request) => {
      const parsed = parseRequest(JSON.parse(JSON.stringify(request)));
      if (parsed) setImmediate(() => void worker.handle(parsed));
    },
    onMessage: (listener) => {
      tell = listener;
    },
    onExit: () => {},
    kill: () => {
      ended = true;
    },
  };
}

/** What the app is given to start its keychain's child with. */
export function spawnerOf(place: KeychainPlace): ChildSpawner {
  if (place.kind !== 'system') return () => workerChild(place);
  return nodeChild({ execPath: process.execPath, childEntry: CHILD, env: place.env });
}
