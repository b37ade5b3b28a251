import { type ChildProcess, spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { findProgram, own, run, until } from './process.ts';

/** A network namespace joined to this host by a pair of virtual Ethernet devices. */
export interface NetworkNamespace {
  name: string;
  /** Address inside the namespace: what this host connects to. */
  address: string;
  /** This host's address on the pair: what processes inside connect to. */
  hostAddress: string;
  /** The command that runs `command` inside. It replaces itself, so the process id is the program's own. */
  wrap(command: string[]): string[];
  /** Opens a unix socket at `path` that leads to 127.0.0.1:`port` inside. */
  forward(path: string, port: number): Promise<ChildProcess>;
  remove(): Promise<void>;
}

/** Why a namespace cannot be made here, or undefined when it can. */
export async function namespaceProblem(): Promise<string | undefined> {
  if (process.platform !== 'linux') return 'network namespaces need Linux';
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  const ip = findProgram('ip');
  if (ip === undefined) return 'the program ip (package iproute2) is missing';
  const name = `peerage-probe-${process.pid}`;
  const made = await run(ip, ['netns', 'add', name]);
  if (made.code !== 0) return `ip netns add: ${made.stderr.trim()}`;
  await run(ip, ['netns', 'delete', name]);
  return undefined;
}

let counter = 0;

/** Makes a namespace with addresses of its own from 10.77.0.0/16. */
export async function createNamespace(): Promise<NetworkNamespace> {
  const ip = findProgram('ip');
  if (ip === undefined) throw new Error('the program ip is missing');
  counter += 1;
  const name = `peerage-${process.pid}-${counter}`;
  const outer = `pg${process.pid % 1_000_000}o${counter}`;
  const inner = `pg${process.pid % 1_000_000}i${counter}`;
  const subnet = await freeSubnet(ip);
  const hostAddress = `10.77.${subnet}.1`;
  const address = `10.77.${subnet}.2`;
  const remove = async (): Promise<void> => {
    await run(ip, ['link', 'delete', outer]);
    await run(ip, ['netns', 'delete', name]);
  };
  const steps = [
    ['netns', 'add', name],
    ['link', 'add', outer, 'type', 'veth', 'peer', 'name', inner, 'netns', name],
    ['address', 'add', `${hostAddress}/30`, 'dev', outer],
    ['link', 'set', outer, 'up'],
    ['-n', name, 'address', 'add', `${address}/30`, 'dev', inner],
    ['-n', name, 'link', 'set', inner, 'up'],
    ['-n', name, 'link', 'set', 'lo', 'up'],
    ['-n', name, 'route', 'add', 'default', 'via', hostAddress],
  ];
  for (const step of steps) {
    const result = await run(ip, step);
    if (result.code === 0) continue;
    await remove();
    throw new Error(`ip ${step.join(' ')}: ${result.stderr.trim()}`);
  }
  const wrap = (command: string[]): string[] => [ip, 'netns', 'exec', name, ...command];
  return {
    name,
    address,
    hostAddress,
    wrap,
    remove,
    forward: (path, port) => forward(wrap, path, port),
  };
}

/** A /30 of 10.77.x that no device of this host has yet. */
async function freeSubnet(ip: string): Promise<number> {
  const { stdout } = await run(ip, ['-4', '-o', 'address']);
  const start = process.pid % 200;
  for (let step = 0; step < 200; step += 1) {
    const candidate = ((start + step) % 200) + 20;
    if (!stdout.includes(`10.77.${candidate}.`)) return candidate;
  }
  throw new Error('no free subnet in 10.77.0.0/16');
}

const FORWARDER = `
const net = require('node:net');
const [path, port] = process.argv.slice(1);
net.createServer((near) => {
  const far = net.connect(Number(port), '127.0.0.1');
  near.pipe(far).pipe(near);
  near.on('error', () => far.destroy());
  far.on('error', () => near.destroy());
}).listen(path);
`;

/** Unix sockets do not belong to a network namespace, so one can lead into another namespace. */
async function forward(
  wrap: (command: string[]) => string[],
  path: string,
  port: number,
): Promise<ChildProcess> {
  await rm(path, { force: true });
  const [program = '', ...args] = wrap([process.execPath, '-e', FORWARDER, path, String(port)]);
  const child = spawn(program, args, { detached: true, stdio: 'ignore' });
  own(child);
  const answers = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect(path, () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
  await until('forwarder', answers);
  return child;
}
