/** What `--help` prints, made of the table of verbs. */
import { EXIT_WORDS } from './exits.ts';
import { wrap } from './terminal.ts';
import { type Flag, GLOBAL, VERBS, type Verb } from './verbs.ts';

type Pair = readonly [string, string];

/** Two columns; where the second would be narrow, it begins on a line of its own. */
const rowsOf =
  (width: number) =>
  (pairs: readonly Pair[]): string[] => {
    const left = Math.max(...pairs.map(([one]) => one.length));
    const beside = width - left - 4 >= NARROWEST;
    return pairs.flatMap(([one, words]) =>
      beside
        ? wrap(words, width - left - 4, '').map(
            (line, index) => `  ${(index === 0 ? one : '').padEnd(left)}  ${line}`,
          )
        : [`  ${one}`, ...wrap(words, width - 6, '').map((line) => `      ${line}`)],
    );
  };
const flagRow = ({ name, value, help, choices }: Flag): readonly [string, string] => [
  `--${name}${value ? ` ${value}` : ''}`,
  Array.isArray(choices) ? `${help}: ${choices.join(', ')}` : help,
];
const exitPairs = EXIT_WORDS.map(([code, words]): Pair => [String(code).padStart(2), words]);
/** Columns for words beside others. */
const NARROWEST = 24;
/** What no terminal shows is as wide as one that is easily read. */
const WIDEST = 100;

/** What `--help` prints, at so many columns. */
export function usageOf(one: Verb | null, columns: number): string {
  const width = Math.min(columns, WIDEST);
  const rows = rowsOf(width);
  if (one) {
    return [
      `Usage: peerage ${one.name}${one.usage ? ` ${one.usage}` : ''}${one.flags.length > 0 ? ' [options]' : ''}`,
      '',
      ...wrap(`  ${one.summary}`, width, '  '),
      '',
      ...rows([...one.flags, ...GLOBAL].map(flagRow)),
      '\nExamples:',
      ...one.examples.map((example) => `  ${example}`),
      '\nExit codes:',
      ...rows(exitPairs),
    ].join('\n');
  }
  return [
    'Usage: peerage COMMAND [options]\n',
    ...rows(VERBS.map((each) => [`${each.name} ${each.usage}`.trim(), each.summary])),
    '\nEverywhere:',
    ...rows(GLOBAL.map(flagRow)),
    '\nExit codes:',
    ...rows(exitPairs),
    '\nExamples:',
    '  echo "Is the build green?" | peerage send Ada --wait',
    '  peerage inbox --since-last',
    '\n`peerage COMMAND --help` tells more.',
  ].join('\n');
}
