import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { TailnetTools } from '../../../scripts/parts/tailnet-tools.mjs';
import { findProgram, own, run, temporaryFolder, until } from '../../real/parts/process.ts';
import { type Headscale, startHeadscale } from './headscale.ts';
import { startNode, type TailnetNode } from './node.ts';
import type { Reach } from './proxy.ts';

/** A computer on a LAN: a network namespace with one Ethernet device and a loopback of its own. */
export interface LanHost {
  readonly name: string;
  /** Its address on the LAN. */
  readonly address: string;
  /** Puts a command into its network. The process id stays the program's own. */
  wrap(command: string[]): string[];
  /** Runs `ip` (iproute2) in its network; throws where that fails. */
  ip(...args: readonly string[]): Promise<void>;
  /** Whether a port answers, seen from here; `from` binds to one of its own addresses first. */
  reach(host: string, port: number, options?: { from?: string }): Promise<Reach>;
}

/** Two computers with Tailscale, and a third on the same LAN without: recipe B. */
export interface Lan {
  readonly folder: string;
  readonly control: Headscale;
  readonly a: LanHost & { readonly node: TailnetNode };
  readonly b: LanHost & { readonly node: TailnetNode };
  readonly neighbour: LanHost;
  /**
   * What a neighbour of `b` on its LAN can reach of it when it sends packets for any of its addresses
   * to its Ethernet device. Linux takes them there too, for it answers for all its addresses on all
   * its devices (the weak host model, RFC 1122, section 3.3.4.2).
   */
  asNeighbour(address: string, port: number, options?: { source?: string }): Promise<Reach>;
  stop(): Promise<void>;
}

const HOLDER = `process.stdout.write('up\\n'); process.stdin.resume().on('end', () => process.exit());`;

/** Says whether a port answers, in one word. */
const REACH = `
const [host, port, from] = process.argv.slice(1);
const socket = require('node:net').connect({ host, port: Number(port), localAddress: from || undefined });
const say = (word) => { process.stdout.write(word); process.exit(); };
socket.on('connect', () => say('open'));
socket.on('error', ({ code }) => say(code === 'ECONNREFUSED' || code === 'ECONNRESET' ? 'refused' : 'no answer'));
setTimeout(() => say('no answer'), 2500);
`;

/**
 * Makes the LAN. Its namespaces have no name and belong to processes: they vanish with them, and the
 * host's own network is not touched. Needs root and /dev/net/tun.
 */
export async function startLan(tools: TailnetTools): Promise<Lan> {
  const place = await temporaryFolder('lan');
  const holders: ChildProcess[] = [];
  const nodes: TailnetNode[] = [];
  let control: Headscale | undefined;
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.stop('SIGKILL')));
    await control?.stop('SIGKILL');
    for (const holder of holders) holder.kill('SIGKILL');
    await place.remove();
  };
  try {
    // The switch, with the control server on it.
    const hub = await lanHost('hub', '10.77.0.1', holders);
    await hub.ip('link', 'add', 'br0', 'type', 'bridge');
    await hub.ip('address', 'add', '10.77.0.1/24', 'dev', 'br0');
    await hub.ip('link', 'set', 'br0', 'up');
    const plug = async (name: string, address: string): Promise<LanHost> => {
      const host = await lanHost(name, address, holders);
      const pid = String(host.pid);
      await hub.ip(
        'link',
        'add',
        `to-${name}`,
        'type',
        'veth',
        'peer',
        'name',
        'eth0',
        'netns',
        pid,
      );
      await hub.ip('link', 'set', `to-${name}`, 'master', 'br0', 'up');
      await host.ip('address', 'add', `${address}/24`, 'dev', 'eth0');
      await host.ip('link', 'set', 'eth0', 'up');
      return host;
    };
    const hosts = {
      a: await plug('na', '10.77.0.2'),
      b: await plug('nb', '10.77.0.3'),
      neighbour: await plug('nc', '10.77.0.4'),
    };
    const server = await startHeadscale({
      program: tools.headscale,
      folder: join(place.path, 'hs'),
      host: '10.77.0.1',
      wrap: hub.wrap,
    });
    control = server;
    const joined = async (name: string, host: LanHost, person: string) => {
      const node = await startNode({
        tools,
        name,
        folder: place.path,
        controlUrl: server.url,
        mode: { kind: 'tun', wrap: host.wrap },
      });
      nodes.push(node);
      const { key } = await server.createKey(await server.createUser(person));
      await node.join(key);
      return { ...host, node };
    };
    const [a, b] = await Promise.all([
      joined('node-a', hosts.a, 'alice'),
      joined('node-b', hosts.b, 'bob'),
    ]);
    const { neighbour } = hosts;
    return {
      folder: place.path,
      control: server,
      a,
      b,
      neighbour,
      asNeighbour: async (address, port, { source } = {}) => {
        if (address !== b.address) {
          await neighbour.ip('route', 'replace', `${address}/32`, 'via', b.address);
        }
        if (source !== undefined) {
          await neighbour.ip('address', 'replace', `${source}/32`, 'dev', 'eth0');
        }
        return neighbour.reach(address, port, source === undefined ? {} : { from: source });
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function lanHost(
  name: string,
  address: string,
  holders: ChildProcess[],
): Promise<LanHost & { readonly pid: number }> {
  const [ip, unshare, nsenter, setpriv] = ['ip', 'unshare', 'nsenter', 'setpriv'].map((program) => {
    const path = findProgram(program);
    if (path === undefined) throw new Error(`the program ${program} is missing`);
    return path;
  }) as [string, string, string, string];
  const node = [process.execPath, '-e', HOLDER];
  const holder = spawn(setpriv, ['--pdeathsig', 'KILL', '--', unshare, '--net', '--', ...node], {
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  own(holder);
  holders.push(holder);
  await new Promise<void>((resolve, reject) => {
    holder.stdout?.once('data', () => resolve());
    holder.once('exit', () => reject(new Error('no network namespace could be made')));
    holder.once('error', reject);
  });
  const { pid } = holder;
  if (pid === undefined) throw new Error('no network namespace could be made');
  const wrap = (command: string[]): string[] => [
    nsenter,
    `--net=/proc/${pid}/ns/net`,
    '--',
    ...command,
  ];
  const inside = async (command: string[]) => {
    const [program = '', ...args] = wrap(command);
    return run(program, args, { timeoutMs: 10_000 });
  };
  const host = {
    name,
    address,
    pid,
    wrap,
    ip: async (...args: readonly string[]) => {
      const { code, stderr } = await inside([ip, ...args]);
      if (code !== 0) throw new Error(`${name}: ip ${args.join(' ')}: ${stderr.trim()}`);
    },
    reach: async (to: string, port: number, { from = '' } = {}) => {
      const words = [process.execPath, '-e', REACH, to, String(port), from];
      return (await inside(words)).stdout as Reach;
    },
  };
  await host.ip('link', 'set', 'lo', 'up');
  return host;
}

/** Waits until one computer reaches a port of another. */
export const untilOpen = (from: LanHost, address: string, port: number): Promise<true> =>
  until(
    `${from.name} reaches ${address}:${port}`,
    async () => (await from.reach(address, port)) === 'open' && true,
    30_000,
  );
