import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FoundRelay } from '../../electron/contract/index.ts';
import { type Printing, printing } from './parts/lines.ts';
import { createNamespace, type NetworkNamespace } from './parts/namespace.ts';
import { run } from './parts/process.ts';
import { describeWith } from './parts/require.ts';

const TOKEN = 'a-token-that-is-never-announced-0123456789';
const part = (name: string): string => join(import.meta.dirname, 'parts', name);
const RELAY = join(import.meta.dirname, '../../electron/relay.ts');

await describeWith(['netns'], 'our own relay on a local network', () => {
  let network: NetworkNamespace;
  const running: Printing[] = [];
  beforeAll(async () => {
    network = await createNamespace();
  });
  afterEach(async () => {
    for (const { child, ended } of running.splice(0)) {
      child.kill('SIGKILL');
      await ended;
    }
  });
  afterAll(() => network?.remove());

  const start = (file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Printing => {
    const command = network.wrap([process.execPath, file, ...args]);
    const started = printing(command, { ...process.env, ...env });
    running.push(started);
    return started;
  };
  const relay = async (...args: string[]): Promise<Printing> => {
    const started = start(RELAY, ['--memory', ...args], { CLAWLINK_TOKEN: TOKEN });
    await started.line(/^In memory only/);
    return started;
  };
  const scanned = async () => {
    const [program = '', ...rest] = network.wrap([process.execPath, part('scan-relays.ts')]);
    return run(program, rest);
  };
  const scan = async (): Promise<FoundRelay[]> => {
    const { code, stdout, stderr } = await scanned();
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as FoundRelay[];
  };

  it('is found by our client where others can reach it, and says goodbye when it stops', async () => {
    const watch = start(part('watch-relays.ts'), [], { PEERAGE_MUST_NOT_LEAK: TOKEN });
    await watch.line(/^watching$/);
    const first = await relay('--host', network.address, '--port', '9077', '--tls');
    const said = await first.line(/^Announced on the local network as “ClawLink Relay \(.+\)”$/);
    const name = /“(.*)”/.exec(said)?.[1] ?? '';
    expect(await scan()).toEqual([
      {
        name,
        url: `https://${network.address}:9077`,
        host: hostname(),
        version: '1.0.1',
        auth: true,
        elsewhere: false,
      },
    ]);
    await watch.line(/^up ClawLink Relay/);
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    expect(await watch.line(/^down /)).toBe(`down ${name}`);
    expect(watch.lines).not.toContain('leak');
  });

  it('tells two on one machine apart', async () => {
    for (const port of ['9077', '9078']) {
      await (await relay('--host', '0.0.0.0', '--port', port)).line(/^Announced/);
    }
    const found = (await scan()).toSorted((a, b) => a.url.localeCompare(b.url));
    expect(found.map(({ url }) => url)).toEqual([
      `http://${network.address}:9077`,
      `http://${network.address}:9078`,
    ]);
    expect(found[1]?.name).toBe(`${found[0]?.name} 2`);
  });

  it.each([
    ['with --no-mdns', () => ['--host', network.address, '--no-mdns']],
    ['on loopback', () => ['--host', '127.0.0.1']],
    ['on a name of loopback', () => ['--host', 'localhost']],
  ])('says nothing %s', async (_, args) => {
    const watch = start(part('watch-relays.ts'), [], { PEERAGE_MUST_NOT_LEAK: TOKEN });
    await watch.line(/^watching$/);
    const quiet = await relay(...args(), '--port', '9079');
    expect(await scan()).toEqual([]);
    expect(watch.lines).toEqual(['watching']);
    quiet.child.kill('SIGTERM');
    expect(await quiet.ended).toBe(0);
    expect(quiet.lines.join('\n')).not.toMatch(/announced/i);
  });

  describe('where another program keeps the multicast port to itself', () => {
    const HOLD = "require('node:dgram').createSocket('udp4').bind(5353, () => console.log('held'))";
    const hold = async () => {
      const command = network.wrap([process.execPath, '-e', HOLD]);
      const holder = printing(command, process.env);
      running.push(holder);
      await holder.line(/^held$/);
    };

    it('runs all the same, and says that it is not announced', async () => {
      await hold();
      const quiet = await relay('--host', network.address, '--port', '9079');
      expect(await quiet.line(/^Not announced/)).toContain('EADDRINUSE');
      quiet.child.kill('SIGTERM');
      expect(await quiet.ended).toBe(0);
    });

    it('the client tells that it cannot listen, and does not end', async () => {
      await hold();
      const { code, stdout } = await scanned();
      expect([code, JSON.parse(stdout)]).toEqual([
        0,
        { failed: expect.stringContaining('EADDRINUSE') },
      ]);
    });
  });
});
