/** The tray's menu and icons, from what is true. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { TrayState, type WaitingView } from '../../../electron/contract/index.ts';
import { iconFile, trayLook } from '../../../electron/shell/desktop/tray-look.ts';
import { type MenuLine, trayMenu } from '../../../electron/shell/desktop/tray-menu.ts';
import { fakeApp, peerRow, uuid } from './fake-app.ts';

const folder = resolve(import.meta.dirname, '../../../assets/tray');
const base = fakeApp().snapshot();
const labels = (lines: readonly MenuLine[]): string[] =>
  lines.map((line) => ('separator' in line ? '-' : line.label));

describe('the menu', () => {
  test('of an empty team leads to the window, the settings and the end', () => {
    const lines = trayMenu({ ...base, app: { ...base.app, tray: 'off', peers: 0 } });
    expect(labels(lines)).toEqual([
      expect.stringContaining('no peers yet'),
      '-',
      'Pause incoming',
      '-',
      'Open Peerage',
      'Settings',
      'Quit Peerage',
    ]);
  });

  test('has ten peers: trouble first, then favourites, then who wrote', () => {
    const peers = [
      ...Array.from({ length: 20 }, (_, n) => peerRow(n + 10)),
      peerRow(1, { name: 'wrote', unread: 2 }),
      peerRow(2, { name: 'liked', favourite: true }),
      peerRow(3, { name: 'broken', status: 'down', statusText: 'Down' }),
    ];
    const lines = labels(trayMenu({ ...base, peers }));
    expect(lines[4]).toBe('Send a message to');
    expect(lines.slice(5, 8)).toEqual(['broken: Down', 'liked: Up', 'wrote: Up (2 unread)']);
    expect(lines.filter((line) => /^peer \d/.test(line))).toHaveLength(7);
    expect(lines).toContain('13 more in the window');
  });

  test('is one click from a message to each peer', () => {
    expect(trayMenu({ ...base, peers: [peerRow(1)] })).toContainEqual({
      label: 'peer 1: Up',
      action: { kind: 'go', place: `peer/${uuid(1)}/message` },
    });
  });

  test('names what waits for the person, whatever kind it is, and counts the rest', () => {
    const to = `peer/${uuid(1)}/health`;
    const waiting: WaitingView[] = [
      { kind: 'approval', id: 'a', title: 'gate needs approval', to },
      { kind: 'delegation', id: 'b', title: 'Ada asks: tidy the\nshelf', to: 'notices' },
    ];
    const lines = trayMenu({
      ...base,
      app: { ...base.app, waiting: { total: 9, first: waiting } },
    });
    expect(lines.slice(1, 4)).toEqual([
      { label: 'Needs you: gate needs approval', action: { kind: 'go', place: to } },
      { label: 'Needs you: Ada asks: tidy the shelf', action: { kind: 'go', place: 'notices' } },
      { label: '7 more need you', action: { kind: 'go', place: 'notices' } },
    ]);
  });

  test('pauses what comes in, and says in its first line and its tooltip that it is paused', () => {
    const line = (incomingPaused: boolean): MenuLine | undefined =>
      trayMenu({ ...base, settings: { ...base.settings, incomingPaused } }).find(
        (one) => 'checked' in one,
      );
    expect(line(false)).toEqual({
      label: 'Pause incoming',
      checked: false,
      action: { kind: 'pause', paused: true },
    });
    expect(line(true)).toMatchObject({ checked: true, action: { kind: 'pause', paused: false } });
    const look = trayLook(base.app, { incomingPaused: true });
    expect(look.status).toContain('Incoming work is paused');
    expect(look.tooltip).toContain('Incoming work is paused');
  });

  test('offers to stop what runs for others, while nothing more comes in', () => {
    const lines = (incomingPaused: boolean, running: number): string[] => {
      const app = { ...base.app, reception: { ...base.app.reception, running } };
      return labels(trayMenu({ ...base, app, settings: { ...base.settings, incomingPaused } }));
    };
    expect(lines(true, 2)).toContain('Stop what runs for others (2)');
    for (const [paused, running] of [
      [false, 2],
      [true, 0],
    ] as const)
      expect(lines(paused, running).filter((one) => one?.startsWith('Stop'))).toEqual([]);
  });

  test('shows names as one short line, with no mnemonic of theirs', () => {
    const name = `A & B\n\u202e${'x'.repeat(200)}`;
    const [line] = labels(trayMenu({ ...base, peers: [peerRow(1, { name })] })).slice(5);
    expect(line).toMatch(/^A && B x+…$/);
    expect(line?.length).toBeLessThanOrEqual(62);
  });
});

describe('the icon', () => {
  const cases = TrayState.options.flatMap((tray) =>
    [0, 3].flatMap((unread) =>
      (['linux', 'win32', 'darwin'] as const).flatMap((platform) =>
        [false, true].map((dark) => ({ tray, unread, platform, dark })),
      ),
    ),
  );

  test.each(cases)('is there for $tray, $unread unread, on $platform, dark $dark', (of) => {
    const file = iconFile(trayLook({ ...base.app, ...of }, base.settings), of.platform, of.dark);
    const scales = of.platform === 'linux' ? ['@1.5x', '@2x', '@3x'] : ['@2x', '@3x'];
    for (const scale of of.platform === 'win32' ? [] : scales) {
      expect(existsSync(join(folder, file.replace('.png', `${scale}.png`)))).toBe(true);
    }
    const bytes = readFileSync(join(folder, file));
    expect(bytes.length).toBeGreaterThan(100);
    if (of.platform !== 'win32') return;
    expect([bytes.readUInt16LE(0), bytes.readUInt16LE(2), bytes.readUInt16LE(4)]).toEqual([
      0, 1, 6,
    ]);
  });

  test('differs from state to state where there is no colour', () => {
    const shapes = TrayState.options.flatMap((tray) =>
      [0, 1].map((unread) => {
        const file = iconFile(
          trayLook({ ...base.app, tray, unread }, base.settings),
          'darwin',
          false,
        );
        return readFileSync(join(folder, file)).toString('base64');
      }),
    );
    expect(new Set(shapes).size).toBe(TrayState.options.length * 2);
  });
});
