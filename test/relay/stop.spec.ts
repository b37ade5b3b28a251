/** A relay that stops in order while everybody talks to it. */
import { Agent } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { delegate, poll, register, secretOf } from './parts/agents.ts';
import { atEnd, endAll, started, TOKEN, tempHome } from './parts/relay.ts';
import { openSocket } from './parts/socket-client.ts';

afterEach(endAll);

const SENDERS = 16;

describe('a relay that stops in the middle of it all', () => {
  it('has afterwards all that it said it took, acknowledged what was, and gives it once', async () => {
    const home = tempHome();
    const first = await started({ home });
    const agent = new Agent({ keepAlive: true });
    atEnd(() => agent.destroy());
    const secret = secretOf('beta');
    const beta = first.client({ modern: true, secret });
    await register(beta, 'beta');
    const socket = await openSocket(first.base, 'beta', {
      token: TOKEN,
      modern: true,
      secret,
      acknowledges: true,
    });
    const taken = new Set<string>();
    let stopping = false;
    const senders = Array.from({ length: SENDERS }, async (_, lane) => {
      const alpha = first.client({ agent });
      for (let i = 0; ; i++) {
        const task = `${lane}:${i}`;
        try {
          const reply = await delegate(alpha, `alpha-${lane}`, 'beta', task);
          if (reply.status === 200) taken.add(task);
        } catch {
          if (stopping) return;
        }
      }
    });
    await expect.poll(() => taken.size).toBeGreaterThan(100);
    stopping = true;
    await first.relay.stop();
    await Promise.all(senders);
    expect(await socket.closed).toBe(1001);
    const pushed = socket.got.flatMap(({ task }) => (typeof task === 'string' ? [task] : []));
    const second = await started({ home });
    const again = second.client({ modern: true, secret });
    const left: string[] = [];
    for (;;) {
      const { messages } = await poll(again, 'beta');
      if (messages.length === 0) break;
      left.push(...messages.map(({ task }) => String(task)));
      const ids = messages.map(({ delivery_id: id }) => id);
      await again.post('/ack', { agent_id: 'beta', delivery_ids: ids });
    }
    const all = new Set([...pushed, ...left]);
    expect([...taken].filter((task) => !all.has(task))).toEqual([]);
    expect(new Set(pushed).size).toBe(pushed.length);
    expect(new Set(left).size).toBe(left.length);
  });
});
