/** What is said to a Peerage's reception beside A2A itself: who it is, and that a partnership is over. */
import type { Clock } from '../../clock/clock.ts';
import { isDevicePin, printOfPin, RECEPTION_PATHS } from '../../contract/index.ts';
import { ASK_MS, within } from '../http/limits.ts';
import { originFetch } from '../http/origin-fetch.ts';
import { fetchCard } from './agent.ts';
import { classify } from './failures.ts';
import type { Pins } from './options.ts';

/** Which reception is meant, and how it must prove itself. */
export interface ReceptionOptions {
  /** As it is stored. */
  readonly url: string;
  /** What was trusted there so far. */
  readonly pins: Pins;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Has whoever answers prove its device key; nothing of ours is sent.
 * @returns its fingerprint, lower-case hex SHA-256
 * @throws CallFailure where it cannot be reached or proves none
 */
export async function provenReception(options: ReceptionOptions): Promise<string> {
  const { url: address, pins, clock, signal } = options;
  const read = { address, tls: pins.tls, token: null, clock, signal, asksDevice: true };
  return printOfPin((await fetchCard(read)).identity);
}

/** The answer to being told is empty. */
const ANSWER_BYTES = 65_536;

/**
 * Tells a reception that the partnership is over, by the token that it gave us. As with all that is
 * sent, it first shows that it is the one that was trusted.
 * @returns false where it was not heard, or another one answers there
 */
export async function tellEnded(options: ReceptionOptions, token: string): Promise<boolean> {
  const { url: address, pins, clock, signal } = options;
  const { identity: expected, tls } = pins;
  const asksDevice = expected !== null && isDevicePin(expected);
  try {
    const read = { address, tls, token: null, clock, signal, asksDevice };
    const { identity } = await fetchCard(read);
    if (identity !== expected) return false;
  } catch {
    return false;
  }
  const { origin } = new URL(address);
  const headers = { authorization: `Bearer ${token}` };
  const send = originFetch({ origin, tls, headers, limitBytes: ANSWER_BYTES });
  try {
    const response = await within(clock, ASK_MS, signal, (inner) =>
      send(`${origin}${RECEPTION_PATHS.partnership}/ended`, { method: 'POST', signal: inner }),
    );
    return response.ok;
  } catch (error) {
    // A token that is worth nothing there already: it is over for them too.
    return classify(error).kind === 'unauthorized';
  }
}
