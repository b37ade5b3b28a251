/** The fake gateways as the journeys see them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeGateway } from '../fakes/gateway/fake-gateway.ts';
import { LINK_PATIENCE_MS } from '../patience.ts';
import type { Gateway, ModelReply, Prompts } from './gateway.ts';
import { startLine } from './line.ts';

export interface FakePeer extends Gateway {
  readonly fake: FakeGateway;
  stop(): Promise<void>;
}

/** Starts one behind a line. `approves` = its person lets each device in by hand. */
export async function startFakePeer(
  name: string,
  options: { approves?: boolean } = {},
): Promise<FakePeer> {
  const token = `fake-token-of-${name}-0123456789`;
  const fake = await FakeGateway.start({ auth: { mode: 'token', secret: token } });
  fake.rules.autoApproveLocal = !options.approves;
  const line = await startLine(fake.url);
  const folder = await mkdtemp(join(tmpdir(), 'peerage-fake-'));
  const configFile = join(folder, 'openclaw.json');
  const port = Number(new URL(line.url).port);
  const config = { gateway: { port, bind: 'loopback', auth: { mode: 'token', token } } };
  await writeFile(configFile, JSON.stringify(config), { mode: 0o600 });
  return {
    name,
    fake,
    line,
    token,
    configFile,
    url: line.url,
    patienceMs: LINK_PATIENCE_MS,
    script: (match, reply) => scriptOn(fake, match, reply),
    kill: async () => fake.kill(),
    revive: () => fake.revive(),
    restart: () => fake.restart(),
    mend: async () => {
      line.mend();
      await fake.revive();
    },
    answered: async (sessionKey) => {
      const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
      const there = (): boolean =>
        fake.transcripts.find(sessionKey)?.rows.at(-1)?.role === 'assistant';
      while (!there()) await turn();
    },
    devices: async () => fake.devices.list().map((device) => device.id),
    waiting: async () => fake.devices.pending().map((entry) => entry.requestId),
    approve: async (requestId) => {
      if (!fake.approve(requestId)) throw new Error(`nothing waits under ${requestId}`);
    },
    revoke: async (deviceId) => fake.revoke(deviceId),
    stop: async () => {
      await line.stop();
      await fake.stop();
      await rm(folder, { recursive: true });
    },
  };
}

function scriptOn(fake: FakeGateway, match: string, reply: ModelReply = {}): Prompts {
  const sessions: string[] = [];
  const asked = Promise.withResolvers<void>();
  const { text, chunkMs, hold, fails } = reply;
  fake.script(match, (turn) => {
    sessions.push(turn.sessionKey);
    asked.resolve();
    return {
      ...(text === undefined ? {} : { text }),
      ...(chunkMs === undefined ? {} : { chunkMs }),
      ...(hold ? { hold: { after: 1, until: hold.until } } : {}),
      ...(fails ? { fail: 'LLM request failed.' } : {}),
    };
  });
  return {
    get calls() {
      return sessions.length;
    },
    sessions,
    asked: asked.promise,
  };
}
