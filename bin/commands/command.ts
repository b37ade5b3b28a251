/** What a command is given, and what it gives back. */
import type { Door } from '../door.ts';
import { Ending, EXIT, type ExitCode, type Failure } from '../exits.ts';
import type { Asked, ReadStdin } from '../parse.ts';
import { plain, plainLine, type Terminal } from '../terminal.ts';

/** All that a command may touch of the world around it: a terminal's, or one per call of MCP. */
export interface Shell {
  readonly version: string;
  readonly asked: Asked;
  readonly json: boolean;
  readonly terminal: Terminal;
  readonly env: NodeJS.ProcessEnv;
  /** The home as it is; null where there is none yet. */
  readonly home: string | null;
  readonly now: () => number;
  readonly stdin: ReadStdin;
  /** What this agent calls itself. */
  readonly agent: string;
  /** Hears of Ctrl-C, which then ends this process as it would have. @returns takes it back */
  onInterrupt(hear: () => void): () => void;
  /** The running app. @throws Ending not running, of another version, not ours */
  door(): Promise<Door>;
}

/** What a command came to. `lines` is for a person, `json` for a script. */
export interface Outcome {
  readonly exit: ExitCode;
  readonly json: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
  /** Where `exit` is not 0. */
  readonly failure?: Failure | undefined;
  /** Called once what is printed has left: what could not be printed was not told. */
  readonly told?: () => Promise<unknown>;
}

/** One verb. @throws Ending with the exit code, where it comes to nothing */
export type Command = (shell: Shell) => Promise<Outcome>;

/** An outcome that is well. */
export const done = (json: Outcome['json'], lines: readonly string[]): Outcome => ({
  exit: EXIT.done,
  json,
  lines,
});

/** What `--json` prints of an outcome, and what a tool of MCP gives. */
export const outcomeJson = ({ exit, failure, json }: Outcome): Record<string, unknown> => ({
  ok: exit === EXIT.done,
  exit,
  ...(failure ? { error: { code: failure.code, message: plain(failure.message) } } : {}),
  ...json,
});

/** What is left of a command that ended. */
export const endedJson = ({ exit, code, message, more }: Ending): Record<string, unknown> =>
  outcomeJson({ exit, failure: { code, message }, json: more, lines: [] });

/** Ms since the epoch as `--json` shows a time. */
export const isoTime = (at: number | null): string | null =>
  at === null ? null : new Date(at).toISOString();

/** A peer as the command line names it. */
export interface NamedPeer {
  readonly id: string;
  readonly name: string;
  readonly nickname: string | null;
  readonly status: string;
}

/** Finds the one peer of that name, as the window would. @throws Ending not found, ambiguous, usage */
export async function resolvePeer(door: Door, text: string) {
  const wanted = text.trim();
  if (wanted === '' || wanted.length > 80) {
    throw new Ending(EXIT.notFound, 'peer.not_found', 'That is no peer’s name. See peerage peers.');
  }
  const { matches } = await door.call('peer.resolve', { text: wanted });
  const [first] = matches;
  if (first && matches.length === 1) return first;
  const name = plainLine(wanted);
  if (!first) {
    throw new Ending(
      EXIT.notFound,
      'peer.not_found',
      `No peer is called ${name}. See peerage peers.`,
    );
  }
  const candidates: NamedPeer[] = matches
    .slice(0, 20)
    .map(({ id, name: of, nickname, status }) => ({ id, name: of, nickname, status }));
  const names = candidates.map((one) => plainLine(one.nickname ?? one.name)).join(', ');
  throw new Ending(
    EXIT.ambiguous,
    'peer.ambiguous',
    `${matches.length} peers begin with ${name}: ${names}. Write one of them whole.`,
    { candidates },
  );
}
