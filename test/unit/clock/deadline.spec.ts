import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { deadline, within } from '../../../electron/clock/deadline.ts';
import { fakeClock } from '../../fakes/clock.ts';

describe('a limit of time', () => {
  it('ends the work by the injected clock, with its reason, and not a moment before', async () => {
    const clock = fakeClock();
    const held = deadline(clock, 1_000, null, 'the time is up');
    await clock.advance(999);
    expect(held.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(held.signal.aborted).toBe(true);
    expect(held.signal.reason).toBe('the time is up');
  });

  it('ends with each of the outer signals, and takes its reason over', () => {
    for (const index of [0, 1]) {
      const outers = [new AbortController(), new AbortController()];
      const held = deadline(
        fakeClock(),
        1_000,
        outers.map(({ signal }) => signal),
        'late',
      );
      outers[index]?.abort('the window is gone');
      expect(held.signal.reason).toBe('the window is gone');
    }
  });

  it('has ended already where an outer signal has', () => {
    const held = deadline(fakeClock(), 1_000, AbortSignal.abort('stopped'));
    expect(held.signal.reason).toBe('stopped');
  });

  it('can begin anew', async () => {
    const clock = fakeClock();
    const held = deadline(clock, 1_000);
    await clock.advance(900);
    held.renew(1_000);
    await clock.advance(999);
    expect(held.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(held.signal.aborted).toBe(true);
  });

  it('keeps nothing of work that is over: no timer, and nothing on a signal that lives on', async () => {
    const clock = fakeClock();
    const app = new AbortController();
    const answers = await Promise.all([
      within(clock, 1_000, app.signal, async () => 'answered'),
      within(clock, 1_000, app.signal, async () => {
        throw new Error('refused');
      }).catch((error: Error) => error.message),
    ]);
    expect(answers).toEqual(['answered', 'refused']);
    expect(clock.pending()).toBe(0);
    expect(getEventListeners(app.signal, 'abort')).toHaveLength(0);
  });
});
