/** Reads the arguments by the table of verbs, and the texts and numbers in them. */
import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Ending, EXIT } from './exits.ts';
import { aboutCommand, aboutOption } from './suggest.ts';
import { plainLine } from './terminal.ts';
import { GLOBAL, VERBS, type Verb } from './verbs.ts';

/** More than any setting lets through (Settings.hardLimitBytes), so that nobody waits for its end. */
export const MAX_TEXT_BYTES = 1_000_000;

export interface Asked {
  readonly verb: Verb | null;
  readonly positionals: readonly string[];
  readonly values: Readonly<Record<string, string | boolean | undefined>>;
}

/** A mistake in the arguments. Whoever tells it of the command line adds where the help is. */
export const usage = (text: string): Ending => new Ending(EXIT.usage, 'usage', text);

const nameIn = (args: readonly string[]): string | undefined =>
  args.find((arg, index) => !arg.startsWith('-') && !takesNext(args[index - 1]));

/** The command that is asked for; null where none is named, or none of that name is there. */
export function verbIn(args: readonly string[]): Verb | null {
  const name = nameIn(args);
  return VERBS.find((one) => one.name === name) ?? null;
}

/** `help`, and `help COMMAND`, are what many type first. */
function asHelp(args: readonly string[]): readonly string[] {
  if (nameIn(args) !== 'help') return args;
  const at = args.indexOf('help');
  return [...args.slice(0, at), ...args.slice(at + 1), '--help'];
}

/** @throws Ending usage */
export function parse(given: readonly string[]): Asked {
  const args = asHelp(given);
  const name = nameIn(args);
  const verb = verbIn(args);
  if (name !== undefined && verb === null) {
    const before = args[args.indexOf(name) - 1];
    if (before?.startsWith('--') && !KNOWN.has(before)) throw usage(noOption(before, null, []));
    const names = VERBS.map((one) => one.name);
    const about = aboutCommand(name, names);
    throw usage(`There is no command ${plainLine(name).slice(0, 40)}. ${about}`.trim());
  }
  const flags = [...GLOBAL, ...(verb?.flags ?? [])];
  const options = Object.fromEntries(
    flags.map(({ name: of, value }) => [
      of,
      {
        type: value === undefined ? ('boolean' as const) : ('string' as const),
        ...(of === 'help' ? { short: 'h' } : {}),
      },
    ]),
  );
  let parsed: ReturnType<typeof parseArgs>;
  try {
    parsed = parseArgs({ args: [...args], allowPositionals: true, strict: true, options });
  } catch (error) {
    const names = flags.map((one) => one.name);
    throw usage(mistake(error as Error & { code?: string }, verb, names));
  }
  const positionals = parsed.positionals.slice(verb ? 1 : 0);
  const values = parsed.values as Asked['values'];
  if (values.help || values.version) return { verb, positionals, values };
  if (!verb) throw usage('Say what to do.');
  const [least, most] = verb.takes;
  if (positionals.length < least) throw usage(`${verb.name} needs ${verb.usage}.`);
  if (positionals.length > most) {
    const text = verb.usage.includes('TEXT');
    throw usage(
      text
        ? `${verb.name} takes ${verb.usage}: a text of several words stands in quotes, or comes on stdin.`
        : `${verb.name} takes nothing more.`,
    );
  }
  const { first } = verb;
  if (Array.isArray(first) && !first.includes(positionals[0])) {
    throw usage(`${verb.name} takes one of ${first.join(', ')}.`);
  }
  for (const { name: of, choices } of verb.flags) {
    const given = values[of];
    if (typeof given === 'string' && Array.isArray(choices) && !choices.includes(given)) {
      throw usage(`--${of} is one of ${choices.join(', ')}.`);
    }
  }
  return { verb, positionals, values };
}

const KNOWN: ReadonlySet<string> = new Set(
  [...GLOBAL, ...VERBS.flatMap((verb) => verb.flags)].map((one) => `--${one.name}`),
);
/** Options that a value follows; no name has one in one command and none in another. */
const VALUED: ReadonlySet<string> = new Set(
  [...GLOBAL, ...VERBS.flatMap((verb) => verb.flags)]
    .filter((one) => one.value !== undefined)
    .map((one) => `--${one.name}`),
);
const takesNext = (before: string | undefined): boolean =>
  before !== undefined && VALUED.has(before);

function noOption(option: string, verb: Verb | null, names: readonly string[]): string {
  const name = plainLine(option).replace(/=.*/s, '').slice(0, 40);
  const about = aboutOption(verb?.name ?? null, name.replace(/^-+/, ''), names);
  const more = about === '' ? 'A text that begins with a dash goes after -- or on stdin.' : about;
  return `There is no option ${name}${verb ? ` of ${verb.name}` : ''}. ${more}`;
}

/** What Node found wrong, in our words. */
function mistake(
  error: Error & { code?: string },
  verb: Verb | null,
  names: readonly string[],
): string {
  const said = plainLine(error.message);
  const option = /'(?:-\w, )?(-{1,2}[^\s'=]{1,40})/.exec(said)?.[1];
  if (option !== undefined && error.code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    return noOption(option, verb, names);
  }
  const flag = [...GLOBAL, ...(verb?.flags ?? [])].find((one) => `--${one.name}` === option);
  if (flag && error.code === 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') {
    if (flag.value === undefined) return `${option} takes no value.`;
    return `${option} needs ${flag.value}; one that begins with a dash is written ${option}=${flag.value}.`;
  }
  const [first = ''] = said.split('. ');
  return `${first.replace(/\.$/, '')}.`;
}

/** A whole number of an option. @throws Ending usage */
export function numberOf(asked: Asked, name: string, usual: number, max: number): number {
  const given = asked.values[name];
  if (given === undefined) return usual;
  const number = Number(given);
  if (typeof given !== 'string' || !/^\d{1,7}$/.test(given) || number < 1 || number > max) {
    throw usage(`--${name} is a number from 1 to ${max}.`);
  }
  return number;
}

/** A text option, or null. */
export const textOption = (asked: Asked, name: string): string | null => {
  const given = asked.values[name];
  return typeof given === 'string' && given !== '' ? given : null;
};

/** A date, or a time from now: `30m`, `2h`, `3d`. Ms since the epoch. @throws Ending usage */
export function momentOf(text: string, now: number): number {
  const span = /^(\d{1,4})([mhd])$/.exec(text);
  if (span) {
    const units = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
    return now + Number(span[1]) * units[span[2] as keyof typeof units];
  }
  const at = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/.test(
    text,
  )
    ? Date.parse(text)
    : Number.NaN;
  // Date.parse takes the 31st of February for the 3rd of March.
  const day = Number(text.slice(8, 10));
  const wrong =
    Number.isNaN(at) ||
    new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)) - 1, day)).getUTCDate() !==
      day;
  if (wrong)
    throw usage(
      `${plainLine(text).slice(0, 40)} is no date: write 2026-12-24, 2026-12-24T18:00Z, 30m, 2h or 3d.`,
    );
  if (at < now) throw usage('The deadline has passed.');
  return at;
}

/** Why a file that was named cannot be read. */
export function unreadable(path: string, error: unknown): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  const why: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EACCES: 'you may not read it',
    EISDIR: 'it is a folder',
  };
  return `${plainLine(path)} cannot be read: ${why[code] ?? code}.`;
}

/** JSON as given, or `@file`. Gives it back as one text. @throws Ending usage */
export function jsonOf(given: string): string {
  let text = given;
  if (given.startsWith('@')) {
    try {
      text = readFileSync(given.slice(1), 'utf8');
    } catch (error) {
      throw usage(unreadable(given.slice(1), error));
    }
  }
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    throw usage('--context is not JSON: quote it as a whole, or give a file as @file.');
  }
}

/** What stdin gives; null where nobody writes there. */
export type ReadStdin = (maxBytes: number) => Promise<Buffer | null>;

/** A text from an argument, or from stdin. @throws Ending usage, refused */
export async function textOf(given: string | null, stdin: ReadStdin): Promise<string> {
  if (given !== null && given !== '-') return sound(given);
  const bytes = await stdin(MAX_TEXT_BYTES + 1);
  if (bytes === null) throw usage('Give the text as an argument or on stdin.');
  if (bytes.length > MAX_TEXT_BYTES) {
    throw new Ending(
      EXIT.refused,
      'message.too_large',
      `The text has more than ${MAX_TEXT_BYTES} bytes. Send less, or put it into a shared file.`,
    );
  }
  if (!isUtf8(bytes)) {
    throw usage('The text is not UTF-8. Convert it first, for example with iconv.');
  }
  // A byte order mark is none of the text.
  return sound(
    bytes
      .toString('utf8')
      .replace(/^\ufeff/, '')
      .replace(/\n$/, ''),
  );
}

function sound(text: string): string {
  if (text.includes('\u0000')) throw usage('The text holds a NUL character. Send text, not bytes.');
  if (!text.isWellFormed()) throw usage('The text holds broken characters. Send it as UTF-8.');
  if (text.trim() === '') throw usage('The text is empty.');
  return text;
}
