import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readAllFailures, readDetails } from '../../../scripts/parts/run-log.mjs';

const rule = (title: string): string => `\u001b[31m⎯⎯⎯⎯\u001b[39m\u001b[1m ${title} \u001b[22m⎯⎯⎯⎯`;
const fail = (what: string): string => `\u001b[41m\u001b[1m FAIL \u001b[22m\u001b[49m ${what}`;
const frame = (at: string): string[] => [
  `\u001b[36m ❯ ${at}\u001b[39m`,
  '    3|   beforeAll(async () => {',
  '    4|     await until(ready);',
  '     |     ^',
  '    5|   });',
];

/** As the default reporter ends, and `npm test` after it. */
const log = (...ends: string[]): string =>
  [
    ' RUN  v5.1.1 /project',
    ' ❯ real test/a.spec.ts (2 tests | 2 skipped)',
    '',
    rule('Failed Suites 2'),
    '',
    fail(' real  test/a.spec.ts\u001b[2m > \u001b[22man invite'),
    '\u001b[31m\u001b[1mError\u001b[22m: the desk is in: not within 60000 ms',
    'Mine: needs_approval\u001b[39m',
    ...frame('test/a.spec.ts:4:5'),
    '',
    '\u001b[31m⎯⎯⎯⎯⎯⎯[1/3]⎯\u001b[39m',
    '',
    fail('|real| test/b.spec.ts [ test/b.spec.ts ]'),
    'Error: Cannot find module',
    '⎯⎯⎯⎯⎯⎯[2/3]⎯',
    rule('Failed Tests 1'),
    fail(' real  test/c.spec.ts > outbox > keeps'),
    'AssertionError: lost',
    '⎯⎯⎯⎯⎯⎯[3/3]⎯',
    '',
    ' Test Files  3 failed (3)',
    '      Tests  1 failed | 2 skipped (3)',
    ...ends,
  ].join('\n');
const END = [
  'failed: test/a.spec.ts: ',
  'failed: test/b.spec.ts: Cannot find module',
  'failed: test/c.spec.ts > outbox keeps: AssertionError: lost',
  '0 passed, 3 failed, 2 skipped',
];

describe('the log of a run', () => {
  test('tells what failed, with errors and code, without colours', () => {
    expect(readDetails(log(...END), 60)).toEqual([
      ' FAIL   real  test/a.spec.ts > an invite',
      'Error: the desk is in: not within 60000 ms',
      'Mine: needs_approval',
      ' ❯ test/a.spec.ts:4:5',
      '    3|   beforeAll(async () => {',
      '    4|     await until(ready);',
      '     |     ^',
      '    5|   });',
      ' FAIL  |real| test/b.spec.ts [ test/b.spec.ts ]',
      'Error: Cannot find module',
      ' FAIL   real  test/c.spec.ts > outbox > keeps',
      'AssertionError: lost',
    ]);
    expect(readDetails(' Test Files  3 passed (3)\n3 passed, 0 failed, 0 skipped\n', 60)).toEqual(
      [],
    );
  });

  test('is shortened in the middle of what is long, and says how much more there is', () => {
    const long = log(...END).replace('Mine: needs_approval', 'a line\n'.repeat(500).trim());
    const some = readDetails(long, 40);
    expect(some.length).toBeLessThan(45);
    expect(some[1]).toContain('the desk is in');
    expect(some).toContain('…');
    expect(some).toContain(' ❯ test/a.spec.ts:4:5');
    expect(readDetails(long, 16).at(-1)).toBe('… and 2 more');
  });

  test('has the error of a hook, where the report has none and where it does not name it at all', () => {
    const hook = 'failed: test/a.spec.ts > an invite: Error: the desk is in: not within 60000 ms';
    expect(readAllFailures(log(...END), 'real')).toEqual([END[1], END[2], hook]);
    expect(readAllFailures(log(...END.slice(1)), 'real')).toEqual([END[1], END[2], hook]);
    expect(readAllFailures('3 passed, 0 failed, 0 skipped\n', 'real')).toEqual([]);
  });

  test('that was cut off says so, with its last lines', () => {
    expect(readAllFailures('one\ntwo\n', 'real')).toEqual(['failed: real did not come to its end']);
    expect(readDetails('one\ntwo\nthree', 2)).toEqual(['two', 'three']);
  });

  test('is summed last: first all that failed, then the names, then the line', () => {
    const folder = mkdtempSync(join(tmpdir(), 'peerage-log-'));
    try {
      writeFileSync(join(folder, 'test'), 'much\n7 passed, 0 failed, 0 skipped\n');
      writeFileSync(join(folder, 'real'), log(...END));
      const program = resolve(import.meta.dirname, '../../../scripts/ci-sum.mjs');
      const run = spawnSync(process.execPath, [
        program,
        join(folder, 'test'),
        join(folder, 'real'),
      ]);
      const lines = run.stdout.toString().trim().split('\n');
      expect(run.status).toBe(1);
      expect(lines[0]).toBe('What failed in real:');
      expect(lines.slice(-4).map((line) => line.slice(0, 24))).toEqual([
        'failed: test/b.spec.ts: ',
        'failed: test/c.spec.ts >',
        'failed: test/a.spec.ts >',
        '7 passed, 3 failed, 2 sk',
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
