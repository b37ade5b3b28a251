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

/**
 * A line for each failed test of vitest's JSON report: its file, its whole name, and the first line of why.
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
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0)
      return status === 'failed' ? [`${FAILED}${file}: ${firstLine(message)}`] : [];
    return failed.map(
      (test) => `${FAILED}${file} > ${test.fullName}: ${firstLine(test.failureMessages?.[0])}`,
    );
  });
}

/**
 * The lines of an output that name failed tests.
 * @param {string} output
 * @returns {string[]}
 */
export const readFailures = (output) =>
  output.split(/\r?\n/).filter((line) => line.startsWith(FAILED));

/** @param {string | undefined} text */
const firstLine = (text) => (text ?? '').split('\n', 1)[0]?.slice(0, 300) ?? '';
