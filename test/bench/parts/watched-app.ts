/**
 * Entry of a process: the built app behind the browser shell, with an ear on its event loop. Told
 * `reset` or `read`, it answers `{p99, max}`: ms by which the loop was late.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** The histogram holds whole intervals: the ear wakes this often, ms. */
const EVERY_MS = 10;
const NANOSECONDS = 1e6;

const delay = monitorEventLoopDelay({ resolution: EVERY_MS });
delay.enable();

const late = (nanoseconds: number): number => Math.max(0, nanoseconds / NANOSECONDS - EVERY_MS);

process.on('message', (order) => {
  process.send?.({ p99: late(delay.percentile(99)), max: late(delay.max) });
  if (order === 'reset') delay.reset();
});
await import(new URL('../../../out/serve.mjs', import.meta.url).href);
