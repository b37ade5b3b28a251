import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createNamespace, type NetworkNamespace } from './parts/namespace.ts';
import { run } from './parts/process.ts';
import { describeWith } from './parts/require.ts';

const part = (name: string): string => join(import.meta.dirname, 'parts', name);

await describeWith(['netns'], 'a relay that announces itself on the local network', () => {
  let network: NetworkNamespace;
  let announcing: ChildProcess | undefined;
  beforeAll(async () => {
    network = await createNamespace();
  });
  afterAll(async () => {
    announcing?.kill('SIGKILL');
    await network?.remove();
  });

  const scan = async (): Promise<unknown> => {
    const [program = '', ...rest] = network.wrap([process.execPath, part('scan-relays.ts')]);
    const { code, stdout, stderr } = await run(program, rest);
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  };

  it('is not there before it says so', async () => {
    expect(await scan()).toEqual([]);
  });

  it('is found with its address, its host and whether it wants a token', async () => {
    const [program = '', ...rest] = network.wrap([
      process.execPath,
      part('announce-relay.ts'),
      '9077',
    ]);
    const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'inherit'] });
    announcing = child;
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    expect(await scan()).toEqual([
      {
        name: 'ClawLink Relay (attic)',
        url: `http://${network.address}:9077`,
        host: 'attic',
        version: '1.0.1',
        auth: true,
        elsewhere: false,
      },
    ]);
  });
});
