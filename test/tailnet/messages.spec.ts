import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, it } from 'vitest';
import { FakeGateway } from '../fakes/gateway/fake-gateway.ts';
import type { AppStart } from '../journeys/app-handle.ts';
import { type AppProcess, startProcess } from '../journeys/app-process.ts';
import type { Gateway } from '../journeys/gateway.ts';
import { Person } from '../journeys/person.ts';
import { LINK_PATIENCE_MS } from '../patience.ts';
import { describeWith } from '../real/parts/require.ts';
import type { TailnetNode } from './parts/node.ts';
import { type Forwarder, forwardThrough } from './parts/proxy.ts';
import { startTailnet, type Tailnet } from './parts/tailnet.ts';

const QUESTION = 'How many boats are in the harbour?';
const TOKEN = 'token-of-the-harbour';

/**
 * Two machines without rights have no interface of their own: what one app says to the other goes into
 * the tailnet by its machine's proxy, and comes out at the same port of the other's loopback.
 */
await describeWith(['tailnet'], 'two apps on machines without rights', () => {
  let tailnet: Tailnet;
  let gateway: FakeGateway;
  let way: Forwarder | undefined;
  const apps: AppProcess[] = [];

  const visit = async (
    name: string,
    { program, socket }: TailnetNode,
    env: Record<string, string> = {},
  ): Promise<Person<AppProcess>> => {
    const home = join(tailnet.folder, `home-${name}`);
    await mkdir(home, { mode: 0o700 });
    const start: AppStart = {
      home,
      keychain: { kind: 'file', path: join(tailnet.folder, `${name}.json`) },
      env: { PEERAGE_TAILSCALE: program, PEERAGE_TAILSCALE_SOCKET: socket, ...env },
    };
    const app = await startProcess(start);
    apps.push(app);
    return new Person(app, start.keychain, LINK_PATIENCE_MS);
  };

  beforeAll(async () => {
    tailnet = await startTailnet();
    gateway = await FakeGateway.start({ auth: { mode: 'token', secret: TOKEN } });
    gateway.script(QUESTION, () => ({ text: 'Nine.' }));
  });
  afterAll(async () => {
    for (const app of apps) await app.stop();
    await way?.stop();
    await gateway?.stop();
    await tailnet?.stop();
  });

  it('let one write to the gateway of the other through the tailnet, and the answer comes back', async () => {
    const [here, there] = await Promise.all([
      tailnet.joined('ada', tailnet.alice),
      tailnet.joined('bea', tailnet.bob),
    ]);
    const config = join(tailnet.folder, 'openclaw.json');
    const auth = { mode: 'token', token: TOKEN };
    const port = Number(new URL(gateway.url).port);
    await writeFile(config, JSON.stringify({ gateway: { port, bind: 'loopback', auth } }), {
      mode: 0o600,
    });
    const ada = await visit('ada', here);
    const bea = await visit('bea', there, { OPENCLAW_CONFIG_PATH: config });
    await bea.do('ownGateway.connect', { name: 'Mine', agentId: null, credential: null });

    way = await forwardThrough(here.proxyPort ?? 0, await there.ip4(), port);
    const peer = await ada.add('Bea', {
      url: `ws://127.0.0.1:${way.port}`,
      token: TOKEN,
    } as Gateway);
    await ada.link(peer, 'online');
    assert.ok(way.connections() > 0, 'nothing went through the tailnet');
    const message = await ada.write(await ada.thread(peer), QUESTION);
    assert.equal((await ada.answer(message, 'complete')).body, 'Nine.');
    ada.check();
    bea.check();
  });
});
