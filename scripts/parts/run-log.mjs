/** What a log of vitest's default reporter says about failures: more than its JSON report, where a hook failed. */
import { stripVTControlCharacters } from 'node:util';
import { FAILED, readClosingLine, readFailures } from './tally.mjs';

/** A title between two rules, as of *Failed Suites 2*. */
const TITLE = /^⎯+ (.*\S) ⎯+$/;
const BEGINS = /^(Failed Suites|Failed Tests|Unhandled Errors)\b/;
const RULE = /^⎯+(\[\d+\/\d+\]⎯+)?$/;
const SUMMARY = /^\s*Test Files\s/;
/** ` FAIL  real test/a.spec.ts > a suite > a test`; the project stands between bars where there is no colour. */
const FAIL = /^\s*FAIL\s+(?:\|?[\w-]+\|?\s+)?(\S+\.spec\.tsx?)(.*)$/;
/** How much of the end of a failure is kept: its place in the code, and the lines around that. */
const FRAME_LINES = 8;

/** @param {string} output */
const linesOf = (output) => stripVTControlCharacters(output).split(/\r?\n/);

/**
 * The failures that the log tells at its end, each as its lines: what failed, its error, and where.
 * @param {string} output
 * @returns {{ title: string, lines: string[] }[]} `title` as *Failed Suites 2*
 */
function failuresIn(output) {
  /** @type {{ title: string, lines: string[] }[]} */
  const found = [];
  let title = '';
  let fresh = true;
  for (const line of linesOf(output)) {
    const named = TITLE.exec(line)?.[1] ?? '';
    if (BEGINS.test(named)) title = named;
    if (title === '') continue;
    if (SUMMARY.test(line)) title = '';
    else if (RULE.test(line) || BEGINS.test(named)) fresh = true;
    else if (line.trim() !== '') {
      if (fresh) found.push({ title, lines: [] });
      fresh = false;
      found.at(-1)?.lines.push(line.slice(0, 300));
    }
  }
  return found;
}

/**
 * What failed in a run, with errors and code, shortened in the middle of what is long.
 * @param {string} output
 * @param {number} most lines, about
 * @returns {string[]} empty where all passed
 */
export function readDetails(output, most) {
  const failures = failuresIn(output);
  if (failures.length === 0)
    return readClosingLine(output) === null ? linesOf(output).slice(-most) : [];
  const each = Math.max(2 * FRAME_LINES, Math.floor(most / failures.length));
  /** @type {string[]} */
  const told = [];
  for (const [index, { lines }] of failures.entries()) {
    if (told.length >= most) return [...told, `… and ${failures.length - index} more`];
    const head = lines.slice(0, each - FRAME_LINES - 1);
    told.push(...(lines.length <= each ? lines : [...head, '…', ...lines.slice(-FRAME_LINES)]));
  }
  return told;
}

/**
 * A line for each failure of a run. A hook that failed is told by the log alone: where all tests of a file
 * passed or were left out, and where others failed.
 * @param {string} output of a run that ends with its failures and its closing line
 * @param {string} name of the run, for one that was cut off
 * @returns {string[]}
 */
export function readAllFailures(output, name) {
  const told = readFailures(output);
  /** @type {Map<string, string[]>} */
  const hooks = new Map();
  for (const { title, lines } of failuresIn(output)) {
    if (!title.startsWith('Failed Suites')) continue;
    const why = lines.find((line) => !FAIL.test(line)) ?? '';
    for (const line of lines) {
      const [, file, suite = ''] = FAIL.exec(line) ?? [];
      // A file that could not be loaded is named twice, and the report has its error.
      if (!file || suite.trim().startsWith('[')) continue;
      hooks.set(file, [...(hooks.get(file) ?? []), `${FAILED}${file}${suite}: ${why}`]);
    }
  }
  const bare = [...hooks.keys()].map((file) => `${FAILED}${file}: `);
  return [
    ...told.filter((line) => !bare.includes(line)),
    ...[...hooks.values()].flat(),
    ...(readClosingLine(output) === null ? [`${FAILED}${name} did not come to its end`] : []),
  ];
}
