import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { FoundRelay } from '../../electron/contract/index.ts';
import { type Printing, printing } from './parts/lines.ts';
import {
  type LinkedMachine,
  type LinkedNamespaces,
  linkNamespaces,
} from './parts/linked-namespaces.ts';
import { run } from './parts/process.ts';
import { describeWith } from './parts/require.ts';

const TOKEN = 'a-token-that-is-never-announced-0123456789';
const part = (name: string): string => join(import.meta.dirname, 'parts', name);
const RELAY = join(import.meta.dirname, '../../electron/relay.ts');

await describeWith(['netns'], 'a relay on another machine of the local network', () => {
  let network: LinkedNamespaces;
  const running: Printing[] = [];
  beforeAll(async () => {
    network = await linkNamespaces();
  });
  afterEach(async () => {
    for (const { child, ended } of running.splice(0)) {
      child.kill('SIGKILL');
      await ended;
    }
  });
  afterAll(() => network?.remove());

  const start = (on: LinkedMachine, file: string, ...args: readonly string[]): Printing => {
    const command = on.wrap([process.execPath, file, ...args]);
    const env = { ...process.env, CLAWLINK_TOKEN: TOKEN, PEERAGE_MUST_NOT_LEAK: TOKEN };
    const started = printing(command, env);
    running.push(started);
    return started;
  };
  /** The relay there, once it says that it is announced. */
  const relay = async (): Promise<Printing> => {
    const args = ['--memory', '--host', network.there.address, '--port', '9077'];
    const started = start(network.there, RELAY, ...args);
    await started.line(/^Announced/);
    return started;
  };
  /** What the app finds here in one time of listening. */
  const scan = async (): Promise<FoundRelay[]> => {
    const [program = '', ...rest] = network.here.wrap([process.execPath, part('scan-relays.ts')]);
    const { code, stdout, stderr } = await run(program, rest);
    expect([code, stderr]).toEqual([0, '']);
    return JSON.parse(stdout) as FoundRelay[];
  };
  /** Listens again while it is not so: a busy machine may answer late, and multicasts get lost. */
  const scanUntil = async (isSo: (found: readonly FoundRelay[]) => boolean) => {
    const until = Date.now() + 120_000;
    let found = await scan();
    while (!isSo(found) && Date.now() < until) found = await scan();
    return found;
  };
  const isAny = (found: readonly FoundRelay[]): boolean => found.length > 0;
  /** Sends announcements of a stranger from the other machine's second address. */
  const sendsByHand = async (kind: string): Promise<Printing> => {
    const args = [network.there.otherAddress, kind];
    const sending = start(network.there, part('announce-by-hand.ts'), ...args);
    await sending.line(/^sending$/);
    return sending;
  };
  const ours = (found: readonly FoundRelay[]) =>
    found.filter(({ url }) => url === `http://${network.there.address}:9077`);
  const hasOurs = (found: readonly FoundRelay[]): boolean => ours(found).length > 0;

  it('is found with its address on the link, and lost when it stops', async () => {
    const watch = start(network.here, part('watch-relays.ts'));
    await watch.line(/^watching$/);
    const there = await relay();
    const [found, ...others] = await scanUntil(isAny);
    expect(others).toEqual([]);
    expect(found).toEqual({
      name: expect.stringMatching(/^ClawLink Relay \(.+\)$/),
      url: `http://${network.there.address}:9077`,
      host: hostname(),
      version: '1.0.1',
      auth: true,
      elsewhere: false,
    });
    await watch.line(/^up ClawLink Relay/);
    there.child.kill('SIGTERM');
    expect(await there.ended).toBe(0);
    expect(await watch.line(/^down /)).toBe(`down ${found?.name}`);
    expect(await scan()).toEqual([]);
    expect(watch.lines).not.toContain('leak');
  });

  it('is lost also where it was killed, and found again when it is back', async () => {
    const first = await relay();
    expect(ours(await scanUntil(hasOurs))).toHaveLength(1);
    first.child.kill('SIGKILL');
    await first.ended;
    expect(await scan()).toEqual([]);
    await relay();
    expect(ours(await scanUntil(hasOurs))).toHaveLength(1);
  });

  it('is found as the published one announces itself, with all its addresses', async () => {
    const published = start(network.there, part('announce-relay.ts'), '9077');
    await published.line(/^announced$/);
    const found = await scanUntil(isAny);
    const { address, otherAddress } = network.there;
    expect(found).toHaveLength(1);
    expect([`http://${address}:9077`, `http://${otherAddress}:9077`]).toContain(found[0]?.url);
    expect(found[0]).toMatchObject({ host: 'attic', auth: true, elsewhere: false });
  });

  it('that says endlessly much of itself is shown with a few words of it', async () => {
    await sendsByHand('huge-text');
    const [found] = await scanUntil(isAny);
    expect(found).toMatchObject({ name: 'huge', auth: null, elsewhere: false });
    expect(found?.host).toHaveLength(120);
    expect(found?.version).toHaveLength(40);
    expect(Object.keys(found ?? {})).toHaveLength(6);
  });

  it('whose name has control characters is shown without them', async () => {
    await sendsByHand('odd-name');
    const [found] = await scanUntil(isAny);
    expect(found?.name).toMatch(/^a b \[31m +gnp\.exe +<b>x<\/b>$/);
    expect(found?.name).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  });

  it('whose address is on no network of this machine is marked so', async () => {
    await sendsByHand('elsewhere');
    expect(await scanUntil(isAny)).toMatchObject([
      { url: 'http://172.16.9.9:9077', elsewhere: true },
    ]);
  });

  it('that tells this machine’s own loopback is looked for where it spoke', async () => {
    await sendsByHand('loopback');
    expect(await scanUntil(isAny)).toMatchObject([
      { url: `http://${network.there.otherAddress}:9077`, elsewhere: false },
    ]);
  });

  it('that says nothing of itself, now and then, is an address and no more', async () => {
    await sendsByHand('no-text');
    expect(await scanUntil(isAny)).toMatchObject([{ name: 'silent', version: '' }]);
  });

  it.each(['huge-packet', 'broken'])(
    'is found while another sends what nobody should read (%s)',
    async (kind) => {
      await relay();
      await sendsByHand(kind);
      const found = await scanUntil(hasOurs);
      expect(found).toHaveLength(1);
      expect(ours(found)).toHaveLength(1);
    },
  );

  it('is found while another announces two thousand in a second, of which eight are shown', async () => {
    await relay();
    await sendsByHand('flood');
    const found = await scanUntil((found) => hasOurs(found) && found.length > 1);
    expect(ours(found)).toHaveLength(1);
    const flooded = found.filter(({ name }) => name.startsWith('flood '));
    expect(flooded).toHaveLength(8);
    expect(found).toHaveLength(9);
  });
});
