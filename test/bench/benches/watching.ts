import { createTailscale, type Tailscale } from '../../../electron/setup/index.ts';
import { type LeapClock, leapClock } from '../../journeys/leap-clock.ts';
import { sleep, until } from '../../real/parts/process.ts';
import { requirePart } from '../../real/parts/require.ts';
import { startTailnet } from '../../tailnet/parts/tailnet.ts';
import { type Bench, valueRow } from '../report.ts';

const FIVE_MINUTES_MS = 300_000;
/** Shorter than what any program is given for its answer, so that none is cut off. */
const STRIDE_MS = 7_500;
/** How often five minutes are skipped. */
const TIMES = 12;
/** What the daemon and the program that was started need for their answers, ms. */
const SETTLE_MS = 1_500;

/** Five minutes, but for the moments in which a program answers. */
async function skip(clock: LeapClock, tailscale: Tailscale): Promise<void> {
  for (let skipped = 0; skipped < FIVE_MINUTES_MS; skipped += STRIDE_MS) {
    const before = tailscale.starts();
    await clock.leap(STRIDE_MS);
    if (tailscale.starts() > before) await sleep(SETTLE_MS);
  }
}

/** What it costs to know of Tailscale while no window is open. */
export const watching: Bench = {
  name: 'watching',
  what: 'starts of the real tailscale program in an hour in which nobody looks',
  run: async (note) => {
    const missing = await requirePart('tailnet');
    if (missing !== undefined) {
      note(`  left out: ${missing}`);
      return [];
    }
    const tailnet = await startTailnet();
    const clock = leapClock();
    try {
      const node = await tailnet.joined('watched', tailnet.alice);
      const other = await tailnet.joined('beside', tailnet.bob);
      const tailscale = createTailscale({
        clock,
        env: { PATH: process.env.PATH ?? '', HOME: node.folder },
        platform: process.platform,
        user: 'nobody',
        program: node.program,
        socket: node.socket,
        keyFolder: node.folder,
        protect: () => {},
        log: () => {},
      });
      await tailscale.check();
      await until('a live watch', () => tailscale.view().watching === 'live');
      await sleep(SETTLE_MS);
      let most = 0;
      const first = tailscale.starts();
      for (let turn = 0; turn < TIMES; turn++) {
        const before = tailscale.starts();
        // The other machine goes and comes meanwhile: that is told, not asked for.
        if (turn % 4 === 0) await other.stop();
        if (turn % 4 === 2) await other.start();
        await sleep(SETTLE_MS);
        await skip(clock, tailscale);
        const starts = tailscale.starts() - before;
        note(`  ${(turn + 1) * 5} minutes: ${starts} ${starts === 1 ? 'start' : 'starts'}`);
        most = Math.max(most, starts);
      }
      const live = tailscale.view().watching === 'live' ? 1 : 0;
      const hour = tailscale.starts() - first;
      tailscale.stop();
      return [
        valueRow('Tailscale unwatched: most starts of its program in 5 minutes', [most], 1),
        valueRow('Tailscale unwatched: starts in an hour', [hour], 12),
        valueRow('Tailscale unwatched: watches that stayed', [live], null),
      ];
    } finally {
      clock.stop();
      await tailnet.stop();
    }
  },
};
