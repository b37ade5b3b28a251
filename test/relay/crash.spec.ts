/**
 * The relay killed with -9 a hundred times while a thousand messages go through it: what a sender was
 * told is taken comes, and comes once to a recipient that knows messages by their ids.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { delegate, register, secretOf } from './parts/agents.ts';
import { client, type HttpClient } from './parts/http-client.ts';
import { atEnd, endAll, TOKEN, tempHome } from './parts/relay.ts';
import { type RelayProcess, startProcess } from './parts/relay-process.ts';
import { openSocket } from './parts/socket-client.ts';

afterEach(endAll);

const MESSAGES = 1_000;
const KILLS = 100;

/** Tries until the relay, which may be down, took it. */
async function insist<T>(attempt: () => Promise<T>, until: (value: T) => boolean): Promise<T> {
  for (;;) {
    try {
      const value = await attempt();
      if (until(value)) return value;
    } catch {
      // Down, or broken off: unclear, so once more.
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('a relay that is killed a hundred times', () => {
  it('loses nothing, and nothing is shown twice', async () => {
    const home = tempHome();
    // A hundred starts: each finds the code as the first one left it, compiled, when it ended in order.
    const env = { CLAWLINK_TOKEN: TOKEN, NODE_COMPILE_CACHE: tempHome() };
    const running: { relay: RelayProcess | null } = { relay: null };
    let port = 0;
    const start = async (): Promise<RelayProcess> => {
      const relay = await startProcess({ args: ['--port', String(port), '--home', home], env });
      running.relay = relay;
      port = Number(new URL(relay.base).port);
      return relay;
    };
    await (await start()).stop();
    const first = await start();
    atEnd(() => running.relay?.kill());
    const { base } = first;
    const sender = client(base, { token: TOKEN, modern: true, secret: secretOf('alpha') });
    const secret = secretOf('beta');
    const receiver = client(base, { token: TOKEN, modern: true, secret });
    await register(sender, 'alpha');
    await register(receiver, 'beta');

    let done = false;
    let kills = 0;
    const killing = (async () => {
      while (kills < KILLS) {
        await new Promise((resolve) => setTimeout(resolve, 20 + (kills % 7) * 15));
        await running.relay?.kill();
        kills++;
        await start();
      }
    })();

    /** Each message as often as it came, and those that a person would see. */
    let deliveries = 0;
    const shown: string[] = [];
    const known = new Set<string>();
    const show = (message: Record<string, unknown>): void => {
      deliveries++;
      const id = String(message.message_id);
      if (known.has(id)) return;
      known.add(id);
      shown.push(String(message.task));
    };
    const listening = (async () => {
      for (let turn = 0; !done; turn++) {
        try {
          if (turn % 2 === 0) await listen(base, secret, show, () => done);
          else await pollOnce(receiver, show);
        } catch {
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      }
    })();

    let sent = 0;
    const lanes = Array.from({ length: 4 }, async (_, lane) => {
      for (let i = lane; i < MESSAGES; i += 4) {
        await insist(
          () => delegate(sender, 'alpha', 'beta', `t${i}`, { message_id: `peerage:${i}` }),
          (reply) => reply.status === 200,
        );
        sent++;
        // Spread over the whole time of the killing.
        while (kills < KILLS && sent > ((kills + 1) * MESSAGES) / KILLS) {
          await new Promise((resolve) => setTimeout(resolve, 2));
        }
      }
    });
    await Promise.all([...lanes, killing]);
    await expect.poll(() => known.size).toBe(MESSAGES);
    done = true;
    await running.relay?.kill();
    await listening;
    expect(kills).toBe(KILLS);
    expect(new Set(shown)).toEqual(new Set(Array.from({ length: MESSAGES }, (_, i) => `t${i}`)));
    expect(shown).toHaveLength(MESSAGES);
    expect(deliveries).toBeGreaterThanOrEqual(MESSAGES);
  });
});

/** By socket until it ends, acknowledging each. */
async function listen(
  base: string,
  secret: string,
  show: (message: Record<string, unknown>) => void,
  done: () => boolean,
): Promise<void> {
  const held = await openSocket(base, 'beta', {
    token: TOKEN,
    modern: true,
    secret,
    acknowledges: true,
  });
  let seen = 0;
  const take = (): void => {
    for (const message of held.got.slice(seen)) {
      seen++;
      if (message.type === 'task_delegation') show(message);
    }
  };
  const looking = setInterval(() => {
    take();
    if (done()) held.socket.terminate();
  }, 2);
  await held.closed;
  clearInterval(looking);
  take();
}

/** By polling once, acknowledging what came. */
async function pollOnce(
  receiver: HttpClient,
  show: (message: Record<string, unknown>) => void,
): Promise<void> {
  const { messages } = (await receiver.get('/poll/beta')).json<{
    messages: Record<string, unknown>[];
  }>();
  for (const message of messages) show(message);
  const ids = messages.map(({ delivery_id: id }) => id);
  await receiver.post('/ack', { agent_id: 'beta', delivery_ids: ids });
}
