import { describe, expect, it } from 'vitest';
import { byteSize, messageBytes, sizeVerdict, utf8Bytes } from '../../../renderer/words/bytes.ts';
import { badge, counted } from '../../../renderer/words/count.ts';
import { grouped } from '../../../renderer/words/fingerprint.ts';
import { ago, inTime, milliseconds, shortAge } from '../../../renderer/words/time.ts';

describe('the byte counter', () => {
  it('counts UTF-8, not characters', () => {
    expect(utf8Bytes('')).toBe(0);
    expect(utf8Bytes('abc')).toBe(3);
    expect(utf8Bytes('ä')).toBe(2);
    expect(utf8Bytes('€')).toBe(3);
    expect(utf8Bytes('👋')).toBe(4);
    expect(messageBytes('€'.repeat(100), 300, 400)).toBe(300);
    expect(messageBytes('a'.repeat(10_000_000), 4_096, 8_192)).toBe(10_000_000);
  });

  it('speaks up near the soft limit, warns above it, refuses above the hard one', () => {
    expect(sizeVerdict(3_000, 4_096, 8_192)).toBe('fine');
    expect(sizeVerdict(3_300, 4_096, 8_192)).toBe('near');
    expect(sizeVerdict(4_096, 4_096, 8_192)).toBe('near');
    expect(sizeVerdict(4_097, 4_096, 8_192)).toBe('over_soft');
    expect(sizeVerdict(8_192, 4_096, 8_192)).toBe('over_soft');
    expect(sizeVerdict(8_193, 4_096, 8_192)).toBe('over_hard');
  });

  it('writes sizes', () => {
    expect([812, 4_096, 2_300_000].map(byteSize)).toEqual(['812 B', '4.1 kB', '2.3 MB']);
  });
});

describe('times', () => {
  const now = Date.parse('2026-11-21T14:00:00Z');
  it('are relative under a day', () => {
    expect(shortAge(now - 5_000, now)).toBe('now');
    expect(ago(now - 5_000, now)).toBe('just now');
    expect(ago(now - 180_000, now)).toBe('3 min ago');
    expect(ago(now - 5 * 3_600_000, now)).toBe('5 h ago');
    expect(ago(now - 3 * 86_400_000, now)).toMatch(/^on /);
  });
  it('count down', () => {
    expect(inTime(now + 20_000, now)).toBe('in 20 s');
    expect(inTime(now + 180_000, now)).toBe('in 3 min');
    expect(inTime(now - 1, now)).toBe('now');
  });
  it('have a unit', () => {
    expect(milliseconds(8.4)).toBe('8 ms');
    expect(milliseconds(1_240)).toBe('1.2 s');
  });
});

describe('counts and prints', () => {
  it('read well', () => {
    expect(counted(1, 'peer')).toBe('1 peer');
    expect(counted(2, 'peer')).toBe('2 peers');
    expect(badge(9)).toBe('9');
    expect(badge(10)).toBe('9+');
    expect(grouped('9f2c61d0aa')).toBe('9f2c 61d0 aa');
  });
});
