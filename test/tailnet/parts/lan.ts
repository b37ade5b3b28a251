import { join } from 'node:path';
import type { TailnetTools } from '../../../scripts/parts/tailnet-tools.mjs';
import { temporaryFolder, until } from '../../real/parts/process.ts';
import { type Headscale, startHeadscale, type TailnetUser } from './headscale.ts';
import { type HeldHost, holdHost, type LanHost } from './lan-host.ts';
import { startNode, type TailnetNode } from './node.ts';
import type { Reach } from './proxy.ts';

export type { LanHost } from './lan-host.ts';

/** A computer of somebody's, with Tailscale. */
export interface OwnedHost extends LanHost {
  readonly node: TailnetNode;
  readonly owner: TailnetUser;
}

/** Two computers with Tailscale, and a third on the same LAN without: recipe B. */
export interface Lan {
  readonly folder: string;
  readonly control: Headscale;
  /** The first one's. */
  readonly a: OwnedHost;
  /** The second one's. */
  readonly b: OwnedHost;
  readonly neighbour: LanHost;
  /**
   * What a neighbour of `b` on its LAN can reach of it when it sends packets for any of its addresses
   * to its Ethernet device. Linux takes them there too, for it answers for all its addresses on all
   * its devices (the weak host model, RFC 1122, section 3.3.4.2).
   */
  asNeighbour(address: string, port: number, options?: { source?: string }): Promise<Reach>;
  stop(): Promise<void>;
}

/** What is special about it. */
export interface LanOptions {
  /** Whether both computers are in the tailnet from the beginning. Default: they are. */
  readonly joined?: boolean;
  /** What the computers are called in the tailnet. */
  readonly names?: readonly [string, string];
  /** Whose they are: names of the tailnet's users, and of the home folders. */
  readonly people?: readonly [string, string];
}

/**
 * Makes the LAN. Its namespaces have no name and belong to processes: they vanish with them, and the
 * host's own network and files are not touched. Needs root and /dev/net/tun.
 */
export async function startLan(
  tools: TailnetTools,
  { joined = true, names = ['node-a', 'node-b'], people = ['alice', 'bob'] }: LanOptions = {},
): Promise<Lan> {
  const place = await temporaryFolder('lan');
  const hosts: HeldHost[] = [];
  const nodes: TailnetNode[] = [];
  let control: Headscale | undefined;
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.stop('SIGKILL')));
    await control?.stop('SIGKILL');
    for (const host of hosts) host.end();
    await place.remove();
  };
  const hold = async (name: string, address: string, user: string): Promise<HeldHost> => {
    const host = await holdHost(name, address, user, place.path);
    hosts.push(host);
    return host;
  };
  try {
    // The switch, with the control server on it.
    const hub = await hold('hub', '10.77.0.1', 'hub');
    await hub.ip('link', 'add', 'br0', 'type', 'bridge');
    await hub.ip('address', 'add', '10.77.0.1/24', 'dev', 'br0');
    await hub.ip('link', 'set', 'br0', 'up');
    const plug = async (name: string, address: string, user: string): Promise<LanHost> => {
      const host = await hold(name, address, user);
      const pair = ['type', 'veth', 'peer', 'name', 'eth0', 'netns', String(host.pid)];
      const port = `to-${user}`;
      await hub.ip('link', 'add', port, ...pair);
      await hub.ip('link', 'set', port, 'master', 'br0', 'up');
      await host.ip('address', 'add', `${address}/24`, 'dev', 'eth0');
      await host.ip('link', 'set', 'eth0', 'up');
      return host;
    };
    const plugged = {
      a: await plug(names[0], '10.77.0.2', people[0]),
      b: await plug(names[1], '10.77.0.3', people[1]),
      neighbour: await plug('neighbour', '10.77.0.4', 'carol'),
    };
    const server = await startHeadscale({
      program: tools.headscale,
      folder: join(place.path, 'hs'),
      host: '10.77.0.1',
      wrap: hub.wrap,
    });
    control = server;
    const owned = async (name: string, host: LanHost, person: string): Promise<OwnedHost> => {
      const node = await startNode({
        tools,
        name,
        folder: join(place.path, 'nodes'),
        controlUrl: server.url,
        mode: { kind: 'tun', wrap: host.wrap },
      });
      nodes.push(node);
      const owner = await server.createUser(person);
      if (joined) await node.join((await server.createKey(owner)).key);
      return { ...host, node, owner };
    };
    const [a, b] = await Promise.all([
      owned(names[0], plugged.a, people[0]),
      owned(names[1], plugged.b, people[1]),
    ]);
    const { neighbour } = plugged;
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

/** Waits until one computer reaches a port of another. */
export const untilOpen = (from: LanHost, address: string, port: number): Promise<true> =>
  until(
    `${from.name} reaches ${address}:${port}`,
    async () => (await from.reach(address, port)) === 'open' && true,
  );
