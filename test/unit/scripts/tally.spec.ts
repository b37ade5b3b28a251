import { describe, expect, test } from 'vitest';
import {
  closingLine,
  failuresOfReport,
  NOTHING,
  readClosingLine,
  readFailures,
  readSecondTries,
  sum,
  tallyOfReport,
} from '../../../scripts/parts/tally.mjs';

describe('tally', () => {
  test('sums, writes and reads the closing line', () => {
    const total = sum({ passed: 3, failed: 0, skipped: 1 }, { passed: 2, failed: 1, skipped: 0 });
    expect(closingLine(total)).toBe('5 passed, 1 failed, 1 skipped');
    expect(readClosingLine(`noise\n${closingLine(total)}\n`)).toEqual(total);
    expect(readClosingLine('1 passed, 0 failed\n4 passed, 2 failed\r\n')).toEqual({
      passed: 4,
      failed: 2,
      skipped: 0,
    });
    expect(readClosingLine('Tests 3 passed, 0 failed')).toBeNull();
    expect(sum()).toEqual(NOTHING);
  });

  const report = (more: object): string =>
    JSON.stringify({ numPassedTests: 4, numFailedTests: 0, numPendingTests: 1, ...more });

  test('counts a report', () => {
    expect(tallyOfReport(report({ numTodoTests: 1 }), 0)).toEqual({
      passed: 4,
      failed: 0,
      skipped: 2,
    });
    expect(tallyOfReport(report({ numFailedTests: 2 }), 1).failed).toBe(2);
  });

  test('counts as failed what vitest does not count as a test', () => {
    const unloaded = { testResults: [{ status: 'failed', assertionResults: [] }] };
    expect(tallyOfReport(report(unloaded), 1).failed).toBe(1);
    expect(tallyOfReport(report({}), 1).failed).toBe(1);
    expect(tallyOfReport('', 0).failed).toBe(1);
    expect(tallyOfReport('{', 139).failed).toBe(1);
  });

  test('names what failed, so that the end of a long log tells it', () => {
    const json = JSON.stringify({
      testResults: [
        {
          name: '/project/test/a.spec.ts',
          status: 'failed',
          assertionResults: [
            { status: 'passed', fullName: 'is fine' },
            { status: 'failed', fullName: 'outbox keeps', failureMessages: ['Error: lost\n at b'] },
          ],
        },
        {
          name: '/project/test/b.spec.ts',
          status: 'failed',
          message: 'no such file',
          assertionResults: [],
        },
        { name: '/project/test/c.spec.ts', status: 'passed', assertionResults: [] },
      ],
    });
    const lines = failuresOfReport(json, '/project');
    expect(lines).toEqual([
      'failed: test/a.spec.ts > outbox keeps: Error: lost',
      'failed: test/b.spec.ts: no such file',
    ]);
    expect(readFailures(`noise\n${lines.join('\n')}\n1 passed, 2 failed, 0 skipped`)).toEqual(
      lines,
    );
    expect(failuresOfReport('', '/project')).toHaveLength(1);
  });

  test('names what passed only at the second try, and does not count it as failed', () => {
    const passed = {
      status: 'passed',
      fullName: 'relay pushes',
      failureMessages: ['Error: late\n at x'],
    };
    const fine = { status: 'passed', fullName: 'relay stops', failureMessages: [] };
    const json = report({
      testResults: [
        { name: '/project/test/a.spec.ts', status: 'passed', assertionResults: [passed, fine] },
      ],
    });
    const lines = failuresOfReport(json, '/project');
    expect(lines).toEqual(['passed at the second try: test/a.spec.ts > relay pushes: Error: late']);
    const output = `noise\n${lines.join('\n')}\n4 passed, 0 failed, 1 skipped`;
    expect(readSecondTries(output)).toEqual(lines);
    expect(readFailures(output)).toEqual([]);
    expect(tallyOfReport(json, 0).failed).toBe(0);
  });
});
