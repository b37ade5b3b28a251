/** Exit codes: 0 only if it happened. The others tell scripts apart what a person reads. */
import type { AppError } from '../electron/contract/index.ts';

export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  notRunning: 3,
  notFound: 4,
  ambiguous: 5,
  refused: 6,
  unreachable: 7,
  timedOut: 8,
  declined: 9,
  otherVersion: 10,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** The table in `--help` and in the documentation. */
export const EXIT_WORDS: readonly (readonly [ExitCode, string])[] = [
  [EXIT.done, 'done'],
  [EXIT.failed, 'failed'],
  [EXIT.usage, 'not understood'],
  [EXIT.notRunning, 'Peerage does not run on this home, or stopped meanwhile'],
  [EXIT.notFound, 'not found'],
  [EXIT.ambiguous, 'several have that name'],
  [EXIT.refused, 'refused by a rule, a limit or the budget'],
  [EXIT.unreachable, 'the peer cannot be reached'],
  [EXIT.timedOut, 'not in time; what was sent stays sent'],
  [EXIT.declined, 'declined by the person or by the peer'],
  [EXIT.otherVersion, 'the command and the app are of different versions'],
];

const BY_CODE: Readonly<Record<string, ExitCode>> = {
  'agent.denied': EXIT.declined,
  'agent.not_decided': EXIT.timedOut,
  'app.connection_lost': EXIT.notRunning,
  'app.stopping': EXIT.notRunning,
  'call.cancelled': EXIT.timedOut,
  'call.not_allowed': EXIT.refused,
  'call.too_large': EXIT.refused,
  'call.unknown': EXIT.otherVersion,
  'door.other_version': EXIT.otherVersion,
  'link.agent_missing': EXIT.notFound,
  'message.empty': EXIT.refused,
  'message.looks_secret': EXIT.refused,
  'message.too_large': EXIT.refused,
  'thread.no_link': EXIT.unreachable,
};

/** The exit code of a failure that the app told. */
export function exitOf(error: Pick<AppError, 'code'>): ExitCode {
  const { code } = error;
  const known = BY_CODE[code];
  if (known !== undefined) return known;
  if (code.endsWith('.not_found') || code.endsWith('_not_found')) return EXIT.notFound;
  if (
    code.startsWith('policy.') ||
    code.startsWith('agent.') ||
    code.startsWith('broadcast.nobody')
  )
    return EXIT.refused;
  if (code.startsWith('link.')) return EXIT.unreachable;
  return EXIT.failed;
}

/** Ends a command with one line that says what to do. */
export class Ending extends Error {
  readonly exit: ExitCode;
  /** More that `--json` shows. */
  readonly more: Readonly<Record<string, unknown>>;
  readonly code: string;
  constructor(exit: ExitCode, code: string, message: string, more: Record<string, unknown> = {}) {
    super(message);
    this.name = 'Ending';
    this.exit = exit;
    this.code = code;
    this.more = more;
  }
}

/**
 * Tells them from other errors, by name: the command line and what it loads later are bundles of their
 * own, each with its own copy of the class.
 */
export const isEnding = (error: unknown): error is Ending =>
  error instanceof Error && error.name === 'Ending';

/** What did not happen, why, and what to do: the `error` of `--json` and of MCP. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** The words for a failure that the app told. */
export function failureOf(error: AppError): Failure {
  const words = [`${error.title} (${error.code}).`, error.detail, error.remedy?.text ?? ''];
  return { code: error.code, message: words.filter((part) => part !== '').join(' ') };
}

/** An ending from an error of the app. */
export function endingOf(error: AppError, more: Record<string, unknown> = {}): Ending {
  const { code, message } = failureOf(error);
  return new Ending(exitOf(error), code, message, more);
}
