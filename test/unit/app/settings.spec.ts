/** Settings that another version left, or that were damaged: each falls back alone, and the app starts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSettings } from '../../../electron/app/settings.ts';
import { DEFAULT_SETTINGS } from '../../../electron/contract/index.ts';
import { openStore, type Store } from '../../../electron/store/store.ts';

describe('stored settings', () => {
  let home: string;
  let store: Store;
  const lines: string[] = [];
  const read = () =>
    createSettings(
      store,
      () => {},
      (line) => void lines.push(line),
    );
  const put = (name: string, value: string): Promise<void> =>
    store.write(() => {
      store
        .prepare<never, [string, string]>(
          'INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
        )
        .run(name, value);
    });
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'peerage-settings-'));
    store = openStore(home, 0);
    lines.length = 0;
  });
  afterEach(async () => {
    await store.close();
    rmSync(home, { recursive: true, force: true });
  });

  it.each([
    ['cut off', '{"a":'],
    ['empty', ''],
    ['of another kind', '{"version":9}'],
    ['a choice that this version does not have', '"sepia"'],
    ['nothing', 'null'],
  ])('whose value is %s hurt none of the others', async (_, value) => {
    await put('openAtLogin', 'true');
    await put('theme', value);
    expect(read().current()).toEqual({ ...DEFAULT_SETTINGS, openAtLogin: true });
    expect(lines).toEqual([expect.stringContaining('theme is not usable')]);
  });

  it.each(['ofLaterVersions', '__proto__', 'constructor'])(
    'named %s are left alone',
    async (name) => {
      await put(name, '{"theme":"dark"}');
      expect(read().current()).toEqual(DEFAULT_SETTINGS);
      expect(lines).toEqual([]);
    },
  );

  it('are mended by the next change, and last', async () => {
    await put('theme', 'broken');
    await read().update({ theme: 'dark' });
    expect(read().current().theme).toBe('dark');
    expect(lines).toHaveLength(1);
  });
});
