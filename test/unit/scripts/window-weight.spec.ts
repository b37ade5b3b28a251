/** The build refuses a window that needs too much JavaScript before it shows anything. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import {
  checkInitialBytes,
  initialBytes,
  MOST_INITIAL_BYTES,
  type Piece,
} from '../../../scripts/parts/window-weight.ts';

const noise = (bytes: number): string => randomBytes(bytes).toString('latin1');
const chunk = (fileName: string, code: string, more: Partial<Piece> = {}): Piece => ({
  type: 'chunk',
  fileName,
  code,
  imports: [],
  ...more,
});
const size = (code: string): number => gzipSync(code, { level: 9 }).length;

test('counts the entry and what it imports, once each, and nothing that comes later', () => {
  const [a, b, c] = [noise(2_000), noise(3_000), noise(4_000)];
  const output = [
    chunk('index.js', a, { isEntry: true, imports: ['shared.js', 'react.js'] }),
    chunk('shared.js', b, { imports: ['react.js', 'index.js'] }),
    chunk('react.js', c),
    chunk('markdown.js', noise(900_000), { imports: ['react.js'] }),
    { type: 'asset', fileName: 'index.css' } as const,
  ];
  expect(initialBytes(output)).toBe(size(a) + size(b) + size(c));
  expect(checkInitialBytes(output)).toMatch(/loads \d+\.\d kB .* at most 300\.0 kB/);
});

test('refuses what is too much, and says how much it is', () => {
  const fits = chunk('index.js', noise(100_000), { isEntry: true, imports: ['heavy.js'] });
  expect(() => checkInitialBytes([fits, chunk('heavy.js', noise(MOST_INITIAL_BYTES))])).toThrow(
    /Too much for a window. The window loads \d{3}\.\d kB/,
  );
});

test('does not call a build well that it cannot weigh', () => {
  expect(() => initialBytes([chunk('index.js', '')])).toThrow('no entry');
  const entry = chunk('index.js', '', { isEntry: true, imports: ['gone.js'] });
  expect(() => initialBytes([entry])).toThrow('gone.js');
});

test('the build asks it', () => {
  const build = readFileSync(join(import.meta.dirname, '../../../scripts/build.ts'), 'utf8');
  expect(build).toMatch(/checkInitialBytes\(/);
});
