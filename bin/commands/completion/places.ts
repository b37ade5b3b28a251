/** What stands where on the command line: made of the table of verbs, for the scripts of all shells. */
import { type Flag, GLOBAL, VERBS, type Verb } from '../../verbs.ts';

const ALL_FLAGS: readonly Flag[] = [...GLOBAL, ...VERBS.flatMap((verb) => verb.flags)];

/** `--name` of each. */
export const names = (flags: readonly Flag[]): string[] => flags.map(({ name }) => `--${name}`);

/** All options of a command. */
export const flagsOf = (verb: Verb): string[] => names([...verb.flags, ...GLOBAL]);

const valued = (what: (flag: Flag) => boolean): readonly string[] => [
  ...new Set(names(ALL_FLAGS.filter((flag) => flag.value !== undefined && what(flag)))),
];

/** Options that a value follows, in all commands. */
export const VALUED = valued(() => true);

/** Options whose value may be a path. */
export const FILES = valued((flag) => flag.choices === 'files');

/** Commands whose first argument is a peer. */
export const WITH_PEER = VERBS.filter((verb) => verb.first === 'peers').map((verb) => verb.name);

/** Commands whose first argument is one of a few words, and these. */
export const WITH_WORDS = VERBS.flatMap((verb) =>
  Array.isArray(verb.first) ? [[verb.name, verb.first] as const] : [],
);

/** `verb:--flag` and the words that may follow it. */
export const CHOICES = VERBS.flatMap((verb) =>
  verb.flags.flatMap(({ name, choices }) =>
    Array.isArray(choices) ? [[`${verb.name}:--${name}`, choices] as const] : [],
  ),
);
