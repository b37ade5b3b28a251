/** The other end of the control socket: for a second start, the command line, and tests. */
import { randomUUID } from 'node:crypto';
import { createConnection, type Socket } from 'node:net';
import {
  AppError,
  appError,
  type CallInput,
  type CallName,
  type CallOutput,
  CodedError,
  calls,
  codedError,
  DOOR_PROTOCOL,
  type Frame,
  fail,
  frame,
  MAX_FRAME_BYTES,
  ok,
  type Result,
} from '../../contract/index.ts';
import { decodeFrame, encodeFrame } from '../session/frames.ts';
import { isProof, newDoorKey } from './door-proof.ts';
import { lineReader } from './lines.ts';
import { assertOwnSocket } from './socket-place.ts';

/** `absent` = nothing there. `stale` = a file that nobody listens at. */
export type SocketState = 'live' | 'stale' | 'absent';

/** Looks whether somebody listens. @throws CodedError `door.not_ours` where the path belongs to another user */
export async function lookAtSocket(path: string): Promise<SocketState> {
  assertOwnSocket(path);
  const socket = createConnection(path);
  try {
    await connected(socket, 2_000);
    return 'live';
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return 'absent';
    if (code === 'ECONNREFUSED') return 'stale';
    // A pipe of Windows whose owner lets nobody else in.
    if (code === 'EPERM' || code === 'EACCES') {
      throw codedError('door.not_ours', `${path} belongs to another user.`);
    }
    throw error;
  } finally {
    socket.destroy();
  }
}

/**
 * Makes one call over a connection of its own.
 * @param key reads what who listens must know before anything is said to it; gives undefined where that
 * needs no proof. It is read when the proof is there: who greets has written its key down, and one that only
 * begins may not have.
 */
export async function callControl<N extends CallName>(
  path: string,
  name: N,
  input: CallInput<N>,
  { timeoutMs = 10_000, key = () => undefined }: { timeoutMs?: number; key?: ReadKey } = {},
): Promise<Result<CallOutput<N>>> {
  const id = randomUUID();
  let socket: Socket | null = null;
  try {
    assertOwnSocket(path);
    socket = createConnection(path);
    await connected(socket, timeoutMs);
    if (key() !== undefined && !(await isOurs(socket, key, timeoutMs))) {
      return fail(appError('door.not_ours', `Another program listens at ${path}.`));
    }
    const ask = frame('call', input, name, id);
    const result = await answerTo(socket, ask, timeoutMs);
    if (!result.ok) return result;
    const value = calls[name].output.safeParse(result.value);
    if (value.success) return ok(value.data as CallOutput<N>);
    return fail(appError('call.invalid_output', `${name} was answered in another form.`));
  } catch (error) {
    if (error instanceof CodedError) return fail(error.error);
    return fail(appError('app.connection_lost', (error as Error).message));
  } finally {
    socket?.destroy();
  }
}

type ReadKey = () => string | null | undefined;

/** Asks who listens to show that it knows the key. */
async function isOurs(socket: Socket, readKey: ReadKey, timeoutMs: number): Promise<boolean> {
  const challenge = newDoorKey();
  const hello = frame('hello', { protocol: DOOR_PROTOCOL, challenge });
  const answer = await answerTo(socket, hello, timeoutMs);
  const key = readKey() ?? null;
  return (
    answer.ok &&
    key !== null &&
    isProof(key, challenge, (answer.value as { proof?: unknown } | null)?.proof)
  );
}

function connected(socket: Socket, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('no connection in time')), timeoutMs);
    socket.once('connect', () => {
      clearTimeout(late);
      resolve();
    });
    socket.once('error', (error) => {
      clearTimeout(late);
      reject(error);
    });
  });
}

/** Says a frame, and waits for what answers it. */
function answerTo(socket: Socket, said: Frame, timeoutMs: number): Promise<Result<unknown>> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('no answer in time')), timeoutMs);
    const settle = (result: Result<unknown>): void => {
      socket.off('data', take);
      clearTimeout(late);
      resolve(result);
    };
    const lost = (): void => {
      clearTimeout(late);
      reject(new Error('the connection was closed before the answer'));
    };
    const read = lineReader(
      MAX_FRAME_BYTES * 4,
      (line) => {
        const decoded = decodeFrame(line, MAX_FRAME_BYTES * 4);
        if (!decoded.ok || decoded.frame.id !== said.id) return;
        const { kind, body } = decoded.frame;
        if (kind === 'hello') settle(ok(body));
        if (kind === 'result') settle(body as Result<unknown>);
        if (kind === 'refused') settle(fail(AppError.parse(body)));
      },
      lost,
    );
    const take = (chunk: Buffer): void => {
      try {
        read(chunk);
      } catch (error) {
        clearTimeout(late);
        reject(error);
      }
    };
    socket.on('data', take);
    socket.once('close', lost);
    socket.once('error', lost);
    socket.write(`${encodeFrame(said)}\n`);
  });
}
