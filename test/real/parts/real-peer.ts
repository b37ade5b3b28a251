import type { Gateway, ModelReply, Prompts } from '../../journeys/gateway.ts';
import { startLine } from '../../journeys/line.ts';
import { LINK_PATIENCE_MS } from '../../patience.ts';
import type { NetworkNamespace } from './namespace.ts';
import { type RealGateway, type StubModel, startGateway, startStubModel } from './openclaw.ts';
import { until } from './process.ts';
import type { Json } from './raw-client.ts';

/** A real OpenClaw as the journeys see it. */
export interface RealPeer extends Gateway {
  readonly gateway: RealGateway;
  stop(): Promise<void>;
}

/** A real OpenClaw behind a line; in a network namespace it takes nobody for a neighbour. */
export async function startRealPeer(
  name: string,
  namespace?: NetworkNamespace,
  config?: Json,
): Promise<RealPeer> {
  const model = await startStubModel(namespace ? { host: namespace.hostAddress } : {});
  const approves = { gateway: { nodes: { pairing: { autoApproveLocal: false } } } };
  const gateway: RealGateway = await startGateway({
    name,
    model,
    agents: ['main', 'helper'],
    ...(namespace ? { namespace } : {}),
    ...(name === 'b' && !namespace ? { config: approves } : {}),
    ...(config ? { config } : {}),
  });
  const line = await startLine(gateway.url);
  let restarting: Promise<void> = Promise.resolve();
  const ids = (entries: Record<string, unknown>[], field: string): string[] =>
    entries.map((entry) => String(entry[field]));
  return {
    name,
    gateway,
    line,
    url: line.url,
    token: gateway.token ?? '',
    configFile: gateway.configPath,
    patienceMs: LINK_PATIENCE_MS,
    script: (match, reply) => scriptOn(model, match, reply),
    kill: () => gateway.kill('SIGKILL'),
    revive: () => gateway.start(),
    restart: () => {
      restarting = restartByConfig(gateway);
      return restarting;
    },
    mend: async () => {
      line.mend();
      await restarting.catch(() => {});
      if (!gateway.running) await gateway.start();
    },
    answered: async (sessionKey) => {
      await until('an answer in the history', async () => {
        const { messages } = await gateway.admin.request('chat.history', { sessionKey });
        return (messages as { role: string }[]).at(-1)?.role === 'assistant';
      });
    },
    devices: async () => ids(await gateway.admin.pairedDevices(), 'deviceId'),
    waiting: async () => ids(await gateway.admin.pendingDevices(), 'requestId'),
    approve: async (requestId) => void (await gateway.admin.approve(requestId)),
    revoke: async (deviceId) => void (await gateway.admin.revokeDevice(deviceId)),
    stop: async () => {
      await line.stop();
      await gateway.stop();
      await model.close();
    },
  };
}

/** Changes what needs a restart, so that the gateway says that it goes, and comes back by itself. */
async function restartByConfig(gateway: RealGateway): Promise<void> {
  const { closed } = await gateway.admin.client();
  await gateway.admin.patchConfig({ gateway: { bind: 'lan' } });
  await closed;
  await until(
    'the gateway back',
    () =>
      fetch(`${gateway.httpUrl}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      ),
    LINK_PATIENCE_MS,
  );
}

function scriptOn(model: StubModel, match: string, reply: ModelReply = {}): Prompts {
  const sessions: string[] = [];
  const asked = Promise.withResolvers<void>();
  const { text, chunkMs, hold, fails } = reply;
  model.script(match, (call) => {
    sessions.push(call.session);
    asked.resolve();
    return {
      ...(text === undefined ? {} : { text }),
      ...(chunkMs === undefined ? {} : { chunkMs }),
      ...(hold ? { gate: { open: hold.until, release: hold.release } } : {}),
      ...(fails ? { failStatus: 400 } : {}),
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
