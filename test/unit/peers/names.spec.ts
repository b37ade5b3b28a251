import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PeerId } from '../../../electron/contract/index.ts';
import { nameKey } from '../../../electron/peers/name-key.ts';
import { PeerIndex } from '../../../electron/peers/peer-index.ts';
import type { PeerRecord } from '../../../electron/peers/records.ts';

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: fc.constantFrom('a', 'A', 'ß', 'ﬁ', 'Σ', 'ς', 'İ', 'ı', ' ', '\u200b', 'é') }),
);

describe('two names are the same', () => {
  it.each([
    ['Alice', 'alice', 'in another case'],
    ['Alice', 'Ａｌｉｃｅ', 'in full width'],
    ['Straße', 'STRASSE', 'with a sharp s'],
    ['José', 'Jose\u0301', 'with the accent spelt apart'],
    ['ﬁnn', 'Finn', 'with a ligature'],
    ['ΟΔΟΣ', 'οδος', 'in Greek, with either small sigma'],
    ['Bob  the\u00a0Builder', 'bob the builder', 'with other white space'],
    ['Al\u200bice', 'Alice', 'with a zero-width space in it'],
  ])('%s and %s: %s', (a, b) => {
    expect(nameKey(a)).toBe(nameKey(b));
  });

  it('but not where a letter differs', () => {
    expect(nameKey('Jose')).not.toBe(nameKey('José'));
    expect(nameKey('Alice 1')).not.toBe(nameKey('Alice 2'));
  });

  it('whatever was typed: the key of a key is itself', () => {
    fc.assert(
      fc.property(text, (name) => {
        expect(nameKey(nameKey(name))).toBe(nameKey(name));
      }),
      { numRuns: 2_000 },
    );
  });

  it('whatever the case, for every letter that has one partner', () => {
    fc.assert(
      fc.property(text, (name) => {
        expect(nameKey(name.toUpperCase())).toBe(nameKey(name));
      }),
      { numRuns: 2_000 },
    );
  });
});

const peer = (id: number, name: string, nickname: string | null = null): PeerRecord => ({
  id: String(id) as PeerId,
  name,
  nickname,
  group: null,
  favourite: false,
  practice: false,
  own: false,
  provisionKey: null,
  firstUseAcknowledged: false,
  createdAt: 0,
});

const indexOf = (...peers: PeerRecord[]): PeerIndex => {
  const index = new PeerIndex();
  for (const one of peers) index.putPeer(one);
  return index;
};

describe('a typed name finds', () => {
  const index = indexOf(
    peer(1, 'Ann'),
    peer(2, 'Annabel', 'bel'),
    peer(3, 'Annette', 'nettie'),
    peer(4, 'Bella'),
  );
  const names = (typed: string) => index.resolve(typed).map((found) => found.name);

  it('the peer of exactly that name, though others begin with it', () => {
    expect(names('ann')).toEqual(['Ann']);
  });

  it('the peer of exactly that nickname, before names that begin with it', () => {
    expect(names('BEL')).toEqual(['Annabel']);
  });

  it('the only peer whose name or nickname begins with it', () => {
    expect(names('anne')).toEqual(['Annette']);
    expect(names('net')).toEqual(['Annette']);
  });

  it('all candidates where it fits several', () => {
    expect(names('anna')).toEqual(['Annabel']);
    expect(names('an')).toEqual(['Ann', 'Annabel', 'Annette']);
    expect(names('be')).toEqual(['Annabel', 'Bella']);
  });

  it('nobody where nothing was typed, or nothing visible', () => {
    expect(names('')).toEqual([]);
    expect(names(' \u200b')).toEqual([]);
  });

  it('nobody by a name that was given up', () => {
    const changing = indexOf(peer(1, 'Old', 'o'));
    changing.putPeer(peer(1, 'New'));
    expect(changing.resolve('old')).toEqual([]);
    expect(changing.resolve('o')).toEqual([]);
    changing.removePeer('1' as PeerId);
    expect(changing.resolve('new')).toEqual([]);
  });

  it('by any prefix at least the peer itself, and by the full name only it (property)', () => {
    const names = fc.uniqueArray(
      fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom('a', 'b', 'C', 'é', '1') }),
      { selector: nameKey, minLength: 1, maxLength: 30 },
    );
    fc.assert(
      fc.property(names, fc.nat(), fc.nat(), (list, pick, cut) => {
        const some = indexOf(...list.map((name, i) => peer(i, name)));
        const name = list[pick % list.length] ?? '';
        expect(some.resolve(name).map((found) => found.name)).toEqual([name]);
        const prefix = name.slice(0, 1 + (cut % name.length));
        const found = some.resolve(prefix).map((one) => one.name);
        expect(found.length).toBeGreaterThan(0);
        const exact = list.some((one) => nameKey(one) === nameKey(prefix));
        if (exact) expect(found).toHaveLength(1);
        else expect(found).toContain(name);
      }),
    );
  });
});
