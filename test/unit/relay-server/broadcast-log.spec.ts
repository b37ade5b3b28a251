import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { expect, it } from 'vitest';
import { BROADCAST_LOG } from '../../../electron/relay-server/limits.ts';
import { durableStorage } from '../../../electron/relay-server/storage/durable.ts';
import { openRelayStore } from '../../../electron/store/store.ts';

const MB = 1_048_576;

it('a relay that nobody asks how it is lets go of broadcasts that everybody has', async () => {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'peerage-relay-log-'));
  const store = openRelayStore(home, 0);
  const { broadcasts, inbox, close } = durableStorage(store);
  const rows = store.prepare<{ n: number }>('SELECT count(*) AS n FROM shared_bodies');
  const [waiting] = await broadcasts.add(['slow'], 'waits', MB, 0, true);
  for (let sent = 0; sent < 1_000; sent++) await broadcasts.add([], 'heard', MB, sent, true);
  expect(rows.get()?.n).toBeLessThanOrEqual(BROADCAST_LOG + 1 + 65);
  expect(await broadcasts.count(BROADCAST_LOG)).toBe(BROADCAST_LOG);
  expect(await inbox.read('slow', 0, 10)).toEqual([waiting]);
  await close();
  fs.rmSync(home, { recursive: true });
});
