import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureTailnetTools, type TailnetTools } from '../../../scripts/parts/tailnet-tools.mjs';
import { temporaryFolder } from '../../real/parts/process.ts';
import { type Headscale, startHeadscale, type TailnetUser } from './headscale.ts';
import { type NodeOptions, startNode, type TailnetNode } from './node.ts';

/** What is special about a machine. */
export type Special = Pick<NodeOptions, 'relayedOnly'>;

/** A tailnet on this host's loopback, without any rights: recipe A. */
export interface Tailnet {
  readonly tools: TailnetTools;
  readonly folder: string;
  readonly control: Headscale;
  /** Two people: a tailnet of one would hide who owns what. */
  readonly alice: TailnetUser;
  readonly bob: TailnetUser;
  /** A daemon that has not joined. */
  node(name: string, options?: Special): Promise<TailnetNode>;
  /** A daemon that has joined as one of these people. */
  joined(name: string, user: TailnetUser, options?: Special): Promise<TailnetNode>;
  /** Ends everything and removes its folder. */
  stop(): Promise<void>;
}

/** The built programs; throws where they are not to be had, with the reason. */
export async function tailnetTools(): Promise<TailnetTools> {
  const tools = await ensureTailnetTools({ say: (line) => console.warn(line) });
  if ('why' in tools) throw new Error(tools.why);
  return tools;
}

/** Starts a control server with two people, and no machines yet. */
export async function startTailnet(): Promise<Tailnet> {
  const tools = await tailnetTools();
  const place = await temporaryFolder('tn');
  const folder = place.path;
  const nodes: TailnetNode[] = [];
  try {
    const control = await startHeadscale({
      program: tools.headscale,
      folder: join(folder, 'hs'),
    });
    const alice = await control.createUser('alice');
    const bob = await control.createUser('bob');
    const node: Tailnet['node'] = async (name, options = {}) => {
      const made = await startNode({
        tools,
        name,
        folder,
        controlUrl: control.url,
        mode: { kind: 'userspace' },
        ...options,
      });
      nodes.push(made);
      return made;
    };
    return {
      tools,
      folder,
      control,
      alice,
      bob,
      node,
      joined: async (name, user, options) => {
        const made = await node(name, options);
        const { key } = await control.createKey(user);
        await made.join(key);
        return made;
      },
      stop: async () => {
        await Promise.all(nodes.map((made) => made.stop('SIGKILL')));
        await control.stop('SIGKILL');
        await place.remove();
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}
