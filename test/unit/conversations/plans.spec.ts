import { DatabaseSync } from 'node:sqlite';
import { afterEach, expect, it, vi } from 'vitest';
import { Home } from './home.ts';

afterEach(() => vi.restoreAllMocks());

/** Every statement that conversations prepare, with what SQLite does for it. */
async function plans(): Promise<{ readonly sql: string; readonly steps: readonly string[] }[]> {
  const prepare = vi.spyOn(DatabaseSync.prototype, 'prepare');
  const home = new Home();
  await home.start();
  const all = new Set(prepare.mock.calls.map(([sql]) => sql));
  prepare.mockRestore();
  const explained = [...all]
    .filter((sql) => /^\s*(?:SELECT|UPDATE|DELETE|INSERT|WITH)\b/i.test(sql))
    .map((sql) => {
      const rows = home.store.prepare<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all();
      return { sql: sql.replaceAll(/\s+/g, ' '), steps: rows.map(({ detail }) => detail) };
    });
  await home.remove();
  return explained;
}

it('no statement reads every message there is', async () => {
  const found = await plans();
  expect(found.length).toBeGreaterThan(80);
  const all = found.filter(
    ({ sql, steps }) =>
      steps.some((step) => /^SCAN (?:m|messages)$/.test(step)) &&
      // The newest few: it ends where it has them.
      !/ORDER BY m\.row DESC LIMIT \?$/.test(sql),
  );
  expect(all.map(({ sql }) => sql)).toEqual([]);
});
