/** A window without a screen: the browser shell's WebSocket, spoken by hand. */
import { once } from 'node:events';
import { WebSocket } from 'ws';
import {
  type CallInput,
  type CallName,
  type CallOutput,
  Frame,
  frame,
  type Result,
  Snapshot,
} from '../../../electron/contract/index.ts';

export interface Window {
  /** The first snapshot. */
  readonly snapshot: Snapshot;
  /** Makes a call; rejects where it is refused. */
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>;
  close(): void;
}

/** Opens a window at the printed address and waits for its first snapshot. */
export async function openWindow(printedUrl: string): Promise<Window> {
  const { origin, host, hash } = new URL(printedUrl);
  const key = new URLSearchParams(hash.slice(1)).get('key') ?? '';
  const socket = new WebSocket(`ws://${host}/socket`, { origin });
  const waiting = new Map<string, (body: unknown) => void>();
  const first = Promise.withResolvers<Snapshot>();
  socket.on('message', (data) => {
    const { kind, id, body } = Frame.parse(JSON.parse(String(data)));
    if (kind === 'snapshot') first.resolve(Snapshot.parse(body));
    if (kind === 'batch') {
      const { revision } = body as { revision: number };
      socket.send(JSON.stringify(frame('ack', { revision })));
    }
    if (kind === 'result') waiting.get(id)?.(body);
    if (kind === 'refused') first.reject(new Error(JSON.stringify(body)));
  });
  await once(socket, 'open');
  socket.send(JSON.stringify(frame('hello', { key })));
  const snapshot = await first.promise;
  let calls = 0;
  return {
    snapshot,
    call: <N extends CallName>(name: N, input: CallInput<N>) =>
      new Promise<CallOutput<N>>((resolve, reject) => {
        calls += 1;
        const id = String(calls);
        waiting.set(id, (body) => {
          waiting.delete(id);
          const result = body as Result<CallOutput<N>>;
          if (result.ok) resolve(result.value);
          else reject(new Error(`${name}: ${result.error.code}: ${result.error.detail}`));
        });
        socket.send(JSON.stringify(frame('call', input, name, id)));
      }),
    close: () => socket.terminate(),
  };
}
