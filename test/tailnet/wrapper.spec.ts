import assert from 'node:assert/strict';
import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, it } from 'vitest';
import { systemClock } from '../../electron/clock/clock.ts';
import type { TailnetStateKind, TailnetView } from '../../electron/contract/index.ts';
import { createTailscale, type Tailscale } from '../../electron/setup/index.ts';
import { PATIENCE_MS } from '../patience.ts';
import { until } from '../real/parts/process.ts';
import { describeWith } from '../real/parts/require.ts';
import type { TailnetNode } from './parts/node.ts';
import { startTailnet, type Tailnet } from './parts/tailnet.ts';

await describeWith(['tailnet'], "the app's own side of a real Tailscale", () => {
  const clock = systemClock();
  const watched: Tailscale[] = [];
  const secrets: string[] = [];
  let tailnet: Tailnet;
  let peer: TailnetNode;
  beforeAll(async () => {
    tailnet = await startTailnet();
    peer = await tailnet.joined('peer', tailnet.bob);
  });
  afterAll(async () => {
    for (const one of watched) one.stop();
    clock.stop();
    await tailnet?.stop();
  });

  const keyFolder = (node: TailnetNode): string => join(node.folder, 'keys');
  const watch = async (node: TailnetNode): Promise<Tailscale> => {
    await mkdir(keyFolder(node), { mode: 0o700 });
    const made = createTailscale({
      clock,
      env: { PATH: process.env.PATH ?? '', HOME: node.folder },
      platform: process.platform,
      user: 'root',
      program: node.program,
      socket: node.socket,
      keyFolder: keyFolder(node),
      protect: (secret) => secrets.push(secret),
      log: () => {},
    });
    watched.push(made);
    return made;
  };
  /** Waits for what it tells by itself: nobody asks it anew. */
  const told = <T>(
    of: Tailscale,
    what: string,
    test: (view: TailnetView) => T | null | false | undefined,
  ): Promise<T> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = test(of.view());
        if (found === null || found === false || found === undefined) return;
        clearTimeout(timer);
        stop();
        resolve(found);
      };
      const stop = of.onChange(look);
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`${what}: not told; ${JSON.stringify(of.view())}`));
      }, PATIENCE_MS);
      look();
    });
  const state = <K extends TailnetStateKind>(of: Tailscale, kind: K) =>
    told(of, kind, ({ state: now }) =>
      now.kind === kind ? (now as Extract<TailnetView['state'], { kind: K }>) : null,
    );
  const failure = (of: Tailscale) =>
    told(of, 'a failure', ({ join: now }) => (now?.phase.kind === 'failed' ? now.phase : null));
  const byKey = (value: string) => ({ kind: 'auth_key', value }) as const;

  it('sees each state as it is, joins by a key that is nowhere afterwards, and follows by itself', async () => {
    const node = await tailnet.node('app');
    const app = await watch(node);
    assert.equal((await state(app, 'needs_login')).reason, 'not_joined');
    assert.equal(app.view().program?.version, '1.102.3');
    await told(app, 'a live watch', ({ watching }) => watching === 'live');

    const { key } = await tailnet.control.createKey(tailnet.alice);
    const began = await app.join(byKey(key), tailnet.control.url);
    assert.ok(began.ok, JSON.stringify(began));
    const running = await state(app, 'running');
    assert.equal(running.self.owner?.login, 'alice');
    assert.match(running.self.addresses[0] ?? '', /^100\.64\.0\.\d+$/);
    const seen = running.peers.find(({ name }) => name === 'peer');
    assert.equal(seen?.owner?.login, 'bob');
    assert.equal(seen?.mine, false);
    assert.equal(seen?.sharedIn, false);
    assert.ok(secrets.includes(key));
    await until('no key on the disk', async () => (await readdir(keyFolder(node))).length === 0);

    await node.cli(['down']);
    await state(app, 'stopped');
    const up = await app.up();
    assert.ok(up.ok, JSON.stringify(up));
    await state(app, 'running');
    app.stop();
  });

  it('joins by a link that somebody approves meanwhile', async () => {
    const app = await watch(await tailnet.node('linked'));
    await state(app, 'needs_login');
    assert.ok((await app.join({ kind: 'browser' }, tailnet.control.url)).ok);
    const link = await told(app, 'a link', ({ join: now }) =>
      now?.phase.kind === 'link' ? now.phase : null,
    );
    assert.ok(link.url.startsWith(`${tailnet.control.url}/register/`), link.url);
    assert.match(link.qr ?? '', /^data:image\/png;base64,/);
    await tailnet.control.register(link.url, tailnet.bob);
    await state(app, 'running');
    await told(app, 'the end of joining', ({ join: now }) => now === null);
    app.stop();
  });

  it('says why a key is refused, and goes on with the next one', async () => {
    const app = await watch(await tailnet.node('keyless'));
    await state(app, 'needs_login');
    const expired = await tailnet.control.createKey(tailnet.alice);
    await tailnet.control.expireKey(expired);
    const unknown = `hskey-auth-${'0'.repeat(12)}-${'0'.repeat(64)}`;
    for (const value of [expired.key, unknown]) {
      assert.ok((await app.join(byKey(value), tailnet.control.url)).ok);
      const { error, output } = await failure(app);
      assert.equal(error.code, 'setup.join_key_refused', output);
      assert.ok(!JSON.stringify(app.view()).includes(value));
    }
    const { key } = await tailnet.control.createKey(tailnet.alice);
    assert.ok((await app.join(byKey(key), tailnet.control.url)).ok);
    await state(app, 'running');
    app.stop();
  });

  it('keeps the settings of a machine that was joined before, and asks first', async () => {
    const node = await tailnet.joined('set-up-before', tailnet.alice);
    await tailnet.control.expireNode('set-up-before');
    await node.untilState('NeedsLogin');
    const app = await watch(node);
    await state(app, 'needs_login');
    const { key } = await tailnet.control.createKey(tailnet.alice);
    assert.ok((await app.join(byKey(key), tailnet.control.url)).ok);
    const kept = await told(app, 'the settings that stay', ({ join: now }) =>
      now?.phase.kind === 'confirm_flags' ? now.phase : null,
    );
    assert.ok(kept.flags.includes('--accept-dns=false'), kept.command);
    assert.ok(kept.flags.includes('--hostname=set-up-before'), kept.command);
    assert.ok(app.confirmJoin(kept.flags).ok);
    const { self } = await state(app, 'running');
    assert.equal(self.name, 'set-up-before');
    app.stop();
  });

  it('tells paths, owners and the network, and that a machine went away', async () => {
    const node = await tailnet.joined('looker', tailnet.alice);
    const app = await watch(node);
    const { peers } = await state(app, 'running');
    const other = peers.find(({ name }) => name === 'peer');
    assert.ok(other);
    let path = await app.ping(other.id);
    // The first ping may be lost while the path is made.
    if (!path.ok) path = await app.ping(other.id);
    assert.ok(path.ok, JSON.stringify(path));
    assert.equal(path.value.kind, 'direct');
    const address = other.addresses[0] ?? '';
    const whose = await app.whois(`${address}:1234`);
    assert.ok(whose.ok);
    assert.equal(whose.value?.owner?.login, 'bob');
    assert.equal(whose.value?.node, 'peer.tailnet.test');
    const nobody = await app.whois('10.77.0.4:1234');
    assert.deepEqual(nobody, { ok: true, value: null });
    const network = await app.netcheck();
    assert.ok(network.ok, JSON.stringify(network));
    assert.equal(network.value.udp, true);
    await peer.stop();
    await told(
      app,
      'its going',
      ({ state: now }) =>
        now.kind === 'running' && now.peers.some(({ name, online }) => name === 'peer' && !online),
    );
    app.stop();
  });
});
