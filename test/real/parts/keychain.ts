import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { PATIENCE_MS } from '../../patience.ts';
import { pressKeys } from './keyboard.ts';
import { findProgram, own, run, signalGroup, sleep, temporaryFolder, until } from './process.ts';

/**
 * What the keychain is like: `unlocked`, `locked` (holding what was put in while it was open), `empty`
 * (a service without any collection), `activatable` (not running, but the bus can start it),
 * `no_service` (a bus alone), `no_bus`.
 */
export type KeychainState =
  | 'unlocked'
  | 'locked'
  | 'empty'
  | 'activatable'
  | 'no_service'
  | 'no_bus';

/** A private session bus and keyring daemon, in folders of their own. */
export interface RealKeychain {
  /** Environment for a process that is to use this keychain, and no other. */
  readonly env: NodeJS.ProcessEnv;
  /** Opens the keyring from outside, as a login would. */
  unlock(): Promise<void>;
  /** Closes the keyring. */
  lock(): Promise<void>;
  /** Stops and continues the daemon: calls to it go unanswered meanwhile. */
  freeze(): void;
  thaw(): void;
  /** Ends the daemon and starts another one, unlocked. */
  restart(): Promise<void>;
  /**
   * Presses keys in the prompt as soon as it is there, and again until `done` settles. Needs a display.
   */
  answerPrompt<T>(keys: keyof typeof ANSWERS, done: Promise<T>): Promise<T>;
  stop(): Promise<void>;
}

const PASSWORD = 'test';
const ANSWERS = {
  escape: ['Escape'],
  password: [...PASSWORD, 'Return'],
  new_password: [...PASSWORD, 'Tab', ...PASSWORD, 'Return'],
} as const;

/** Starts a keychain in the given state, with an X display of its own if wanted. Debian's packages: dbus, gnome-keyring, gcr, xvfb. */
export async function startKeychain(
  state: KeychainState,
  options: { display?: boolean } = {},
): Promise<RealKeychain> {
  const folder = await temporaryFolder('keychain');
  const children: ChildProcess[] = [];
  const runtime = join(folder.path, 'run');
  const services = join(folder.path, 'services');
  for (const name of ['home', 'run', 'data', 'services']) {
    await mkdir(join(folder.path, name), { mode: 0o700 });
  }
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    HOME: join(folder.path, 'home'),
    XDG_RUNTIME_DIR: runtime,
    XDG_DATA_HOME: join(folder.path, 'data'),
    XDG_DATA_DIRS: '/usr/local/share:/usr/share',
  };

  const launch = (name: string, args: string[], stdin?: string): ChildProcess => {
    const path = findProgram(name);
    if (path === undefined) throw new Error(`${name} is not installed`);
    const child = spawn(path, args, { env, detached: true, stdio: ['pipe', 'pipe', 'ignore'] });
    own(child);
    children.push(child);
    child.stdin?.on('error', () => {});
    child.stdin?.end(stdin ?? '');
    return child;
  };

  const end = async (child: ChildProcess): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    signalGroup(child, 'SIGCONT');
    signalGroup(child, 'SIGKILL');
    await gone;
  };

  const call = async (member: string, ...args: string[]): Promise<string> => {
    const destination = member.startsWith('org.freedesktop.DBus')
      ? ['org.freedesktop.DBus', '/org/freedesktop/DBus']
      : ['org.freedesktop.secrets', '/org/freedesktop/secrets'];
    const { code, stdout, stderr } = await run(
      'dbus-send',
      [
        '--session',
        '--print-reply',
        `--dest=${destination[0]}`,
        destination[1] ?? '',
        member,
        ...args,
      ],
      { env, timeoutMs: PATIENCE_MS },
    );
    if (code !== 0) throw new Error(`${member}: ${stderr}`);
    return stdout;
  };

  let daemon: ChildProcess | undefined;
  const startDaemon = async (unlocked: boolean): Promise<void> => {
    daemon = launch(
      'gnome-keyring-daemon',
      ['--foreground', '--components=secrets', ...(unlocked ? ['--unlock'] : ['--start'])],
      unlocked ? PASSWORD : undefined,
    );
    await until('gnome-keyring-daemon', async () =>
      (await call('org.freedesktop.DBus.NameHasOwner', 'string:org.freedesktop.secrets')).includes(
        'boolean true',
      ),
    );
  };

  if (options.display) {
    const display = launch('Xvfb', [
      '-displayfd',
      '1',
      '-screen',
      '0',
      '800x600x24',
      '-nolisten',
      'tcp',
    ]);
    env.DISPLAY = `:${(await firstLine(display)).trim()}`;
  }
  if (state !== 'no_bus') {
    const prompters = ['PrivatePrompter', 'SystemPrompter'].map(
      (name) => `org.gnome.keyring.${name}`,
    );
    for (const name of options.display ? prompters : []) {
      await activates(services, name, '/usr/libexec/gcr-prompter');
    }
    if (state === 'activatable') {
      const path = findProgram('gnome-keyring-daemon');
      await activates(
        services,
        'org.freedesktop.secrets',
        `${path} --start --foreground --components=secrets`,
      );
    }
    const config = join(folder.path, 'bus.conf');
    await writeFile(config, busConfig(runtime, services));
    const bus = launch('dbus-daemon', ['--nofork', `--config-file=${config}`, '--print-address']);
    env.DBUS_SESSION_BUS_ADDRESS = (await firstLine(bus)).trim();
  }
  if (state === 'unlocked') await startDaemon(true);
  if (state === 'empty') await startDaemon(false);
  if (state === 'locked') {
    await startDaemon(true);
    await until('a keyring file', async () =>
      (await readdir(join(folder.path, 'data', 'keyrings')).catch((): string[] => [])).includes(
        'login.keyring',
      ),
    );
    if (daemon) await end(daemon);
    await startDaemon(false);
  }

  return {
    env,
    unlock: () => unlockDaemon(join(runtime, 'keyring', 'control')),
    lock: async () => {
      await call(
        'org.freedesktop.Secret.Service.Lock',
        'array:objpath:/org/freedesktop/secrets/collection/login',
      );
    },
    freeze: () => {
      if (daemon) signalGroup(daemon, 'SIGSTOP');
    },
    thaw: () => {
      if (daemon) signalGroup(daemon, 'SIGCONT');
    },
    restart: async () => {
      if (daemon) await end(daemon);
      await startDaemon(true);
    },
    answerPrompt: async (keys, done) => {
      let settled = false;
      const noted = done.finally(() => {
        settled = true;
      });
      await until('an answer to the prompt', async () => {
        await sleep(200);
        if (settled) return true;
        if (await pressKeys(env.DISPLAY ?? '', ANSWERS[keys]))
          await Promise.race([noted, sleep(3_000)]);
        return false;
      });
      return noted;
    },
    stop: async () => {
      for (const child of children.reverse()) await end(child);
      await folder.remove();
    },
  };
}

/**
 * Opens the login keyring as pam_gnome_keyring does: over the daemon's control socket, one credentials
 * byte, then length, operation (1: unlock) and the password; the answer is its length and a result
 * (0: done). Source: gnome-keyring, daemon/control/gkd-control-codes.h and pam/gkr-pam-client.c.
 */
async function unlockDaemon(path: string): Promise<void> {
  const password = Buffer.from(PASSWORD);
  const packet = Buffer.alloc(1 + 12);
  packet.writeUInt32BE(12 + password.length, 1);
  packet.writeUInt32BE(1, 5);
  packet.writeUInt32BE(password.length, 9);
  const socket = createConnection(path);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('close', () => resolve());
    socket.write(Buffer.concat([packet, password]));
  });
  const answer = Buffer.concat(chunks);
  if (answer.length < 8 || answer.readUInt32BE(4) !== 0) {
    throw new Error(`the keyring was not opened (${answer.toString('hex')})`);
  }
}

/** The first line that a child prints. */
async function firstLine(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout?.on('data', (data: Buffer) => {
    text += data.toString();
  });
  await until('the first line', () => text.includes('\n'));
  return text.split('\n')[0] ?? '';
}

async function activates(folder: string, name: string, command: string): Promise<void> {
  await writeFile(
    join(folder, `${name}.service`),
    `[D-BUS Service]\nName=${name}\nExec=${command}\n`,
  );
}

function busConfig(runtime: string, services: string): string {
  return `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=${runtime}/session</listen>
  <servicedir>${services}</servicedir>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;
}
