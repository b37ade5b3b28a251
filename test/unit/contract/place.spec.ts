import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePlace, placeText, type RelayId } from '../../../electron/contract/index.ts';

const RELAY = '01900000-0000-7000-8000-00000000f000' as RelayId;

describe('the place of a shared file', () => {
  it('is read as it was written, whatever the file is called', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
          fc.constantFrom('docs/plan é.md', '../../x', '%2F', 'a b?c#d', 'a\\b', '.'),
        ),
        (key) => {
          const text = placeText({ kind: 'file', relayId: RELAY, key });
          expect(text.split('/')).toHaveLength(3);
          expect(parsePlace(text)).toEqual({ kind: 'file', relayId: RELAY, key });
        },
      ),
    );
  });

  it('is the list where the name cannot be written down', () => {
    expect(placeText({ kind: 'file', relayId: RELAY, key: 'a\ud800' })).toBe('files');
    expect(parsePlace('files')).toEqual({ kind: 'files' });
  });

  it.each([
    `files/${RELAY}`,
    `files/${RELAY}/`,
    `files/${RELAY}/a/b`,
    `files/${RELAY}/%`,
    `files/${RELAY}/%ff`,
    'files/nobody/a',
    `files/${RELAY}/${'x'.repeat(401)}`,
  ])('is none: %s', (text) => {
    expect(parsePlace(text)).toBeNull();
  });
});
