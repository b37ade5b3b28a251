/** A computer of the test's LAN: a network, a name and a file system of its own, held by one process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, symlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { PATIENCE_MS } from '../../patience.ts';
import { findProgram, own, run } from '../../real/parts/process.ts';
import type { Reach } from './proxy.ts';

/** A computer on a LAN: a network namespace with one Ethernet device and a loopback of its own. */
export interface LanHost {
  readonly name: string;
  /** Its address on the LAN. */
  readonly address: string;
  /** Its home folder, as its own programs see it. */
  readonly home: string;
  /** Puts a command into it. The process id stays the program's own; it begins in the home folder. */
  wrap(command: string[]): string[];
  /** Where a file of it is, seen from the test. */
  outside(path: string): string;
  /** Makes a program known by its name alone, as if it were installed. */
  install(name: string, target: string): Promise<void>;
  /** Lets a program of it connect to a port of the test's: the port of its loopback that leads there. */
  bring(port: number): Promise<number>;
  /** Lets the test connect to a port of its loopback: the path of a unix socket that leads there. */
  reachInside(port: number): Promise<string>;
  /** Runs `ip` (iproute2) in its network; throws where that fails. */
  ip(...args: readonly string[]): Promise<void>;
  /** Whether a port answers, seen from here; `from` binds to one of its own addresses first. */
  reach(host: string, port: number, options?: { from?: string }): Promise<Reach>;
}

/** What makes and ends one. */
export interface HeldHost extends LanHost {
  readonly pid: number;
  /** Ends it, and with it everything that lives in its namespaces alone. */
  end(): void;
}

/**
 * Its own view of the file system: an /etc that it may change (tailscaled writes resolv.conf), programs
 * beside those of /usr/bin, and empty /home and /run. All of it lies in memory and vanishes with it.
 */
const MOUNTS = `
set -e
mount -t tmpfs tmpfs /mnt
mkdir -p /mnt/etc /mnt/work /mnt/bin
mount -t overlay overlay -o lowerdir=/etc,upperdir=/mnt/etc,workdir=/mnt/work /etc
mkdir -p "$1/bin"
mount -t overlay overlay -o lowerdir="$1/bin":/usr/bin /usr/bin
mount -t tmpfs tmpfs /home
mount -t tmpfs tmpfs /run
mkdir -m 700 "$2"
hostname "$3"
shift 3
exec "$@"
`;

/**
 * Holds the namespaces, and leads connections through them: unix sockets belong to none. Each line that
 * it reads asks for one way; it answers each with a line.
 */
const HOLDER = `
const net = require('node:net');
const join = (near, far) => {
  near.pipe(far).pipe(near);
  near.on('error', () => far.destroy());
  far.on('error', () => near.destroy());
};
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, from, to } = JSON.parse(line);
  const server = net.createServer((near) => join(near, net.connect(to)));
  server.listen(from, () => console.log(JSON.stringify({ id, port: server.address().port ?? 0 })));
}).on('close', () => process.exit());
console.log(JSON.stringify({ id: 0 }));
`;

/** Says whether a port answers, in one word. */
const REACH = `
const [host, port, from] = process.argv.slice(1);
const socket = require('node:net').connect({ host, port: Number(port), localAddress: from || undefined });
const say = (word) => { process.stdout.write(word); process.exit(); };
socket.on('connect', () => say('open'));
socket.on('error', ({ code }) => say(code === 'ECONNREFUSED' || code === 'ECONNRESET' ? 'refused' : 'no answer'));
setTimeout(() => say('no answer'), 10_000);
`;

/**
 * Makes one, on no network yet. Its namespaces have no name and belong to its process. Needs root.
 * @param name what the computer is called
 * @param user names its home folder
 * @param folder short, of the test's own: unix sockets lie in it
 */
export async function holdHost(
  name: string,
  address: string,
  user: string,
  folder: string,
): Promise<HeldHost> {
  const [ip, unshare, nsenter, setpriv] = ['ip', 'unshare', 'nsenter', 'setpriv'].map((program) => {
    const path = findProgram(program);
    if (path === undefined) throw new Error(`the program ${program} is missing`);
    return path;
  }) as [string, string, string, string];
  const place = join(folder, name);
  await mkdir(place, { recursive: true, mode: 0o700 });
  const home = `/home/${user}`;
  const apart = [unshare, '--net', '--uts', '--mount', '--propagation', 'private', '--'];
  const given = [place, home, name];
  const mounted = ['/bin/sh', '-c', MOUNTS, 'sh', ...given, process.execPath, '-e', HOLDER];
  const holder = spawn(setpriv, ['--pdeathsig', 'KILL', '--', ...apart, ...mounted], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  own(holder);
  const ask = await conversation(holder);
  const { pid } = holder;
  if (pid === undefined) throw new Error('no network namespace could be made');
  const wrap = (command: string[]): string[] => [
    nsenter,
    `--net=/proc/${pid}/ns/net`,
    `--uts=/proc/${pid}/ns/uts`,
    `--mount=/proc/${pid}/ns/mnt`,
    `--wd=/proc/${pid}/root${home}`,
    '--',
    ...command,
  ];
  const inside = async (command: string[]) => {
    const [program = '', ...args] = wrap(command);
    return run(program, args, { timeoutMs: PATIENCE_MS });
  };
  let ways = 0;
  const servers: Server[] = [];
  const host: HeldHost = {
    name,
    address,
    home,
    pid,
    wrap,
    outside: (path) => `/proc/${pid}/root${path}`,
    install: async (program, target) => {
      await symlink(target, join(place, 'bin', program));
    },
    bring: async (port) => {
      ways += 1;
      const path = join(place, `${ways}.sock`);
      const server = createServer((near) => {
        const far = connect(port, '127.0.0.1');
        near.pipe(far).pipe(near);
        near.on('error', () => far.destroy());
        far.on('error', () => near.destroy());
      });
      servers.push(server);
      await new Promise<void>((resolve) => server.listen(path, resolve));
      return (await ask({ from: { host: '127.0.0.1', port: 0 }, to: path })).port;
    },
    reachInside: async (port) => {
      ways += 1;
      const path = join(place, `${ways}.sock`);
      await ask({ from: path, to: { host: '127.0.0.1', port } });
      return path;
    },
    ip: async (...args) => {
      const { code, stderr } = await inside([ip, ...args]);
      if (code !== 0) throw new Error(`${name}: ip ${args.join(' ')}: ${stderr.trim()}`);
    },
    reach: async (to, port, { from = '' } = {}) => {
      const words = [process.execPath, '-e', REACH, to, String(port), from];
      return (await inside(words)).stdout as Reach;
    },
    end: () => {
      for (const server of servers) server.close();
      holder.kill('SIGKILL');
    },
  };
  await host.ip('link', 'set', 'lo', 'up');
  return host;
}

type Ask = (way: { from: unknown; to: unknown }) => Promise<{ readonly port: number }>;

/** Resolves once it holds the namespaces. */
async function conversation(holder: ChildProcess): Promise<Ask> {
  const answers = new Map<number, (answer: { port: number }) => void>();
  let rest = '';
  let said = '';
  const ready = Promise.withResolvers<void>();
  answers.set(0, () => ready.resolve());
  holder.stderr?.on('data', (data: Buffer) => {
    said += data.toString();
  });
  holder.stdout?.on('data', (data: Buffer) => {
    const lines = `${rest}${data.toString()}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const answer = JSON.parse(line) as { id: number; port: number };
      answers.get(answer.id)?.(answer);
      answers.delete(answer.id);
    }
  });
  holder.once('exit', () => ready.reject(new Error(`no namespaces could be made: ${said.trim()}`)));
  holder.once('error', ready.reject);
  await ready.promise;
  let last = 0;
  return (way) =>
    new Promise((resolve) => {
      last += 1;
      answers.set(last, resolve);
      holder.stdin?.write(`${JSON.stringify({ id: last, ...way })}\n`);
    });
}
