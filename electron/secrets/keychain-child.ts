/**
 * Entry of the keychain's child process. It is the only place that loads keytar: a keychain that hangs
 * or crashes takes this process with it and nothing else.
 *
 * Speaks {@link file://./keychain-protocol.ts} over Node's IPC channel, or over Electron's
 * `process.parentPort` when it was started as a utility process. Ends when the app does.
 */

import { parseRequest } from './keychain-protocol.ts';
import { KeychainWorker, type KeytarLike } from './keychain-worker.ts';
import { SecretService } from './secret-service.ts';

/** The part of Electron's `process.parentPort` that we use (electron.d.ts, ParentPort). */
interface ParentPort {
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
  postMessage(message: unknown): void;
}

const parentPort = (process as { parentPort?: ParentPort }).parentPort;

let loaded: Promise<KeytarLike> | undefined;

const worker = new KeychainWorker({
  loadKeytar: () => {
    loaded ??= import('keytar').then((module) => module.default);
    return loaded;
  },
  connect: () => SecretService.connect(),
  reply: (reply) => {
    if (parentPort) parentPort.postMessage(reply);
    else process.send?.(reply);
  },
});

function receive(raw: unknown): void {
  const request = parseRequest(raw);
  if (request) void worker.handle(request);
}

if (parentPort) parentPort.on('message', ({ data }) => receive(data));
else process.on('message', receive);

// process.exit would wait for a keychain call that hangs in a thread.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
