/** A page that was taken over: what it can reach, and what it can break. On the stand-in. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { calls } from '../../electron/contract/index.ts';
import { FakeGateway } from '../fakes/gateway/fake-gateway.ts';
import { call, heard, listenIn } from './parts/calls.ts';
import { inputsFor } from './parts/inputs.ts';
import { describeStandIn } from './parts/require.ts';
import { type StandInApp, standIn } from './parts/stand-in-driver.ts';

const SECRET = 'a-token-that-no-page-may-see';
/** What a page can guess of other fields. */
const FIELDS = { query: 'token', sessionKey: 'agent:main:target', program: '/bin/true' };
const ENDS = /remove|delete|stop|end|archive|useSession/;
/** So many calls are under way together; a window may have no more than a few dozen. */
const AT_ONCE = 12;

await describeStandIn('a hostile page', () => {
  const home = mkdtempSync(join(tmpdir(), 'peerage-hostile-'));
  let gateway: FakeGateway;
  let app: StandInApp;
  let page: Page;

  beforeAll(async () => {
    gateway = await FakeGateway.start({ auth: { mode: 'token', secret: SECRET } });
    app = await standIn.start(['--home', home]);
    page = await app.page();
    await page.getByText('Welcome to Peerage').waitFor();
    await listenIn(page);
    await call(page, 'secrets.useSession', {});
    const credential = { kind: 'token', value: SECRET };
    const link = { kind: 'gateway', url: gateway.url, credential, agentId: null, sessionKey: null };
    expect(await call(page, 'peer.add', { name: 'target', link })).toMatchObject({ ok: true });
  });
  afterAll(async () => {
    await app.kill();
    await gateway.stop();
    rmSync(home, { recursive: true, force: true });
  });

  /** The link of the one peer, as any page can learn it. */
  const target = async (): Promise<{ linkId: string }> => {
    const listed = (await call(page, 'peer.list', {}))?.value as { peers: { id: string }[] };
    const peerId = listed.peers[0]?.id ?? '';
    const opened = (await call(page, 'peer.open', { peerId }))?.value as {
      detail: { links: { id: string }[] };
    };
    return { linkId: opened.detail.links[0]?.id ?? '' };
  };

  test('cannot turn a link elsewhere with its token, and gets none of it with another', async () => {
    const { linkId } = await target();
    const thief = await FakeGateway.start({ auth: { mode: 'token', secret: 'x' } });
    const alone = await call(page, 'link.update', { linkId, changes: { url: thief.url } });
    expect(JSON.stringify(alone)).toContain('link.credential_missing');
    const credential = { kind: 'token', value: 'what-the-page-made-up' };
    await call(page, 'link.update', { linkId, changes: { url: thief.url, credential } });
    await call(page, 'link.reconnect', { linkId });
    // Nothing is shown by an attempt that did not come.
    await expect.poll(() => thief.requests.length).toBeGreaterThan(0);
    const taken = JSON.stringify(thief.requests);
    await thief.stop();
    // What the page typed itself, and neither the shared token nor the one given to this device.
    expect(taken.match(/"(token|deviceToken|password)":"[^"]*"/g)).toEqual(
      Array.from(
        { length: taken.split('what-the-page-made-up').length - 1 },
        () => '"token":"what-the-page-made-up"',
      ),
    );
  });

  test('gets nothing across the bridge but texts: no function, no prototype, no event', async () => {
    const tries = await page.evaluate(() => {
      const results: string[] = [];
      const attempt = (name: string, work: () => unknown): void => {
        try {
          results.push(`${name}: ${String(work())}`);
        } catch {
          results.push(`${name}: refused`);
        }
      };
      const { peerage } = window as unknown as {
        peerage: Record<string, (...args: unknown[]) => unknown>;
      };
      attempt('function', () => peerage.send?.(() => 1));
      attempt('replace', () => {
        Reflect.set(peerage, 'send', () => 1);
        return peerage.send?.toString().includes('=> 1');
      });
      attempt('unknown', () => typeof Reflect.get(peerage, 'invoke'));
      Object.defineProperty(Object.prototype, 'door', { value: 'window', configurable: true });
      attempt('polluted', () =>
        peerage.send?.({ v: 1, id: 'p', kind: 'call', name: '__proto__', body: {} }),
      );
      Reflect.deleteProperty(Object.prototype, 'door');
      return results;
    });
    expect(tries).toEqual([
      'function: refused',
      'replace: false',
      'unknown: undefined',
      'polluted: undefined',
    ]);
  });

  test('does not stop the app with garbage, floods and giants', async () => {
    await page.evaluate(() => {
      const send = (frame: unknown) => window.peerage?.send(frame as never);
      for (let n = 0; n < 60; n++) send({ n });
      for (let n = 0; n < 2_000; n++)
        send({ v: 1, id: `${n}`, kind: 'call', name: 'app.about', body: {} });
      send({
        v: 1,
        id: 'giant',
        kind: 'call',
        name: 'app.about',
        body: 'x'.repeat(17 * 1024 * 1024),
      });
    });
    const about = () => call(page, 'app.about', {}, 5_000).catch(() => null);
    await expect.poll(about, { interval: 300 }).toMatchObject({ ok: true });
    expect((await app.look()).trays).toHaveLength(1);
  });

  test('reads no secret back by any call of the contract, with any input that it takes', async () => {
    const credential = { kind: 'token', value: SECRET };
    const link = { kind: 'gateway', url: gateway.url, credential, agentId: null, sessionKey: null };
    const added = (await call(page, 'peer.add', { name: 'second', link }))?.value as {
      peerId: string;
      linkId: string;
    };
    const fresh = { peerId: added.peerId, linkId: null, title: 'target', agentId: null };
    const thread = (await call(page, 'thread.create', fresh))?.value as { threadId: string };
    const known = { ...added, ...thread, url: gateway.url, path: home, ...FIELDS };
    const tries = Object.entries(calls)
      .filter(([name]) => name !== 'update.install')
      // What takes the target away comes last.
      .sort(([a], [b]) => Number(ENDS.test(a)) - Number(ENDS.test(b)))
      .flatMap(([name, { input }]) =>
        inputsFor(input, known).map((value) => [name, value] as const),
      );
    expect(new Set(tries.map(([name]) => name)).size).toBe(Object.keys(calls).length - 1);

    const taken = new Set<string>();
    for (let n = 0; n < tries.length; n += AT_ONCE) {
      const some = tries.slice(n, n + AT_ONCE);
      // Some are answered only when somebody acts: nobody waits for these.
      const answers = await Promise.all(
        some.map(([name, value]) => call(page, name, value, 10_000)),
      );
      for (const [index, answer] of answers.entries()) {
        if (answer?.error?.code !== 'call.invalid_input') taken.add(some[index]?.[0] ?? '');
      }
    }
    // What does not go together a handler may refuse; but each of them was reached.
    expect(tries.filter(([name]) => !taken.has(name))).toEqual([]);
    const frames = await heard(page);
    expect(frames.length).toBeGreaterThan(tries.length / 2);
    expect(frames.join('\n')).not.toContain(SECRET);
    expect((await app.look()).trays).toHaveLength(1);
  });
});
