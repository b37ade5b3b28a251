/**
 * The command's end of the control socket. It speaks the frames of the contract and loads nothing of it:
 * the app checks what goes in and what comes out, and a command must start as fast as Node itself.
 */
import { lstatSync, readFileSync, realpathSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import type { CallInput, CallName, CallOutput, Result } from '../electron/contract/index.ts';
import { homeFolderOf, homeSources } from '../electron/shell/home-place.ts';
import { Ending, EXIT, endingOf } from './exits.ts';

/** As FRAME_VERSION and DOOR_PROTOCOL of the contract, which a test compares. */
export const FRAME = 1;
export const PROTOCOL = 1;
/** A call is answered within a minute; waiting longer means that nobody is there. */
const ANSWER_MS = 75_000;
const CONNECT_MS = 5_000;

export interface Door {
  /** Waits until the app is up and has greeted. @throws Ending of another version, or gone */
  greeted(): Promise<void>;
  /** Gives the value. @throws Ending what the app answered, that it is of another version, or gone */
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>;
  close(): void;
}

interface Waiting {
  resolve(result: Result<unknown>): void;
  reject(error: Ending): void;
}

/** The home, as it is; null where there is none yet. Makes nothing. */
export function realHome(given: string | null): string | null {
  try {
    return realpathSync.native(homeFolderOf(homeSources(given)));
  } catch {
    return null;
  }
}

interface Pointer {
  readonly path: string;
  /** What who listens there knows; null where that was not written down. */
  readonly key: string | null;
  /** What is spoken there; null where that was not written down. */
  readonly protocol: number | null;
}

/** Where the app on this home listens: the app writes it down when it begins to. Null where none did. */
function pointerOf(home: string): Pointer | null {
  try {
    const text = readFileSync(join(home, 'control-socket'), 'utf8');
    const [path = '', protocol, key] = text.split('\n');
    if (path === '') return null;
    return { path, protocol: protocol ? Number(protocol) : null, key: key || null };
  } catch {
    return null;
  }
}

/** A socket, or a folder around it, that others could have made is not spoken to. */
export function assertOwn(path: string): void {
  const uid = process.getuid?.();
  if (uid === undefined || process.platform === 'win32') return;
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (!entry) return;
  const folder = lstatSync(dirname(path));
  const theirs = !entry.isSocket() || entry.uid !== uid || folder.uid !== uid;
  if (!theirs && (folder.mode & 0o077) === 0) return;
  throw new Ending(
    EXIT.refused,
    'door.not_ours',
    `${path} is not a socket that only you can use. Remove it, and start Peerage again.`,
  );
}

/** Connects; null where no app runs on this home. @throws Ending */
export async function openDoor(
  home: string | null,
  version: string,
  platform = process.platform,
): Promise<Door | null> {
  const pointer = home === null ? null : pointerOf(home);
  if (!pointer) return null;
  assertOwn(pointer.path);
  const socket = await connected(pointer.path);
  if (!socket) return null;
  // A pipe of Windows shows no owner: who listens shows that it knows the key of this home.
  const proof = platform === 'win32' ? await proofFor(pointer.path, home ?? '') : null;
  const door = doorOf(socket, version, proof);
  // What is said to an app of another version could be misunderstood. One that speaks as we do is asked
  // in the same breath as it is greeted.
  if (proof || pointer.protocol !== PROTOCOL) await door.greeted();
  return door;
}

/** A question that is put to who listens, and what to say where the answer is wrong. */
interface Proof {
  readonly challenge: string;
  /** Null where it is right, else what is wrong. */
  wrong(answer: unknown): Ending | null;
}

async function proofFor(path: string, home: string): Promise<Proof> {
  // Loaded where it is needed: a command must start fast.
  const { isProof, newDoorKey } = await import('../electron/shell/control/door-proof.ts');
  const challenge = newDoorKey();
  return {
    challenge,
    wrong: (answer) => {
      // Read now: who greets has written its key down, and one that only begins may not have.
      const key = pointerOf(home)?.key ?? null;
      if (key !== null && isProof(key, challenge, answer)) return null;
      const words = `${path} is held by a program that does not show that it is your Peerage.`;
      return notOurs(
        key === null
          ? `${words} If an older Peerage runs there, quit it, and start the new one.`
          : words,
      );
    },
  };
}

const notOurs = (words: string): Ending =>
  new Ending(
    EXIT.refused,
    'door.not_ours',
    `${words} Nothing was sent. Log out, or restart this machine, then start Peerage again.`,
  );

function connected(path: string): Promise<Socket | null> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.setTimeout(CONNECT_MS, () => socket.destroy(new Error('no connection in time')));
    socket.once('connect', () => {
      socket.setTimeout(0);
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      // A stale socket is one that nobody listens at.
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(null);
      else if (error.code === 'EACCES' || error.code === 'EPERM') {
        reject(notOurs(`${path} belongs to another user.`));
      } else reject(new Ending(EXIT.notRunning, 'door.unusable', `${path}: ${error.message}`));
    });
  });
}

function doorOf(socket: Socket, version: string, proof: Proof | null): Door {
  const waiting = new Map<string, Waiting>();
  let gone: Ending | null = null;
  const end = (why: Ending): void => {
    gone ??= why;
    for (const one of waiting.values()) one.reject(gone);
    waiting.clear();
    socket.destroy();
  };
  let closed = false;
  const lost = (): void => {
    if (!closed || waiting.size > 0) end(appGone());
  };
  socket.on('close', lost);
  socket.on('error', lost);
  readLines(socket, (text) => {
    const frame = JSON.parse(text) as { kind: string; id: string; body: unknown };
    const one = waiting.get(frame.id);
    // What could not even be read is refused without an id.
    if (!one && frame.kind === 'refused' && frame.id === '') end(endingOf(frame.body as never));
    if (!one) return;
    waiting.delete(frame.id);
    if (frame.kind === 'refused') one.resolve({ ok: false, error: frame.body as never });
    else if (frame.kind === 'hello') one.resolve({ ok: true, value: frame.body });
    else one.resolve(frame.body as Result<unknown>);
  });
  let unsent = '';
  let count = 0;
  const ask = (kind: 'hello' | 'call', name: string, body: unknown): Promise<Result<unknown>> =>
    new Promise((resolve, reject) => {
      if (gone ?? closed) return reject(gone ?? appGone());
      // The greeting is answered without an id.
      const id = kind === 'hello' ? '' : String(++count);
      const late = setTimeout(() => socket.destroy(), ANSWER_MS);
      const settle =
        <T>(done: (value: T) => void) =>
        (value: T): void => {
          clearTimeout(late);
          done(value);
        };
      waiting.set(id, { resolve: settle(resolve), reject: settle(reject) });
      // What is asked in one turn leaves in one piece.
      if (unsent === '') process.nextTick(flush);
      unsent += `${JSON.stringify({ v: FRAME, id, kind, name, body })}\n`;
    });
  const flush = (): void => {
    if (!gone) socket.write(unsent);
    unsent = '';
  };
  const greet = async (): Promise<void> => {
    const challenge = proof ? { challenge: proof.challenge } : {};
    const hello = await ask('hello', '', { protocol: PROTOCOL, ...challenge });
    const greeting = (hello.ok ? hello.value : null) as { readonly proof?: unknown } | null;
    const wrong = proof?.wrong(greeting?.proof) ?? otherVersion(greeting, version);
    if (wrong) {
      end(wrong);
      throw wrong;
    }
  };
  let greeting: Promise<void> | null = null;
  const greeted = (): Promise<void> => {
    greeting ??= greet();
    return greeting;
  };
  return {
    greeted,
    close: () => {
      closed = true;
      socket.destroy();
    },
    call: async <N extends CallName>(name: N, input: CallInput<N>) => {
      const [, result] = await Promise.all([greeted(), ask('call', name, input)]);
      if (result.ok) return result.value as CallOutput<N>;
      throw endingOf(result.error);
    },
  };
}

const appGone = (): Ending =>
  new Ending(
    EXIT.notRunning,
    'app.connection_lost',
    'Peerage stopped before it answered. Start it again, or use --start.',
  );

/** Compares the greeting. Null where it fits, else what says which one is older. */
function otherVersion(hello: unknown, ours: string): Ending | null {
  const greeting = (hello ?? {}) as { version?: unknown; protocol?: unknown };
  if (greeting.protocol === PROTOCOL) return null;
  const theirs = typeof greeting.version === 'string' ? greeting.version : 'of before 0.1';
  const appIsNewer = typeof greeting.protocol === 'number' && greeting.protocol > PROTOCOL;
  const words = appIsNewer
    ? `This command (${ours}) is older than the running app (${theirs}): use the command that came with the app.`
    : `The running app (${theirs}) is older than this command (${ours}): quit it and start the new one.`;
  return new Ending(EXIT.otherVersion, 'door.other_version', `${words} Nothing was sent.`);
}

function readLines(socket: Socket, onLine: (text: string) => void): void {
  let pieces: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => {
    let from = 0;
    for (;;) {
      const end = chunk.indexOf(10, from);
      if (end === -1) {
        pieces.push(chunk.subarray(from));
        return;
      }
      pieces.push(chunk.subarray(from, end));
      const line = pieces.length === 1 ? pieces[0] : Buffer.concat(pieces);
      pieces = [];
      from = end + 1;
      if (line && line.length > 0) onLine(line.toString('utf8'));
    }
  });
}
