/** What can happen to a frame on its way: chances per kind, from a seed. */
import type { FrameTap } from '../../../electron/practice/connection.ts';
import { type Random, seeded } from './random.ts';

export interface FrameFaults {
  readonly seed: number;
  /** Which frames are touched; default: events after the handshake. */
  readonly only?: (frame: Record<string, unknown>) => boolean;
  readonly drop?: number;
  readonly double?: number;
  /** Held back and sent after the one that follows. */
  readonly reorder?: number;
  readonly truncate?: number;
  /** A frame of rubbish before it. */
  readonly garbage?: number;
  readonly delayMs?: number;
}

const RUBBISH = [
  '',
  'null',
  '[]',
  '{}',
  '{"type":"event"}',
  '{"type":"event","event":"chat"}',
  '{"type":"event","event":"chat","payload":{"runId":1}}',
  '{"type":"event","event":"session.message","payload":{"sessionKey":"x","message":"y"}}',
  '{"type":"res","id":"nobody","ok":true}',
  '{"type":"res","id":7,"ok":"yes"}',
  '{"type":"hello"}',
  '<html><body>502 Bad Gateway</body></html>',
  '{"type":"event","event":"chat","payload":',
  '\u0000\u0001\u0002',
  '"\\ud800"',
];

/** A line of rubbish. */
export const rubbish = (random: Random): string => random.pick(RUBBISH);

const isEvent = (frame: Record<string, unknown>): boolean =>
  frame.type === 'event' && frame.event !== 'connect.challenge';

/** A tap that spoils frames by chance. */
export function faultyTap(faults: FrameFaults): FrameTap {
  const random = seeded(faults.seed);
  const only = faults.only ?? isEvent;
  let held: string | null = null;
  return (text, write, frame) => {
    if (!only(frame)) return write(text);
    const send = (out: string): void => {
      if (faults.delayMs === undefined) write(out);
      else setTimeout(() => write(out), faults.delayMs);
    };
    if (random.chance(faults.garbage ?? 0)) send(rubbish(random));
    if (random.chance(faults.drop ?? 0)) return;
    if (random.chance(faults.truncate ?? 0)) return send(text.slice(0, random.below(text.length)));
    if (held === null && random.chance(faults.reorder ?? 0)) {
      held = text;
      return;
    }
    send(text);
    if (random.chance(faults.double ?? 0)) send(text);
    if (held !== null) send(held);
    held = null;
  };
}
