/** The diagnostics bundle tells what happened, and neither who nor where. */
import { describe, expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '../../../electron/contract/index.ts';
import { createMask, diagnosticsText } from '../../../electron/diagnostics/index.ts';
import { Redactor } from '../../../electron/secrets/index.ts';

const mask = (names: string[] = []) =>
  createMask({
    names,
    hosts: ['nas', 'gate.example', '127.0.0.1'],
    folders: ['/home/anna', '/home/anna/.local/share/peerage', String.raw`C:\Users\Anna`],
    redact: (text) => text,
  });

describe('the mask', () => {
  test.each([
    ['ws://100.64.0.2:18789 refused', 'ws://<host 1> refused'],
    ['gate.tail1234.ts.net is gone', '<host 1> is gone'],
    ['from fd7a:115c:a1e0::53 and 10.0.0.7', 'from <host 2> and <host 1>'],
    ['anna@example.org wrote', '<mail 1> wrote'],
    ['open /home/anna/.local/share/peerage/logs', 'open ~/logs'],
    ['open /home/annabel/x', 'open /home/annabel/x'],
    [String.raw`open C:\Users\Anna\x`, String.raw`open ~\x`],
    [String.raw`{"file":"c:\\users\\anna\\x"}`, String.raw`{"file":"~\\x"}`],
    ['at file:///C:/Users/Anna/x.js:1', 'at file:///~/x.js:1'],
    [
      'Name: nas: found; gate.example:1 and 127.0.0.1',
      'Name: <host 2>: found; <host 1>:1 and 127.0.0.1',
    ],
    ['key sha256:Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA==', 'key sha256:<key 1>=='],
    ['thread 01900000-0000-7000-8000-000000000001', 'thread <id 1>'],
    ['ws://127.0.0.1:18789', 'ws://127.0.0.1:18789'],
    ['took 12.5 ms at 15:04:05, version 26.17.0', 'took 12.5 ms at 15:04:05, version 26.17.0'],
  ])('makes of %j: %j', (text, masked) => {
    expect(mask()(text)).toBe(masked);
  });

  test.each([
    ['/home/anna/', 'open /home/anna/logs', 'open ~/logs'],
    [String.raw`C:\Users\Anna Lee`, 'at file:///C:/Users/Anna%20Lee/x.js:1', 'at file:///~/x.js:1'],
    ['/home/jürgen', 'at file:///home/j%C3%BCrgen/x.js:1', 'at file:~/x.js:1'],
  ])('with the folder %j makes of %j: %j', (folder, text, masked) => {
    const of = createMask({ names: [], hosts: [], folders: [folder], redact: (same) => same });
    expect(of(text)).toBe(masked);
  });

  test('knows the same again, and takes names as whole words, longest first', () => {
    const of = mask(['Al', "Al's laptop", 'x']);
    expect(of("Al's laptop is up; ALSO al is; Al's laptop again, x")).toBe(
      '<name 1> is up; ALSO <name 2> is; <name 1> again, x',
    );
    expect(of('1.2.3.4 1.2.3.5 1.2.3.4')).toBe('<host 1> <host 2> <host 1>');
  });
});

describe('the bundle', () => {
  const token = 'f3a9c1d27b6e48059a1c';
  const redactor = new Redactor();
  redactor.add(token);
  const text = diagnosticsText(
    {
      about: 'Peerage 0.1.0, 2 peers',
      reports: ['Open 100.64.0.9:18789: refused', 'gate of Bertha: up'],
      settings: DEFAULT_SETTINGS,
      warnings: [{ code: 'link.refused', severity: 'problem', since: 0 }],
      machine: { platform: 'linux' },
      log: `${'old line\n'.repeat(1_000)}tried ${token} at ws://gate.lan:1/ for Bertha`,
      at: new Date(0),
    },
    createMask({ names: ['Bertha'], hosts: [], folders: [], redact: (of) => redactor.redact(of) }),
  );

  test('has each part, and says what it is', () => {
    for (const part of [
      'Peerage 0.1.0',
      'link.refused',
      'Link 2 of 2',
      'platform: linux',
      'sends it nowhere',
    ]) {
      expect(text).toContain(part);
    }
    expect(text.split('\n').filter((line) => line === 'old line')).toHaveLength(399);
  });

  test('has no secret, name or address', () => {
    for (const wrong of [token, 'Bertha', 'gate.lan', '100.64.0.9']) {
      expect(text).not.toContain(wrong);
    }
  });
});
