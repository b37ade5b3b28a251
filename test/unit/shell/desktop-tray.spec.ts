/** The tray's menu and icons, from what is true. */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { TrayState, type WarningView } from '../../../electron/contract/index.ts';
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
    expect(lines.slice(2, 5)).toEqual(['broken: Down', 'liked: Up', 'wrote: Up (2 unread)']);
    expect(lines.filter((line) => /^peer \d/.test(line))).toHaveLength(7);
    expect(lines).toContain('13 more in the window');
  });

  test('leads each peer to its thread, and an approval to its peer', () => {
    const warning: WarningView = {
      id: 'link.needs_approval:1' as WarningView['id'],
      code: 'link.needs_approval',
      severity: 'problem',
      title: 'gate needs approval',
      detail: '',
      remedy: null,
      peerId: uuid(1) as never,
      since: 0,
      impactsConnectivity: true,
    };
    const lines = trayMenu({ ...base, peers: [peerRow(1)], warnings: [warning] });
    expect(lines).toContainEqual({
      label: 'Needs you: gate needs approval',
      action: { kind: 'go', place: `peer/${uuid(1)}/health` },
    });
    expect(lines).toContainEqual({
      label: 'peer 1: Up',
      action: { kind: 'go', place: `peer/${uuid(1)}` },
    });
  });

  test('shows names as one short line, with no mnemonic of theirs', () => {
    const name = `A & B\n\u202e${'x'.repeat(200)}`;
    const [line] = labels(trayMenu({ ...base, peers: [peerRow(1, { name })] })).slice(2);
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
    const file = iconFile(trayLook({ ...base.app, ...of }), of.platform, of.dark);
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
        const file = iconFile(trayLook({ ...base.app, tray, unread }), 'darwin', false);
        return readFileSync(join(folder, file)).toString('base64');
      }),
    );
    expect(new Set(shapes).size).toBe(TrayState.options.length * 2);
  });
});
