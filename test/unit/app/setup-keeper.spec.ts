import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAppState } from '../../../electron/app/app-state.ts';
import { createSetupKeeper } from '../../../electron/app/setup-keeper.ts';
import type { CallerContext, ChangeKey } from '../../../electron/contract/index.ts';
import { openStore, type Store } from '../../../electron/store/store.ts';

const context: CallerContext = {
  door: 'window',
  connectionId: 'c',
  signal: new AbortController().signal,
};

let home: string;
let store: Store;
let changes: ChangeKey[];
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'peerage-setup-'));
  store = openStore(home, 1);
  changes = [];
});
afterEach(async () => {
  await store.close();
  fs.rmSync(home, { recursive: true, force: true });
});

const keeper = (hasPeers = false) =>
  createSetupKeeper(
    createAppState(store),
    (key) => changes.push(key),
    () => hasPeers,
  );

describe('the setup', () => {
  it('is open in a home without peers, and only offered in one with peers', () => {
    expect(keeper(false).view()).toMatchObject({ open: true, step: 'welcome' });
    expect(keeper(true).view()).toMatchObject({ open: false, step: 'welcome' });
  });

  it('goes on where it was after a restart', async () => {
    const peer = {
      whose: 'theirs',
      name: 'Ben',
      address: 'ben.tail.ts.net',
      inviteId: null,
      peerId: null,
    } as const;
    const before = keeper();
    await before.handlers['setup.update']({ changes: { step: 'peer', peer } }, context);
    await before.handlers['setup.update']({ changes: { skipped: ['bind'] } }, context);
    expect(changes).toEqual([{ type: 'app' }, { type: 'app' }]);
    expect(keeper().view()).toEqual({
      open: true,
      step: 'peer',
      skipped: ['bind'],
      peer,
      proof: null,
    });
  });

  it('begins anew where it is told to', async () => {
    const first = keeper(true);
    await first.handlers['setup.update']({ changes: { step: 'done', open: false } }, context);
    await first.handlers['setup.restart']({}, context);
    expect(first.view()).toMatchObject({ open: true, step: 'welcome', skipped: [] });
  });
});
