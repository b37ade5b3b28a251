/** A home with peers that hold tokens for its reception, made before its app starts. */
import { v7 } from 'uuid';
import { systemClock } from '../../../electron/clock/clock.ts';
import type { PeerId } from '../../../electron/contract/index.ts';
import { createAudit } from '../../../electron/reception/audit.ts';
import { createTokens } from '../../../electron/reception/tokens.ts';
import { openStore } from '../../../electron/store/store.ts';

/** Adds `count` peers to a home. @returns their tokens */
export async function withAskers(home: string, count: number): Promise<readonly string[]> {
  const clock = systemClock();
  const store = openStore(home, clock.now());
  const tokens = createTokens(store, clock, createAudit(store, clock, console.error));
  const put = store.prepare<never, [string, string, string, number]>(
    'INSERT INTO peers (id, name, name_key, created_at) VALUES (?, ?, ?, ?)',
  );
  const issued = await store.write(() =>
    Array.from({ length: count }, (_, n) => {
      const id = v7() as PeerId;
      put.run(id, `Asker ${n}`, `asker ${n}`, clock.now());
      return tokens.issue(id, null);
    }),
  );
  await store.close();
  clock.stop();
  return issued;
}

/** One SendMessage that does not wait, by hand. */
export function ask(origin: string, token: string, text: string): Promise<Response> {
  const message = { messageId: v7(), role: 'ROLE_USER', parts: [{ text }] };
  const params = { message, configuration: { returnImmediately: true } };
  return fetch(`${origin}/a2a/v1`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'SendMessage', params }),
  });
}
