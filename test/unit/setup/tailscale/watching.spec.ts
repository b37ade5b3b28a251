import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTailscale, type Tailscale } from '../../../../electron/setup/index.ts';
import { type FakeClock, fakeClock } from '../../../fakes/clock.ts';
import { type TailscaleRig, tailscaleRig } from '../../../fakes/tailscale/rig.ts';
import { firstNotice, netMapNotice, onlinePatch } from '../../../fakes/tailscale/shapes.ts';

const FIVE_MINUTES = 300_000;
let rig: TailscaleRig;
let clock: FakeClock;
let tailscale: Tailscale;
let changes: number;
beforeEach(async () => {
  rig = tailscaleRig();
  clock = fakeClock();
  tailscale = createTailscale(rig.options(clock, { run: rig.run }));
  changes = 0;
  tailscale.onChange(() => {
    changes += 1;
  });
  await tailscale.check();
  await clock.advance(1_000);
});
afterEach(() => {
  tailscale.stop();
  rig.remove();
});

const desk = () => {
  const { state } = tailscale.view();
  return state.kind === 'running' ? state.peers[0] : undefined;
};

describe('watching while nobody looks', () => {
  it('costs one long-lived watch, and at most one other start in five minutes', async () => {
    expect(tailscale.view()).toMatchObject({ state: { kind: 'running' }, watching: 'live' });
    const before = tailscale.starts();
    for (let i = 0; i < 12; i++) {
      const begun = tailscale.starts();
      // Machines come, go and change meanwhile; that is told, not asked for.
      rig.notice(onlinePatch(12, i % 2 === 0));
      rig.notice({ PeersChanged: [{ ID: 12, Online: i % 2 === 0 }] });
      await clock.advance(FIVE_MINUTES);
      expect(tailscale.starts() - begun).toBeLessThanOrEqual(1);
    }
    expect(tailscale.starts() - before).toBeLessThanOrEqual(12);
    const watches = rig.starts().filter(({ args }) => args[0] === 'debug');
    expect(watches).toHaveLength(1);
  });

  it.each([
    ['a patch', () => onlinePatch(12, false)],
    ['the whole map of an older version', () => netMapNotice({ 12: false })],
  ])('shows that a machine dropped off in the same turn as the notice: %s', (_, notice) => {
    const begun = tailscale.starts();
    expect(desk()?.online).toBe(true);
    const before = changes;
    rig.notice(notice());
    expect(desk()).toMatchObject({ online: false, lastSeen: clock.now() });
    expect(changes).toBeGreaterThan(before);
    expect(tailscale.starts()).toBe(begun);
  });

  it('shows at once that Tailscale was switched off', () => {
    rig.notice(firstNotice(4));
    expect(tailscale.view().state.kind).toBe('stopped');
  });

  it('starts the watch again, later each time, and polls until it is there', async () => {
    rig.answer('debug watch-ipn --initial', { code: 1, stderr: 'gone' });
    rig.feed('bus', { exit: 1 });
    await clock.advance(60_000);
    expect(tailscale.view().watching).toBe('polling');
    const watches = rig.starts().filter(({ args }) => args[0] === 'debug').length;
    expect(watches).toBeLessThanOrEqual(7);
  });

  it('lives without a watch where this Tailscale has none', async () => {
    tailscale.stop();
    rig.answer('debug watch-ipn --initial', {
      code: 2,
      stderr: 'flag provided but not defined: -initial',
    });
    tailscale = createTailscale(rig.options(clock, { run: rig.run }));
    const begun = rig.starts().length;
    await tailscale.check();
    await clock.advance(FIVE_MINUTES + 1_000);
    expect(tailscale.view()).toMatchObject({ watching: 'polling', state: { kind: 'running' } });
    expect(
      rig
        .starts()
        .slice(begun)
        .filter(({ args }) => args[0] === 'debug'),
    ).toHaveLength(1);
  });
});

describe('watching while somebody looks', () => {
  it('asks at once when the window comes, for what was only told meanwhile', async () => {
    await clock.advance(5_000);
    rig.notice({ PeersChanged: [{ ID: 99, Online: true }] });
    const begun = tailscale.starts();
    await clock.advance(5_000);
    expect(tailscale.starts()).toBe(begun);
    tailscale.setAttended(true);
    await clock.advance(1);
    expect(tailscale.starts() - begun).toBe(1);
  });

  it('asks every minute beside a live watch, and at once after a notice', async () => {
    tailscale.setAttended(true);
    const begun = tailscale.starts();
    await clock.advance(61_000);
    expect(tailscale.starts() - begun).toBe(1);
    rig.notice({ PeersChanged: [{ ID: 12, Online: true }] });
    await clock.advance(400);
    expect(tailscale.starts() - begun).toBe(2);
  });
});
