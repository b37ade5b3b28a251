/** Listens once for relays and prints what was found, or `failed`, as JSON. Run inside a namespace. */
import { systemClock } from '../../../electron/clock/clock.ts';
import { scanForRelays } from '../../../electron/relays/discovery.ts';

const clock = systemClock();
const stay = setInterval(() => undefined, 1_000);
const found = await scanForRelays(clock, new AbortController().signal).catch((error: unknown) => ({
  failed: String(error),
}));
clearInterval(stay);
clock.stop();
process.stdout.write(`${JSON.stringify(found)}\n`);
