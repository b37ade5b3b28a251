/** The numbers by which a client tells one delivery from another: none is ever given twice. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { durableStorage, type RelayStorage } from '../../../electron/relay-server/index.ts';
import { openRelayStore, type Store } from '../../../electron/store/store.ts';

const MANY = Array.from({ length: 4_000 }, (_, i) => `agent-${i}`);

interface Opened {
  readonly store: Store;
  readonly storage: RelayStorage;
}

/** A file that is opened again and again, as after a crash: what was not committed is not there. */
function file(): { open(): Opened; remove(): void } {
  const home = mkdtempSync(join(tmpdir(), 'peerage-relay-numbers-'));
  return {
    open: () => {
      const store = openRelayStore(home, Date.now());
      return { store, storage: durableStorage(store) };
    },
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

/** A broadcast that takes numbers and then finds the disk full. */
async function onFullDisk({ store, storage }: Opened): Promise<void> {
  const { page_count: pages } = store
    .prepare<{ page_count: number }>('PRAGMA page_count')
    .get() ?? {
    page_count: 0,
  };
  store.prepare(`PRAGMA max_page_count = ${pages + 1}`).get();
  await expect(storage.broadcasts.add(MANY, '{}', 66, 1, true)).rejects.toMatchObject({
    error: { code: 'store.disk_full' },
  });
  store.prepare('PRAGMA max_page_count = 1073741823').get();
}

const add = async ({ storage }: Opened): Promise<number> =>
  (await storage.inbox.add('beta', '{}', 66, 1)).row;

it('a full disk undoes the first block of numbers, and after a crash none of them comes again', async () => {
  const kept = file();
  try {
    const first = kept.open();
    await onFullDisk(first);
    const before = [await add(first), await add(first)];
    await first.storage.close();
    const second = kept.open();
    expect(await add(second)).toBeGreaterThan(Math.max(...before));
    await second.storage.close();
  } finally {
    kept.remove();
  }
});

it('whatever fails and whenever it is opened anew, numbers only grow', async () => {
  const step = fc.constantFrom('one', 'two at once', 'many', 'full disk', 'crash');
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 12 }), async (steps) => {
      const kept = file();
      let opened = kept.open();
      let last = 0;
      const given = (rows: readonly number[]): void => {
        for (const row of rows) {
          expect(row).toBeGreaterThan(last);
          last = row;
        }
      };
      try {
        for (const what of steps) {
          if (what === 'one') given([await add(opened)]);
          else if (what === 'two at once') {
            given(await Promise.all([add(opened), add(opened)]));
          } else if (what === 'many') {
            const sent = await opened.storage.broadcasts.add(MANY.slice(0, 300), '{}', 66, 1, true);
            given(sent.map(({ row }) => row));
          } else if (what === 'full disk') await onFullDisk(opened);
          else {
            await opened.storage.close();
            opened = kept.open();
          }
        }
      } finally {
        await opened.storage.close();
        kept.remove();
      }
    }),
    { numRuns: 30 },
  );
});
