/** Deep links: read to the letter, and lead to places only. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ok, parsePlace } from '../../../electron/contract/index.ts';
import { linkAmong, parseDeepLink } from '../../../electron/shell/desktop/deep-link.ts';
import { linkDestination, noticeDestination } from '../../../electron/shell/desktop/destination.ts';
import { fakeApp, peerRow, threadView, uuid } from './fake-app.ts';

describe('a deep link', () => {
  test('names a peer, a thread or an invite', () => {
    expect(parseDeepLink(`peerage://peer/${uuid(1)}`)).toEqual({ kind: 'peer', peerId: uuid(1) });
    expect(parseDeepLink(`peerage://thread/${uuid(2)}`)).toEqual({
      kind: 'thread',
      threadId: uuid(2),
    });
    const long = 'a'.repeat(2_000);
    expect(parseDeepLink(`peerage://invite/${long}`)).toEqual({ kind: 'invite', text: long });
    expect(parseDeepLink('peerage://invite/abc-DEF_1')).toEqual({
      kind: 'invite',
      text: 'abc-DEF_1',
    });
  });

  test.each([
    '',
    'peerage:',
    'peerage://',
    'peerage://peer',
    'peerage://peer/',
    'peerage://peer/1',
    `peerage:peer/${uuid(1)}`,
    `PEERAGE://peer/${uuid(1)}`,
    `peerage://PEER/${uuid(1)}`,
    `peerage://peer/${uuid(1)}/`,
    `peerage://peer/${uuid(1)}/edit`,
    `peerage://peer/${uuid(1)}?confirm=1`,
    `peerage://peer/${uuid(1)}#x`,
    `peerage://peer/${uuid(1)}\n`,
    `peerage://peer/${uuid(1)}\r\npeerage://peer/${uuid(2)}`,
    `peerage://peer/%${uuid(1).slice(1)}`,
    `peerage://peer/../thread/${uuid(1)}`,
    `peerage://peer%2f${uuid(1)}`,
    `peerage://user@peer/${uuid(1)}`,
    `peerage://peer:80/${uuid(1)}`,
    `peerage://peerage://peer/${uuid(1)}`,
    `javascript:peerage://peer/${uuid(1)}`,
    `https://peerage/peer/${uuid(1)}`,
    'peerage://settings/secrets',
    'peerage://invite/a.b',
    'peerage://invite/ä',
    `peerage://invite/${'a'.repeat(2_001)}`,
    'peerage://invite/',
    'peerage://invite/abc/def',
    'peerage://invite/abc?accept=1',
    'peerage://invite/abc#accept',
    'peerage://invite/abc=',
    'peerage://invite/abc%2Fdef',
    'peerage://invite/abc%00',
    'peerage://invite/abc\u0000',
    'peerage://invite/abc\u2028',
    'peerage://invite/abc\t',
    ' peerage://invite/abc',
    'peerage:////invite/abc',
    'peerage:\\\\invite\\abc',
    'peerage://invite//abc',
    'peerage://invite/./abc',
    'peerage://invite@evil.example/abc',
    'peerage://invite:80/abc',
    'peerage://invite/https://evil.example',
    'peerage://invite/peerage://invite/abc',
    'peerage://peerage://invite/abc',
    'view-source:peerage://invite/abc',
    'peerage-app://window/index.html',
    'peerage://\u0456nvite/abc',
    'peerage://inv\u0131te/abc',
    `peerage://peer/${uuid(1)}${' '.repeat(10_000)}`,
  ])('that is not exactly one is none: %j', (text) => {
    expect(parseDeepLink(text)).toBeNull();
  });

  test('of any text never throws, and what parses is a plain id or code', () => {
    const near = fc
      .tuple(
        fc.constantFrom('peerage://', 'peerage:', 'peerage:///', 'x://'),
        fc.constantFrom('peer/', 'thread/', 'invite/', 'peer', '../'),
        fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.constant(uuid(3))),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), near), (text) => {
        const link = parseDeepLink(text);
        if (link === null) return;
        expect(text).toMatch(/^peerage:\/\/[a-z]+\/[\w-]+$/);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is found among the arguments of a start', () => {
    const link = `peerage://peer/${uuid(1)}`;
    expect(linkAmong(['.', '--home', '/x', link])).toBe(link);
    expect(linkAmong(['.', '--home', '/x'])).toBeUndefined();
    expect(linkAmong([`peerage:${'x'.repeat(5_000)}`])).toBeUndefined();
  });
});

describe('where it leads', () => {
  const app = fakeApp({ 'app.about': () => ok({ text: '' }) });
  app.peers.set(uuid(1), peerRow(1));
  app.threads.set(uuid(2), threadView(2, 1));
  app.threads.set(uuid(4), threadView(4, 9));

  test('to what is there', () => {
    expect(linkDestination(`peerage://peer/${uuid(1)}`, app).place).toBe(`peer/${uuid(1)}`);
    expect(linkDestination(`peerage://thread/${uuid(2)}`, app).place).toBe(
      `peer/${uuid(1)}/thread/${uuid(2)}`,
    );
  });

  test('to the page of an invite, which asks before anything is done', () => {
    const to = linkDestination('peerage://invite/abc-DEF_1', app);
    expect(to).toEqual({ place: 'invite/abc-DEF_1', words: null });
    expect(parsePlace(to.place ?? '')).toEqual({ kind: 'invite', text: 'abc-DEF_1' });
  });

  test.each([
    [`peerage://peer/${uuid(7)}`, 'not here'],
    [`peerage://thread/${uuid(7)}`, 'not here'],
    [`peerage://thread/${uuid(4)}`, 'not here'],
    ['peerage://peer/evil', 'not one that Peerage understands'],
  ])('nowhere, with words, for %s', (link, words) => {
    const to = linkDestination(link, app);
    expect(to.place).toBeNull();
    expect(to.words).toContain(words);
  });

  test('a notice whose thread or peer is gone leads to what is left', () => {
    const notice = {
      id: uuid(50) as never,
      kind: 'message' as const,
      title: '',
      text: '',
      at: 0,
      read: false,
      peerId: uuid(1) as never,
      threadId: uuid(2) as never,
      messageId: null,
      actions: [],
      acted: null,
    };
    expect(noticeDestination(notice, app).place).toBe(`peer/${uuid(1)}/thread/${uuid(2)}`);
    expect(noticeDestination({ ...notice, threadId: uuid(8) as never }, app)).toEqual({
      place: `peer/${uuid(1)}`,
      words: 'That thread is gone.',
    });
    expect(noticeDestination({ ...notice, peerId: uuid(8) as never }, app).place).toBe('notices');
    expect(noticeDestination(notice, app, true).place).toBe(`peer/${uuid(1)}/message/${uuid(2)}`);
    expect(noticeDestination({ ...notice, peerId: null }, app).place).toBe('notices');
    const card = `inbox/${uuid(3)}`;
    expect(noticeDestination({ ...notice, to: card }, app).place).toBe(card);
    expect(noticeDestination({ ...notice, peerId: null, to: 'nowhere' }, app).place).toBe(
      'notices',
    );
  });
});
