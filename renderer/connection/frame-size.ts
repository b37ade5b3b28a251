import { type Frame, MAX_FRAME_BYTES } from '../../electron/contract/index.ts';

/** The most bytes that one UTF-16 unit can take in a JSON text: an escape. */
const UNIT_MOST = 6;

/** True for a frame that the app would not take, which may cost the whole connection. */
export function tooLarge(frame: Frame, most = MAX_FRAME_BYTES): boolean {
  // Most inputs are known as small without being written out.
  if (textUnits(frame.body) * UNIT_MOST < most / 2) return false;
  return new TextEncoder().encode(JSON.stringify(frame)).length > most;
}

function textUnits(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  let units = 0;
  for (const part of Object.values(value)) units += textUnits(part);
  return units;
}
