/**
 * The command line: one verb, one outcome, one exit code. It knows the contract's names and the socket,
 * and never opens the home's database.
 */
import { broadcast, delegate, respond, send } from './commands/ask.ts';
import {
  type Command,
  done,
  endedJson,
  type Outcome,
  outcomeJson,
  type Shell,
} from './commands/command.ts';
import { check, doctor, peers, show, status, whoami } from './commands/look.ts';
import { inbox, knowledge, log } from './commands/read.ts';
import { type Door, openDoor, realHome } from './door.ts';
import { Ending, EXIT, type ExitCode, isEnding } from './exits.ts';
import { usageOf } from './help.ts';
import { openOrStart, type StartedApp } from './open-or-start.ts';
import { type Asked, parse, type ReadStdin, verbIn } from './parse.ts';
import { plain, type Terminal } from './terminal.ts';

export interface CommandTools {
  readonly version: string;
  readonly terminal: Terminal;
  readonly env: NodeJS.ProcessEnv;
  readonly stdin: ReadStdin;
  readonly now: () => number;
  /** Hears of Ctrl-C, which then ends this process as it would have. @returns takes it back */
  readonly onInterrupt: (hear: () => void) => () => void;
  /** The app on a home; null where none runs. */
  readonly open: (home: string | null) => Promise<Door | null>;
  /** Starts one without a window; null where there is nothing to start. */
  readonly start: (home: string | null) => Promise<StartedApp | null>;
}

const COMMAND_LINE = 'Command line';

/** What agents ask for most often. */
const commands: Readonly<Record<string, Command>> = {
  ...{ whoami, status, peers, check, show, doctor },
  ...{ send, delegate, respond, broadcast, inbox, log, knowledge },
};

/** Loaded when they are asked for: every command would pay for them otherwise. */
const later: Readonly<Record<string, () => Promise<Command>>> = {
  files: async () => (await import('./commands/files.ts')).files,
  completion: async () => (await import('./commands/completion.ts')).completion,
  skill: async () => (await import('./commands/skill.ts')).skill,
  mcp: async () => (await import('./commands/mcp.ts')).mcp,
};

/** Runs one command. @returns the exit code */
export async function runCommandLine(
  args: readonly string[],
  tools: CommandTools,
): Promise<ExitCode> {
  const { terminal } = tools;
  const json = asksForJson(args);
  let opened: Door | null = null;
  try {
    const asked = parse(args);
    if (asked.values.help === true) {
      const help = usageOf(asked.verb, terminal.width);
      tell(done({ help }, [help]), json, terminal);
      return EXIT.done;
    }
    if (asked.values.version === true || !asked.verb) {
      tell(done({ version: tools.version }, [`peerage ${tools.version}`]), json, terminal);
      return EXIT.done;
    }
    const { name } = asked.verb;
    const command = commands[name] ?? (await later[name]?.());
    if (!command) throw new Error(`${name} is not there`);
    const outcome = await command(
      shellOf(asked, tools, (door) => {
        opened = door;
      }),
    );
    tell(outcome, json, terminal);
    // It was printed: whatever becomes of the note that it was changes nothing about that.
    if (outcome.told && (await terminal.flushed())) await outcome.told().catch(() => {});
    return outcome.exit;
  } catch (error) {
    return tellEnding(withHelp(endingFrom(error), args), json, terminal);
  } finally {
    terminal.progress('');
    (opened as Door | null)?.close();
  }
}

/** Also where the arguments cannot be read. What follows `--` is text. */
const asksForJson = (args: readonly string[]): boolean => {
  const end = args.indexOf('--');
  return args.slice(0, end === -1 ? undefined : end).includes('--json');
};

function tell(outcome: Outcome, json: boolean, terminal: Terminal): void {
  if (json) terminal.out(jsonText(outcomeJson(outcome), terminal));
  else for (const line of outcome.lines) terminal.out(line);
}

function tellEnding(ending: Ending, json: boolean, terminal: Terminal): ExitCode {
  if (json) terminal.out(jsonText(endedJson(ending), terminal));
  else terminal.err(plain(ending.message).replaceAll('\n', ' '));
  return ending.exit;
}

const jsonText = (value: object, { screen }: Terminal): string =>
  JSON.stringify(value, null, screen ? 2 : undefined);

/** Of a mistake in the arguments, where the help is. */
function withHelp(ending: Ending, args: readonly string[]): Ending {
  if (ending.code !== 'usage') return ending;
  const verb = verbIn(args);
  const see = `See peerage ${verb ? `${verb.name} ` : ''}--help.`;
  return new Ending(ending.exit, ending.code, `${ending.message} ${see}`, ending.more);
}

const endingFrom = (error: unknown): Ending =>
  isEnding(error)
    ? error
    : new Ending(EXIT.failed, 'failed', error instanceof Error ? error.message : String(error));

function shellOf(asked: Asked, tools: CommandTools, opened: (door: Door) => void): Shell {
  const { values } = asked;
  const home = typeof values.home === 'string' ? values.home : null;
  const named = typeof values.as === 'string' ? values.as : tools.env.PEERAGE_AGENT;
  return {
    ...tools,
    asked,
    json: values.json === true,
    home: realHome(home),
    agent: agentName(named),
    door: async () => {
      const door = await openOrStart(home, values.start === true, tools);
      opened(door);
      return door;
    },
  };
}

/** One line of at most 60 characters. */
function agentName(given: string | undefined): string {
  if (given === undefined) return COMMAND_LINE;
  const name = given.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return name === '' ? COMMAND_LINE : [...name].slice(0, 60).join('').trim();
}

/** Opens the door of a home. */
export const openHome =
  (version: string) =>
  (home: string | null): Promise<Door | null> =>
    openDoor(realHome(home), version);
