/** Where the window stood, kept in a small file of the home, and made to fit the screens of today. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const Whole = z.number().int().min(-100_000).max(100_000);
const WindowPlace = z.object({
  /** Null until the person moved the window: then it opens near the tray's icon, or in the middle. */
  x: Whole.nullable(),
  y: Whole.nullable(),
  width: Whole,
  height: Whole,
  maximized: z.boolean(),
  /** The person was told once that closing only hides. */
  toldHiding: z.boolean(),
});
export type WindowPlace = z.infer<typeof WindowPlace>;

/**
 * A rectangle of the desktop in device-independent pixels, as Electron's `screen` and windows have
 * it.
 */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The least size of the window, in device-independent pixels. */
export const SMALLEST = { width: 400, height: 480 } as const;
const DEFAULT: WindowPlace = {
  x: null,
  y: null,
  width: 1180,
  height: 760,
  maximized: false,
  toldHiding: false,
};
/** So much of the title bar must be on a screen, or nobody can take hold of it. */
const GRIP = { width: 120, height: 32 } as const;

const fileIn = (home: string): string => join(home, 'window.json');

/** What was kept; the default where there is nothing, or nothing that can be read. */
export function readWindowPlace(home: string): WindowPlace {
  try {
    return WindowPlace.parse(JSON.parse(readFileSync(fileIn(home), 'utf8')));
  } catch {
    return DEFAULT;
  }
}

/** Keeps it, whole or not at all. A disk that refuses costs only the memory of a place. */
export function writeWindowPlace(home: string, place: WindowPlace): void {
  try {
    const file = fileIn(home);
    writeFileSync(`${file}.new`, JSON.stringify(place), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  } catch {
    // The next start opens in the middle of the screen.
  }
}

/** Between the window and the icon that it was opened from, DIP. */
const GAP = 8;

/** A screen: all of it, and what panels leave of it. */
export interface ScreenArea {
  readonly bounds: Area;
  readonly workArea: Area;
}

/**
 * The place beside the tray's icon, on its screen and within the work area; null where the icon's place
 * is not known.
 */
export function placeNear(
  icon: Area,
  size: Pick<Area, 'width' | 'height'>,
  screens: readonly ScreenArea[],
): Pick<Area, 'x' | 'y'> | null {
  if (icon.width <= 0 || icon.height <= 0) return null;
  const centre = { x: icon.x + icon.width / 2, y: icon.y + icon.height / 2 };
  const on = screens.find(({ bounds }) => holds(bounds, centre));
  if (!on) return null;
  const { workArea: area } = on;
  const below = centre.y < area.y + area.height / 2;
  const x = centre.x - size.width / 2;
  const y = below ? icon.y + icon.height + GAP : icon.y - size.height - GAP;
  const within = (at: number, from: number, room: number, length: number): number =>
    Math.round(Math.max(from, Math.min(at, from + room - length)));
  return {
    x: within(x, area.x, area.width, size.width),
    y: within(y, area.y, area.height, size.height),
  };
}

const holds = (area: Area, at: Pick<Area, 'x' | 'y'>): boolean =>
  at.x >= area.x && at.x < area.x + area.width && at.y >= area.y && at.y < area.y + area.height;

/** The place on the screens that are connected: moved to the middle where it cannot be reached. */
export function fitToScreens(place: WindowPlace, areas: readonly Area[]): WindowPlace {
  const { x, y } = place;
  const on = areas.find(
    (area) => x !== null && y !== null && holdsGrip(area, x, y, sizeIn(place, area).width),
  );
  const room = on ?? areas[0];
  if (!room) return place;
  const fitted = { ...place, ...sizeIn(place, room) };
  return on ? fitted : { ...fitted, x: null, y: null };
}

/** No larger than the screen, no smaller than the window can be. */
function sizeIn(place: WindowPlace, room: Area): Pick<Area, 'width' | 'height'> {
  return {
    width: Math.max(SMALLEST.width, Math.min(place.width, room.width)),
    height: Math.max(SMALLEST.height, Math.min(place.height, room.height)),
  };
}

function holdsGrip(area: Area, x: number, y: number, width: number): boolean {
  const left = Math.max(area.x, x);
  const right = Math.min(area.x + area.width, x + width);
  const inHeight = y >= area.y && y + GRIP.height <= area.y + area.height;
  return inHeight && right - left >= GRIP.width;
}
