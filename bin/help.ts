/** What `--help` prints, made of the table of verbs. */
import { EXIT_WORDS } from './exits.ts';
import { type Flag, GLOBAL, VERBS, type Verb } from './verbs.ts';

const rows = (pairs: readonly (readonly [string, string])[]): string[] => {
  const width = Math.max(...pairs.map(([left]) => left.length));
  return pairs.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
};
const flagRow = ({ name, value, help, choices }: Flag): readonly [string, string] => [
  `--${name}${value ? ` ${value}` : ''}`,
  Array.isArray(choices) ? `${help}: ${choices.join(', ')}` : help,
];
const exitRows = (): string[] =>
  EXIT_WORDS.map(([code, words]) => `  ${String(code).padStart(2)}  ${words}`);

/** What `--help` prints. */
export function usageOf(one: Verb | null): string {
  if (one) {
    return [
      `Usage: peerage ${one.name}${one.usage ? ` ${one.usage}` : ''}${one.flags.length > 0 ? ' [options]' : ''}`,
      `\n  ${one.summary}\n`,
      ...rows([...one.flags, ...GLOBAL].map(flagRow)),
      '\nExamples:',
      ...one.examples.map((example) => `  ${example}`),
      '\nExit codes:',
      ...exitRows(),
    ].join('\n');
  }
  return [
    'Usage: peerage COMMAND [options]\n',
    ...rows(VERBS.map((each) => [`${each.name} ${each.usage}`.trim(), each.summary])),
    '\nEverywhere:',
    ...rows(GLOBAL.map(flagRow)),
    '\nExit codes:',
    ...exitRows(),
    '\nExamples:',
    '  echo "Is the build green?" | peerage send Ada --wait',
    '  peerage inbox --since-last',
    '\n`peerage COMMAND --help` tells more.',
  ].join('\n');
}
