import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainLine } from '../../../renderer/words/plain-line.ts';

describe('markdown on one line', () => {
  it('leaves the words, and takes the marks away', () => {
    expect(plainLine('## Done: `ci` is **green**, ```ts const a```')).toBe(
      'Done: ci is green, ts const a',
    );
    expect(plainLine('| Job | Since | | --- | :-: | | unit | 02:10 |')).toBe(
      'Job Since unit 02:10',
    );
    expect(plainLine('> - quoted item ## Next')).toBe('quoted item Next');
  });

  it('keeps what only looks like a mark', () => {
    const same = 'a - b, snake_case, 3 * 4, C#, #512, 2 > 1';
    expect(plainLine(same)).toBe(same);
  });

  it('never grows, and has no space at its ends', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const line = plainLine(text);
        expect(line.length).toBeLessThanOrEqual(text.length);
        expect(line).toBe(line.trim());
      }),
    );
  });
});
