/**
 * The command line: what it understands, and what it does over the control socket. It knows the contract
 * and the socket, and never opens the home's database.
 */
import { parseArgs } from 'node:util';
import type {
  AppError,
  CallInput,
  CallName,
  CallOutput,
  PeerRow,
  Result,
} from '../electron/contract/index.ts';

/** 0 = done. The others tell scripts apart what a person reads. */
export const EXIT = { done: 0, failed: 1, usage: 2, notRunning: 3 } as const;

export const USAGE = `Usage: peerage <command> [options]

  status         whether Peerage runs, and how its peers are
  show           bring its window forward

  --home DIR     the home of that Peerage (or set PEERAGE_HOME)
  --json         status as JSON
  --version      the version of this command
  --help         this text

Exit codes: 0 done, 1 failed, 2 not understood, 3 Peerage does not run on this home.
`;

/** Makes one call to the running app; null where none runs on this home. */
export type Caller = <N extends CallName>(
  name: N,
  input: CallInput<N>,
) => Promise<Result<CallOutput<N>> | null>;

export interface CommandTools {
  readonly version: string;
  readonly print: (text: string) => void;
  readonly printError: (text: string) => void;
  /** @param home `--home`; null = the environment's or the platform's. */
  readonly connect: (home: string | null) => Caller;
}

/** Runs one command. @returns the exit code */
export async function runCommandLine(
  args: readonly string[],
  tools: CommandTools,
): Promise<number> {
  const asked = parse(args);
  if (typeof asked === 'string') {
    tools.printError(`${asked}\n\n${USAGE}`);
    return EXIT.usage;
  }
  const { values, command } = asked;
  if (values.help) {
    tools.print(USAGE);
    return EXIT.done;
  }
  if (values.version) {
    tools.print(`peerage ${tools.version}`);
    return EXIT.done;
  }
  const call = tools.connect(values.home ?? null);
  return command === 'show' ? show(call, tools) : status(call, values.json === true, tools);
}

type Command = 'status' | 'show';

function parse(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        home: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean' },
        version: { type: 'boolean' },
      },
    });
    if (values.help || values.version) return { values, command: 'status' as Command };
    const [command, more] = positionals;
    if (command === undefined) return 'Say what to do.';
    if (command !== 'status' && command !== 'show') return `There is no command ${plain(command)}.`;
    if (more !== undefined) return `${command} takes nothing more.`;
    return { values, command: command as Command };
  } catch (error) {
    return (error as Error).message;
  }
}

async function show(call: Caller, tools: CommandTools): Promise<number> {
  const answer = await call('app.show', {});
  if (answer === null) return notRunning(tools);
  if (!answer.ok) return failed(answer.error, tools);
  tools.print('The window comes forward.');
  return EXIT.done;
}

async function status(call: Caller, json: boolean, tools: CommandTools): Promise<number> {
  const answer = await call('peer.list', {});
  if (answer === null) {
    if (json) tools.print(JSON.stringify({ running: false, peers: [] }));
    return notRunning(tools);
  }
  if (!answer.ok) return failed(answer.error, tools);
  const { peers } = answer.value;
  if (json) {
    const rows = peers.map(({ id, name, status: state, unread, waiting, running }) => ({
      ...{ id, name, status: state, unread, waiting, running },
    }));
    tools.print(JSON.stringify({ running: true, peers: rows }, null, 2));
    return EXIT.done;
  }
  const up = peers.filter((peer) => peer.status === 'up').length;
  const count = peers.length === 1 ? '1 peer' : `${peers.length} peers`;
  tools.print(`Peerage runs, with ${count}, ${up} of them up.`);
  for (const peer of peers) tools.print(peerLine(peer));
  return EXIT.done;
}

function peerLine(peer: PeerRow): string {
  const facts = [
    peer.statusText,
    ...(peer.unread > 0 ? [`${peer.unread} unread`] : []),
    ...(peer.waiting > 0 ? [`${peer.waiting} waiting to be sent`] : []),
    ...(peer.running ? ['working'] : []),
  ];
  return plain(`  ${peer.nickname ?? peer.name}: ${facts.join(', ')}`);
}

/** Names come from others: nothing in them may steer a terminal. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').toWellFormed();
}

function notRunning(tools: CommandTools): number {
  tools.printError('Peerage does not run on this home.');
  return EXIT.notRunning;
}

function failed(error: AppError, tools: CommandTools): number {
  const remedy = error.remedy?.text ?? '';
  tools.printError(plain(`${error.title} (${error.code}). ${error.detail} ${remedy}`.trim()));
  return EXIT.failed;
}
