import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SearchHit, type ThreadId } from '../../../electron/contract/index.ts';
import { ftsQuery, snippetOf, wordsOf } from '../../../electron/conversations/search-query.ts';
import { Home } from './home.ts';

let home: Home;
let thread: ThreadId;

beforeEach(async () => {
  home = new Home();
  await home.start(false);
  thread = await home.thread(1, 'Garden');
});

afterEach(() => home.remove());

const find = async (text: string, cursor: string | null = null) => {
  const found = await home.must('search.messages', { text, cursor });
  for (const hit of found.hits) SearchHit.parse(hit);
  return found;
};
const plain = (hit: SearchHit): string =>
  hit.snippet.map((piece) => (piece.hit ? `[${piece.text}]` : piece.text)).join('');

describe('searching', () => {
  it('finds all words, newest first, and marks them', async () => {
    await home.send(thread, 'Roses are red');
    await home.send(thread, 'Red roses, white roses');
    await home.send(thread, 'Tulips are red');
    const { hits } = await find('red rose');
    expect(hits.map(plain)).toEqual(['[Red] [rose]s, white [rose]s', '[Rose]s are [red]']);
    expect(hits[0]).toMatchObject({ peerName: 'Peer 1', threadTitle: 'Garden', direction: 'out' });
  });

  it('does not mind accents and case', async () => {
    await home.send(thread, 'Überraschung im Café');
    expect((await find('uberraschung cafe')).hits.map(plain)).toEqual(['[Überraschung] im [Café]']);
  });

  it('goes on where it stopped', async () => {
    for (let n = 0; n < 120; n++) await home.send(thread, `needle ${n}`);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await find('needle', cursor);
      seen.push(...page.hits.map(plain));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen).toEqual(Array.from({ length: 120 }, (_, n) => `[needle] ${119 - n}`));
  });

  it('leaves deleted threads out', async () => {
    await home.send(thread, 'needle');
    await home.must('thread.delete', { threadId: thread });
    expect((await find('needle')).hits).toEqual([]);
  });

  it('takes what a person types for text, never for syntax', async () => {
    await home.send(thread, 'a OR b AND NOT "c" near(d)* ^e -f {g}:h');
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 1, maxLength: 200 }), async (text) => {
        await find(text);
      }),
    );
    for (const text of ['"', '*', 'NEAR(', 'body:', "';--", 'a"b', 'OR', '(((', 'body : c']) {
      await find(text);
    }
    expect((await find('NOT "c"')).hits).toHaveLength(1);
    expect(ftsQuery('***')).toBeNull();
  });

  it('does without the full-text index where SQLite has none', async () => {
    await home.send(thread, 'fifty % off_');
    Object.defineProperty(home.store, 'search', { value: 'like' });
    const { searchCalls } = await import('../../../electron/conversations/search.ts');
    const calls = searchCalls({
      options: {
        store: home.store,
        directory: { peerName: () => 'P', linkFor: () => null, agentName: () => null },
      },
    } as unknown as Parameters<typeof searchCalls>[0]);
    const search = async (text: string) => {
      const result = await calls['search.messages'](
        { text, cursor: null },
        { door: 'window', connectionId: '', signal: new AbortController().signal },
      );
      return result.ok ? result.value.hits.map(plain) : [];
    };
    expect(await search('Y % O')).toEqual(['fift[y % o]ff_']);
    expect(await search('f__t')).toEqual([]);
  });
});

describe('a snippet', () => {
  it('is the text around the first hit', () => {
    const body = `${'before '.repeat(50)}needle${' after'.repeat(50)}`;
    const text = snippetOf(body, ['needle'])
      .map((piece) => piece.text)
      .join('');
    expect(text).toMatch(/^….*needle.*…$/u);
    expect(text.length).toBeLessThan(220);
  });

  it('is made of the body, and marks only what was looked for', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 400 }), fc.string({ maxLength: 20 }), (body, typed) => {
        const words = wordsOf(typed);
        const pieces = snippetOf(body, words);
        const whole = pieces.map((piece) => piece.text).join('');
        expect(whole.isWellFormed()).toBe(true);
        expect(whole.length).toBeLessThanOrEqual(230);
      }),
      { numRuns: 500 },
    );
  });
});
