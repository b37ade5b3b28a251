import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { belongsToRoot } from '../../../../electron/setup/tailscale/operator.ts';

// Files of root can be made by root only.
describe.skipIf(process.getuid?.() !== 0)('whether root may run a program', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'peerage-root-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const program = (...path: string[]): string => {
    const place = join(folder, ...path);
    mkdirSync(place, { recursive: true });
    const file = join(place, 'tailscale');
    writeFileSync(file, '#!/bin/sh\n', { mode: 0o755 });
    return file;
  };

  it('is so where nobody else can change it or a folder above it', async () => {
    expect(await belongsToRoot(program('a', 'bin'))).toBe(true);
    expect(await belongsToRoot(join(folder, 'nothing'))).toBe(false);
  });

  it('is not so where others can move a folder above it', async () => {
    const file = program('a', 'bin');
    chmodSync(join(folder, 'a'), 0o777);
    expect(await belongsToRoot(file)).toBe(false);
    chmodSync(join(folder, 'a'), 0o1777);
    expect(await belongsToRoot(file)).toBe(true);
  });

  it('is not so where others can lead its name elsewhere', async () => {
    const file = program('a', 'bin');
    const open = join(folder, 'open');
    mkdirSync(open);
    chmodSync(open, 0o777);
    symlinkSync(file, join(open, 'tailscale'));
    expect(await belongsToRoot(join(open, 'tailscale'))).toBe(false);
  });
});
