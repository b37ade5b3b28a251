/** The window's place: remembered, fitted to the screens, and harmless where its file is broken. */
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  fitToScreens,
  placeNear,
  readWindowPlace,
  SMALLEST,
  type WindowPlace,
  writeWindowPlace,
} from '../../../electron/shell/desktop/window-place.ts';

const place: WindowPlace = {
  x: 2_000,
  y: 40,
  width: 900,
  height: 700,
  maximized: true,
  toldHiding: true,
};
const left = { x: 0, y: 0, width: 1_920, height: 1_080 };
const right = { x: 1_920, y: 0, width: 1_280, height: 1_024 };

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'peerage-place-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe('the file', () => {
  test('gives back what was written, readable by nobody else', () => {
    writeWindowPlace(home, place);
    expect(readWindowPlace(home)).toEqual(place);
    expect(readdirSync(home)).toEqual(['window.json']);
    expect(statSync(join(home, 'window.json')).mode & 0o077).toBe(0);
  });

  test.each(['', '{', '[]', '{"x":1}', '{"x":"1"}', JSON.stringify({ ...place, width: 1e300 })])(
    'that is broken or of another version is as none: %j',
    (text) => {
      writeFileSync(join(home, 'window.json'), text);
      expect(readWindowPlace(home)).toMatchObject({ x: null, y: null, toldHiding: false });
    },
  );

  test('that cannot be written costs nothing', () => {
    expect(() => writeWindowPlace(join(home, 'gone'), place)).not.toThrow();
  });
});

describe('beside the icon in the tray', () => {
  const size = { width: 400, height: 600 };
  const screens = [
    { bounds: left, workArea: { ...left, height: 1_040 } },
    { bounds: right, workArea: { ...right, y: 24, height: 1_000 } },
  ];

  test('stands above an icon at the bottom, and under one at the top', () => {
    const bottom = { x: 1_700, y: 1_050, width: 24, height: 24 };
    expect(placeNear(bottom, size, screens)).toEqual({ x: 1_512, y: 440 });
    const top = { x: 2_500, y: 0, width: 24, height: 24 };
    expect(placeNear(top, size, screens)).toEqual({ x: 2_312, y: 32 });
  });

  test('has no place where the icon has none', () => {
    expect(placeNear({ x: 0, y: 0, width: 0, height: 0 }, size, screens)).toBeNull();
    expect(placeNear({ x: 9_000, y: 0, width: 24, height: 24 }, size, screens)).toBeNull();
  });

  test('is within the work area of the icon’s screen, wherever the icon is', () => {
    const at = fc.record({
      x: fc.integer({ min: 0, max: 3_199 }),
      y: fc.integer({ min: 0, max: 1_079 }),
      width: fc.integer({ min: 1, max: 64 }),
      height: fc.integer({ min: 1, max: 64 }),
    });
    fc.assert(
      fc.property(at, (icon) => {
        const place = placeNear(icon, size, screens);
        if (place === null) return;
        const fits = screens.some(
          ({ workArea: area }) =>
            place.x >= area.x &&
            place.y >= area.y &&
            place.x + size.width <= area.x + area.width &&
            place.y + size.height <= area.y + area.height,
        );
        expect(fits).toBe(true);
      }),
    );
  });
});

describe('on the screens', () => {
  test('stays where it is while its screen is there', () => {
    expect(fitToScreens(place, [left, right])).toEqual(place);
  });

  test('comes to the middle when its screen is gone', () => {
    expect(fitToScreens(place, [left])).toMatchObject({ x: null, y: null, width: 900 });
  });

  test('is no larger than its screen', () => {
    const small = { x: 0, y: 0, width: 800, height: 600 };
    expect(fitToScreens({ ...place, x: 10, y: 10 }, [small])).toMatchObject({
      width: 800,
      height: 600,
    });
  });

  test('can always be taken hold of, whatever was stored', () => {
    const any = fc.integer({ min: -100_000, max: 100_000 });
    fc.assert(
      fc.property(any, any, any, any, (x, y, width, height) => {
        const fitted = fitToScreens({ ...place, x, y, width, height }, [left, right]);
        expect(fitted.width).toBeGreaterThanOrEqual(SMALLEST.width);
        expect(fitted.height).toBeGreaterThanOrEqual(SMALLEST.height);
        if (fitted.x === null || fitted.y === null) return;
        const seen = [left, right].some(
          (area) =>
            (fitted.x ?? 0) < area.x + area.width &&
            (fitted.x ?? 0) + fitted.width > area.x &&
            (fitted.y ?? 0) >= area.y &&
            (fitted.y ?? 0) < area.y + area.height,
        );
        expect(seen).toBe(true);
      }),
    );
  });
});
