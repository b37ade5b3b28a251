/** `npm run relay`: what it may be told, and where its token comes from. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Clock } from '../clock/clock.ts';
import type { Encryption } from './listening.ts';

/** A relay's start as the command line asks for it, defaults filled in. */
export interface RelayCommand {
  readonly host: string;
  readonly port: number;
  readonly home: string;
  readonly memory: boolean;
  readonly encryption: Encryption;
  /** Whether the local network is told of it. */
  readonly announce: boolean;
  /** Given as an argument, where every process of this machine can read it; null = not. */
  readonly token: string | null;
  /** Wait for the token on standard input. */
  readonly tokenFromStdin: boolean;
}

/** What `--help` prints, with every option and its default. */
export const RELAY_HELP = `Usage: npm run relay -- [options]

A relay for agents without a common tailnet, compatible with the published ClawLink client.
The token comes from CLAWLINK_TOKEN, or as the first line of standard input.

  --host HOST      where to listen (127.0.0.1); other addresses need a token
  --port PORT      which port (9077); 0 = any that is free
  --home DIR       where messages and files are kept
  --memory         keep nothing on disk: all is lost when it stops
  --tls            also take TLS on the same port; new clients pin its fingerprint
  --tls-only       take nothing but TLS; old clients cannot join
  --token-stdin    wait for the token on standard input
  --token TOKEN    not advised: others on this machine can read it
  --no-mdns        do not announce it on the local network; on loopback it never is
  --help           this text`;

/** Why the arguments cannot be used; `message` is for the person. */
export class CommandError extends Error {}

const dataHome = (env: NodeJS.ProcessEnv): string => {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support');
  if (process.platform === 'win32') return env.APPDATA ?? homedir();
  return env.XDG_DATA_HOME || join(homedir(), '.local', 'share');
};

/** Reads the arguments; null = only the help was asked for. @throws CommandError */
export function readCommand(args: readonly string[], env: NodeJS.ProcessEnv): RelayCommand | null {
  const { values } = parsed(args);
  if (values.help) return null;
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65_535) {
    throw new CommandError(`--port ${values.port}: a port is a number up to 65535`);
  }
  if (values.token === '') throw new CommandError('--token: the token is empty');
  return {
    host: values.host,
    port,
    home: resolve(values.home ?? join(dataHome(env), 'peerage-relay')),
    memory: values.memory,
    encryption: values['tls-only'] ? 'only' : values.tls ? 'both' : 'off',
    announce: !values['no-mdns'],
    token: values.token ?? null,
    tokenFromStdin: values['token-stdin'],
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        host: { type: 'string', default: '127.0.0.1' },
        port: { type: 'string', default: '9077' },
        home: { type: 'string' },
        memory: { type: 'boolean', default: false },
        tls: { type: 'boolean', default: false },
        'tls-only': { type: 'boolean', default: false },
        token: { type: 'string' },
        'token-stdin': { type: 'boolean', default: false },
        'no-mdns': { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new CommandError(error instanceof Error ? error.message : String(error));
  }
}

/** How long standard input is listened to where nobody said that a token comes, ms. */
const STDIN_MS = 1_000;
const LONGEST_LINE = 4_096;

/**
 * The token: the argument, the environment, or the first line of standard input where that is a pipe
 * or a file. Null = none.
 */
export async function findToken(
  command: RelayCommand,
  env: NodeJS.ProcessEnv,
  stdin: NodeJS.ReadStream,
  clock: Clock,
): Promise<string | null> {
  if (command.token !== null) return command.token;
  if (!command.tokenFromStdin && env.CLAWLINK_TOKEN) return env.CLAWLINK_TOKEN;
  if (stdin.isTTY && !command.tokenFromStdin) return null;
  const line = await firstLine(stdin, command.tokenFromStdin ? null : STDIN_MS, clock);
  return line === '' ? null : line;
}

async function firstLine(
  stdin: NodeJS.ReadStream,
  waitMs: number | null,
  clock: Clock,
): Promise<string> {
  const done = Promise.withResolvers<void>();
  let text = '';
  const read = (chunk: Buffer): void => {
    text += chunk.toString('utf8');
    if (text.includes('\n') || text.length > LONGEST_LINE) done.resolve();
  };
  stdin.on('data', read);
  stdin.once('end', done.resolve);
  stdin.once('error', done.resolve);
  const cancel = waitMs === null ? () => undefined : clock.after(waitMs, done.resolve);
  await done.promise;
  cancel();
  stdin.off('data', read);
  stdin.pause();
  return (text.split('\n', 1)[0] ?? '').trim();
}
