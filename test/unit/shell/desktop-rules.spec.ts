import { describe, expect, test } from 'vitest';
import { TrayState } from '../../../electron/contract/index.ts';
import {
  isOwnPage,
  loginLinkOf,
  mayHavePermission,
  mayLoad,
  mayOpenOutside,
} from '../../../electron/shell/desktop/rules.ts';
import { trayLook } from '../../../electron/shell/desktop/tray-look.ts';

const page = 'peerage-app://window/index.html';

describe('desktop window', () => {
  test.each([
    'peerage-app://window.evil.example/',
    'peerage-app://evil/window/',
    'peerage-app://user@window/',
    'https://window/',
    'file:///peerage-app://window/',
    'data:text/html,x',
    'peerage-app:window',
    '',
  ])('takes %s for no page of ours', (url) => {
    expect(isOwnPage(page)).toBe(true);
    expect(isOwnPage(url)).toBe(false);
  });

  test.each([
    'http://github.com/x',
    'https://github.com.evil.example/',
    'https://user@github.com/',
    'https://github.com@evil.example/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'smb://host/share',
    'vscode://x',
    'not a url',
  ])('does not open %s outside', (url) => {
    expect(mayOpenOutside('https://docs.openclaw.ai/gateway', null)).toBe(true);
    expect(mayOpenOutside(url, null)).toBe(false);
    expect(mayOpenOutside(url, 'https://hs.example.org/register/x')).toBe(false);
  });

  describe('the login link of a server that the person typed', () => {
    const joining = (loginServer: string | null, url: string) => ({
      join: {
        by: 'browser' as const,
        loginServer,
        since: 0,
        until: 1,
        phase: { kind: 'link' as const, url, qr: null },
      },
    });
    const server = 'https://hs.example.org';
    const link = `${server}/register/abc`;

    test('is opened, and nothing else of that server', () => {
      const own = loginLinkOf(joining(server, link));
      expect(own).toBe(link);
      expect(mayOpenOutside(link, own)).toBe(true);
      expect(mayOpenOutside(`${server}/register/abd`, own)).toBe(false);
      expect(mayOpenOutside(server, own)).toBe(false);
      expect(loginLinkOf(joining('http://10.0.0.1:8080', 'http://10.0.0.1:8080/register/x'))).toBe(
        'http://10.0.0.1:8080/register/x',
      );
    });

    test.each([
      ['of another server', joining(server, 'https://evil.example/register/abc')],
      ['of another port', joining(server, 'https://hs.example.org:8443/register/abc')],
      ['of another scheme', joining(server, 'http://hs.example.org/register/abc')],
      ['of none that was typed', joining(null, link)],
      ['that is no address', joining(server, 'javascript:alert(1)')],
      ['once nobody joins', { join: null }],
    ])('is none %s', (_, view) => {
      expect(loginLinkOf(view)).toBeNull();
    });
  });

  test('loads nothing from a network', () => {
    expect(mayLoad(page, false)).toBe(true);
    expect(mayLoad('data:image/png;base64,', false)).toBe(true);
    expect(mayLoad('devtools://devtools/x', true)).toBe(true);
    for (const url of ['https://github.com/', 'http://127.0.0.1:18789/', 'ws://127.0.0.1/']) {
      expect(mayLoad(url, true)).toBe(false);
    }
    expect(mayLoad('devtools://devtools/x', false)).toBe(false);
  });

  test('has one permission', () => {
    expect(mayHavePermission('clipboard-sanitized-write', page)).toBe(true);
    expect(mayHavePermission('clipboard-sanitized-write', 'https://evil.example/')).toBe(false);
    for (const permission of [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'openExternal',
    ]) {
      expect(mayHavePermission(permission, page)).toBe(false);
    }
  });
});

test('the tray has a shape and words of its own for every state', () => {
  const going = { incomingPaused: false };
  const looks = TrayState.options.map((tray) => trayLook({ tray, unread: 0, peers: 2 }, going));
  expect(new Set(looks.map((look) => look.icon)).size).toBe(TrayState.options.length);
  expect(new Set(looks.map((look) => look.status)).size).toBe(TrayState.options.length);
  expect(trayLook({ tray: 'all_well', unread: 3, peers: 2 }, going)).toMatchObject({
    tooltip: 'Peerage: all peers are up, 3 unread',
    badge: 3,
  });
});
