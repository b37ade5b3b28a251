/** Counts of tests, and the one line that a run ends with. */

/** @typedef {{ passed: number, failed: number, skipped: number }} Tally */

/** @type {Tally} */
export const NOTHING = { passed: 0, failed: 0, skipped: 0 };

/**
 * @param {...Tally} tallies
 * @returns {Tally}
 */
export const sum = (...tallies) =>
  tallies.reduce(
    (all, one) => ({
      passed: all.passed + one.passed,
      failed: all.failed + one.failed,
      skipped: all.skipped + one.skipped,
    }),
    NOTHING,
  );

/** @param {Tally} tally */
export const closingLine = ({ passed, failed, skipped }) =>
  `${passed} passed, ${failed} failed, ${skipped} skipped`;

/**
 * The last closing line in an output, or null where it has none.
 * @param {string} output
 * @returns {Tally | null}
 */
export function readClosingLine(output) {
  const found = [...output.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?\r?$/gm)].at(
    -1,
  );
  if (!found) return null;
  return { passed: Number(found[1]), failed: Number(found[2]), skipped: Number(found[3] ?? 0) };
}

/**
 * Counts of vitest's JSON report. A file that could not even be loaded has no tests to fail: it
 * counts as one failure. So does a run that ends badly though every test passed.
 * @param {string} json the report, or '' where none was written
 * @param {number} code the exit code
 * @returns {Tally}
 */
export function tallyOfReport(json, code) {
  /** @type {{ numPassedTests?: number, numFailedTests?: number, numPendingTests?: number, numTodoTests?: number, testResults?: { status: string, assertionResults: { status: string }[] }[] }} */
  let report = {};
  try {
    report = JSON.parse(json);
  } catch {
    return { ...NOTHING, failed: 1 };
  }
  const unloaded = (report.testResults ?? []).filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = (report.numFailedTests ?? 0) + unloaded;
  return {
    passed: report.numPassedTests ?? 0,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0),
  };
}

/** What a line that names a failed test begins with, in the output of a run. */
export const FAILED = 'failed: ';
/** The same for one that failed and passed when it was tried again: CI gives a second try where other programs take part. */
const SECOND_TRY = 'passed at the second try: ';

/**
 * A line for each failed test of vitest's JSON report: its file, its whole name, and the first line of why.
 * So that no unsteady test stays unseen, also for each that needed a second try.
 * @param {string} json the report, or '' where none was written
 * @param {string} root the folder that the files are named from
 * @returns {string[]}
 */
export function failuresOfReport(json, root) {
  /** @type {{ testResults?: { name: string, status: string, message?: string, assertionResults: { status: string, fullName: string, failureMessages?: string[] }[] }[] }} */
  let report = {};
  try {
    report = JSON.parse(json);
  } catch {
    return [`${FAILED}the run wrote no report`];
  }
  return (report.testResults ?? []).flatMap(({ name, status, message, assertionResults }) => {
    const file = name.startsWith(root) ? name.slice(root.length + 1) : name;
    /** @param {string} kind @param {typeof assertionResults[number]} test */
    const line = (kind, test) =>
      `${kind}${file} > ${test.fullName}: ${firstLine(test.failureMessages?.[0])}`;
    const again = assertionResults
      .filter((test) => test.status === 'passed' && (test.failureMessages ?? []).length > 0)
      .map((test) => line(SECOND_TRY, test));
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length > 0) return [...again, ...failed.map((test) => line(FAILED, test))];
    return status === 'failed' ? [...again, `${FAILED}${file}: ${firstLine(message)}`] : again;
  });
}

/** @param {string} beginning @returns {(output: string) => string[]} */
const linesWith = (beginning) => (output) =>
  output.split(/\r?\n/).filter((line) => line.startsWith(beginning));

/** The lines of an output that name failed tests. */
export const readFailures = linesWith(FAILED);
/** The lines of an output that name tests which passed only when they were tried again. */
export const readSecondTries = linesWith(SECOND_TRY);

/** @param {string | undefined} text */
const firstLine = (text) => (text ?? '').split('\n', 1)[0]?.slice(0, 300) ?? '';
