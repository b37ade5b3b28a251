/** When the app looks for updates, takes them and restarts: the policy, with time moved by hand. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Settings, UpdateView } from '../../../electron/contract/index.ts';
import {
  CHECK_EVERY_MS,
  FIRST_CHECK_MS,
  isSending,
  QUIET_LOOK_MS,
  RETRY_MS,
  type Updater,
  Updates,
} from '../../../electron/shell/desktop/updates.ts';
import { updateError } from '../../../electron/shell/desktop/updates-errors.ts';
import { asksPassword, updateKind } from '../../../electron/shell/desktop/updates-place.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { peerRow } from './fake-app.ts';

const root = resolve(import.meta.dirname, '../../..');
const HOUR_MS = 3_600_000;

function house(options: { mode?: Settings['updates']; password?: boolean } = {}) {
  const clock = fakeClock();
  const views: UpdateView[] = [];
  const did: string[] = [];
  const state = {
    mode: options.mode ?? ('automatic' as Settings['updates']),
    busy: false,
    newest: null as string | null,
    fails: null as Error | null,
    /** Null = the download ends at once. */
    hold: null as Promise<void> | null,
  };
  const updater: Updater = {
    check: async () => {
      did.push('check');
      if (state.fails) throw state.fails;
      return state.newest;
    },
    download: async (onPercent, signal) => {
      did.push('download');
      onPercent(12.7);
      onPercent(12.9);
      onPercent(7);
      if (state.hold) {
        const aborted = new Promise<void>((resolve) =>
          signal.addEventListener('abort', () => resolve()),
        );
        await Promise.race([state.hold, aborted]);
        if (signal.aborted) throw new Error('cancelled');
      }
      if (state.fails) throw state.fails;
      onPercent(100);
    },
    install: (restart) => {
      if (state.fails) throw state.fails;
      did.push(restart ? 'install and restart' : 'install');
    },
  };
  const updates = new Updates({
    clock,
    updater,
    mode: () => state.mode,
    busy: () => state.busy,
    tell: (view) => views.push(view),
    quit: () => did.push('quit'),
    relaunch: () => did.push('relaunch'),
    password: options.password ?? false,
    random: () => 0,
    log: () => {},
  });
  return { clock, views, did, state, updates, view: () => views.at(-1) };
}

describe('looking', () => {
  test('begins a while after the start, and goes on a few times a day', async () => {
    const { updates, clock, did, view } = house();
    updates.start();
    await clock.advance(FIRST_CHECK_MS - 1);
    expect(did).toEqual([]);
    await clock.advance(1);
    expect(did).toEqual(['check']);
    expect(view()).toEqual({ kind: 'idle', checkedAt: clock.now() });
    await clock.advance(24 * HOUR_MS);
    expect(did.length).toBe(1 + (24 * HOUR_MS) / CHECK_EVERY_MS);
  });

  test('never begins where it is switched off, and begins when it is switched on', async () => {
    const { updates, clock, did, state } = house({ mode: 'off' });
    updates.start();
    await clock.sleep(48 * HOUR_MS);
    await clock.advance(48 * HOUR_MS);
    expect(did).toEqual([]);
    state.mode = 'ask';
    updates.settingsChanged();
    await clock.advance(2 * QUIET_LOOK_MS);
    expect(did).toEqual(['check']);
    state.mode = 'off';
    updates.settingsChanged();
    await clock.advance(48 * HOUR_MS);
    expect(did).toEqual(['check']);
  });

  test('comes soon after a long sleep, and not after a short one', async () => {
    const { updates, clock, did } = house();
    updates.start();
    await clock.advance(FIRST_CHECK_MS);
    await clock.sleep(60_000);
    await clock.advance(2 * 60_000);
    expect(did).toEqual(['check']);
    clock.jump(CHECK_EVERY_MS);
    await clock.sleep(0);
    await clock.advance(2 * 60_000);
    expect(did).toEqual(['check', 'check']);
  });

  test('without a network is quiet, comes sooner again, and less and less soon', async () => {
    const { updates, clock, did, state, views, view } = house();
    state.fails = new Error('net::ERR_INTERNET_DISCONNECTED');
    updates.start();
    await clock.advance(FIRST_CHECK_MS);
    expect(view()).toEqual({ kind: 'idle', checkedAt: null });
    expect(views.map(({ kind }) => kind)).not.toContain('failed');
    await clock.advance(RETRY_MS);
    expect(did).toHaveLength(2);
    await clock.advance(RETRY_MS);
    expect(did).toHaveLength(2);
    await clock.advance(RETRY_MS);
    expect(did).toHaveLength(3);
  });

  test('tells the person who asked why it failed', async () => {
    const { updates, state, view } = house();
    state.fails = new Error('net::ERR_INTERNET_DISCONNECTED\n at somewhere');
    await updates.check();
    expect(view()).toMatchObject({
      kind: 'failed',
      version: null,
      error: { code: 'update.check_failed', detail: 'net::ERR_INTERNET_DISCONNECTED' },
    });
  });
});

describe('taking', () => {
  test('by itself: downloads, tells how far it is, and stands ready', async () => {
    const { updates, clock, state, views, did } = house();
    state.newest = '2.0.0';
    updates.start();
    await clock.advance(FIRST_CHECK_MS);
    expect(did).toEqual(['check', 'download']);
    expect(views.slice(1)).toEqual([
      { kind: 'checking' },
      { kind: 'available', version: '2.0.0' },
      { kind: 'downloading', version: '2.0.0', percent: 0 },
      { kind: 'downloading', version: '2.0.0', percent: 12 },
      { kind: 'downloading', version: '2.0.0', percent: 100 },
      { kind: 'ready', version: '2.0.0', password: false },
    ]);
  });

  test('after a question: waits for the person', async () => {
    const { updates, clock, state, did, view } = house({ mode: 'ask' });
    state.newest = '2.0.0';
    updates.start();
    await clock.advance(FIRST_CHECK_MS);
    expect(did).toEqual(['check']);
    expect(view()).toEqual({ kind: 'available', version: '2.0.0' });
    await updates.download();
    expect(view()?.kind).toBe('ready');
  });

  test('a wrong signature is told and thrown away, and is not installed', async () => {
    const { updates, state, view, did } = house();
    state.newest = '2.0.0';
    state.hold = Promise.resolve();
    const wrong = Object.assign(new Error('not signed'), { code: 'ERR_UPDATER_INVALID_SIGNATURE' });
    const asked = updates.check();
    await Promise.resolve();
    state.fails = wrong;
    await asked;
    expect(view()).toMatchObject({ kind: 'failed', error: { code: 'update.not_genuine' } });
    updates.install();
    expect(updates.atEnd(true)).toBe(false);
    expect(did).not.toContain('install');
  });

  test('switched off in the middle, a download ends', async () => {
    const { updates, state, view } = house();
    state.newest = '2.0.0';
    state.hold = new Promise(() => {});
    const asked = updates.check();
    await expect.poll(() => view()?.kind).toBe('downloading');
    state.mode = 'off';
    updates.settingsChanged();
    await asked;
    expect(view()?.kind).toBe('idle');
  });
});

describe('restarting', () => {
  const ready = async (options: Parameters<typeof house>[0] = {}) => {
    const made = house(options);
    made.state.newest = '2.0.0';
    await made.updates.check();
    if (made.view()?.kind === 'available') await made.updates.download();
    expect(made.view()?.kind).toBe('ready');
    made.did.length = 0;
    return made;
  };

  test('never comes by itself, however long nobody quits', async () => {
    const { clock, did } = await ready();
    await clock.advance(30 * 24 * HOUR_MS);
    expect(did.filter((what) => what !== 'check')).toEqual([]);
  });

  test('waits until nothing is being sent, and stays quiet for a moment', async () => {
    const { updates, clock, state, did, view } = await ready();
    state.busy = true;
    updates.install();
    await clock.advance(10 * 60_000);
    expect(view()).toEqual({ kind: 'waiting', version: '2.0.0' });
    expect(did).toEqual([]);
    state.busy = false;
    await clock.advance(QUIET_LOOK_MS);
    state.busy = true;
    await clock.advance(QUIET_LOOK_MS);
    expect(did).toEqual([]);
    state.busy = false;
    await clock.advance(2 * QUIET_LOOK_MS);
    expect(did).toEqual(['quit']);
    expect(updates.atEnd(false)).toBe(true);
    expect(did).toEqual(['quit', 'install and restart']);
  });

  test('that fails gives who asked for a restart the app back, and nobody else', async () => {
    const asked = await ready();
    asked.updates.install();
    await asked.clock.advance(2 * QUIET_LOOK_MS);
    asked.state.fails = new Error('Command pkexec exited with code 126');
    expect(asked.updates.atEnd(true)).toBe(false);
    asked.updates.notTaken();
    expect(asked.did).toEqual(['quit', 'relaunch']);
    const quit = await ready();
    quit.state.fails = new Error('no');
    expect(quit.updates.atEnd(true)).toBe(false);
    quit.updates.notTaken();
    expect(quit.did).toEqual([]);
  });

  test.each([
    ['nothing', {}, 0, false],
    ['an agent that works on what we sent', { running: true, status: 'down' }, 0, true],
    ['a message to a peer who is up', { waiting: 1, status: 'up' }, 0, true],
    ['a message over a slow link', { waiting: 1, status: 'degraded' }, 0, true],
    ['a queue for somebody offline', { waiting: 9, status: 'down' }, 0, false],
    ['a queue that waits for an approval', { waiting: 9, status: 'needs_you' }, 0, false],
    ['an agent of ours at work for a peer', {}, 1, true],
  ] as const)('is not in the way of %s', (_, row, running, sending) => {
    const app = { reception: { running } };
    expect(isSending({ app, peers: [peerRow(1), peerRow(2, row)] })).toBe(sending);
  });

  test('that was asked for is done without starting again, where the person quits instead of waiting', async () => {
    const { updates, state, did } = await ready({ mode: 'ask', password: true });
    state.busy = true;
    updates.install();
    updates.stop();
    expect(updates.atEnd(true)).toBe(true);
    expect(did).toEqual(['install']);
  });

  test('that was asked for is not done where the system ends the app meanwhile', async () => {
    const { updates, state, did } = await ready();
    state.busy = true;
    updates.install();
    updates.stop();
    expect([updates.atEnd(false), did]).toEqual([false, []]);
  });

  test('can be taken back while it waits', async () => {
    const { updates, clock, state, did, view } = await ready();
    state.busy = true;
    updates.install();
    updates.later();
    state.busy = false;
    await clock.advance(HOUR_MS);
    expect(view()?.kind).toBe('ready');
    expect(did).toEqual([]);
  });

  test.each([
    ['a person quits, automatic', { mode: 'automatic' }, true, ['install']],
    ['the system ends it, automatic', { mode: 'automatic' }, false, []],
    ['a person quits, after a question', { mode: 'ask' }, true, []],
    [
      'a person quits, and a password would be asked for',
      { mode: 'automatic', password: true },
      true,
      [],
    ],
  ] as const)('at the end: %s', async (_, options, byPerson, expected) => {
    const { updates, did } = await ready(options);
    updates.stop();
    expect(updates.atEnd(byPerson)).toBe(expected.length > 0);
    expect(did).toEqual(expected);
  });

  test('property: whatever happens, it quits only when asked and while nothing is being sent', async () => {
    const step = fc.constantFrom('install', 'later', 'busy', 'quiet', 'time', 'check', 'woke');
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { updates, clock, state, did } = house();
        state.newest = '2.0.0';
        updates.start();
        let wanted = false;
        for (const what of steps) {
          const before = did.filter((done) => done === 'quit').length;
          if (what === 'install') {
            updates.install();
            wanted = true;
          } else if (what === 'later') {
            updates.later();
          } else if (what === 'busy') state.busy = true;
          else if (what === 'quiet') state.busy = false;
          else if (what === 'time') await clock.advance(FIRST_CHECK_MS);
          else if (what === 'check') await updates.check();
          else await clock.sleep(HOUR_MS);
          if (did.filter((done) => done === 'quit').length > before) {
            expect(wanted && !state.busy).toBe(true);
          }
        }
        expect(did.filter((done) => done === 'quit').length).toBeLessThanOrEqual(1);
        updates.stop();
      }),
      { numRuns: 60 },
    );
  });
});

describe('who replaces this copy', () => {
  const signs = {
    packaged: true,
    platform: 'linux',
    appImage: undefined,
    packageType: null,
    knowsServer: true,
  } as const;
  test.each([
    ['run from sources', { ...signs, packaged: false, appImage: '/x.AppImage' }, 'none'],
    ['a build that knows no server', { ...signs, knowsServer: false }, 'none'],
    ['an AppImage', { ...signs, appImage: '/home/a/Peerage.AppImage' }, 'appimage'],
    ['a deb', { ...signs, packageType: 'deb\n' }, 'deb'],
    [
      'an AppImage that was made beside the deb',
      { ...signs, appImage: '/home/a/Peerage.AppImage', packageType: 'deb' },
      'appimage',
    ],
    ['a folder on Linux', signs, 'none'],
    ['macOS', { ...signs, platform: 'darwin' }, 'mac'],
    ['Windows', { ...signs, platform: 'win32' }, 'nsis'],
    ['another system', { ...signs, platform: 'freebsd' }, 'none'],
  ] as const)('%s', (_, of, kind) => {
    expect(updateKind(of)).toBe(kind);
    expect(asksPassword(updateKind(of))).toBe(kind === 'deb');
  });
});

describe('failures in plain words', () => {
  const failure = (code: string, text = 'no'): Error => Object.assign(new Error(text), { code });
  test.each([
    ['check', failure('ERR_UPDATER_CHANNEL_FILE_NOT_FOUND'), 'update.check_failed'],
    ['check', failure('ENOTFOUND'), 'update.check_failed'],
    ['download', failure('ECONNRESET'), 'update.download_failed'],
    ['download', failure('ERR_CHECKSUM_MISMATCH'), 'update.not_genuine'],
    [
      'download',
      failure('', 'Code signature at URL did not pass validation'),
      'update.not_genuine',
    ],
    ['download', failure('ENOSPC'), 'update.no_room'],
    ['install', failure('EROFS'), 'update.not_writable'],
    ['install', failure('', 'Command pkexec exited with code 126'), 'update.install_failed'],
    ['install', 'just a text', 'update.install_failed'],
  ] as const)('%s: %s', (step, error, code) => {
    expect(updateError(step, error).code).toBe(code);
  });

  test('say one line, without the folders of this machine', () => {
    const said =
      'EACCES: denied, unlink \'/home/ada/Apps/Peerage.AppImage\'\n    at file:///x.js\n{"a":1}';
    const { detail } = updateError('install', failure('EACCES', said));
    expect(detail).toBe("EACCES: denied, unlink '…/Peerage.AppImage'");
  });
});

describe('what may never be', () => {
  test('a signature check is not switched off, anywhere', () => {
    const files = ['updates.ts', 'updates-electron.ts', 'updates-run.ts'];
    const sources = files.map((file) => join(root, 'electron/shell/desktop', file));
    for (const file of [...sources, join(root, 'electron-builder.yml')]) {
      expect(readFileSync(file, 'utf8')).not.toMatch(
        /verifyUpdateCodeSignature|isUserWithinRollout|forceDevUpdateConfig|allowDowngrade = true/,
      );
    }
  });

  test('the updater is not in what every start loads', () => {
    const main = readFileSync(join(root, 'electron/main.ts'), 'utf8');
    const run = readFileSync(join(root, 'electron/shell/desktop/updates-run.ts'), 'utf8');
    expect(`${main}${run}`).not.toMatch(/from '(electron-updater|.*updates-electron\.ts)'/);
  });
});
