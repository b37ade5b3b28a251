import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DelegationView } from '../../../electron/contract/index.ts';
import { isOver } from '../../../electron/contract/index.ts';
import { tailscaleError } from '../../../electron/setup/tailscale/state.ts';
import { laterTimes, openWork, overWork } from '../../../renderer/views/inbox/lists.ts';
import { delegation } from '../../ui/mock/setup-lab.ts';

const NOW = Date.parse('2026-11-21T14:20:00Z');
const HOUR = 3_600_000;

const some = fc.array(
  fc.record({
    state: fc.constantFrom<DelegationView['state']>(
      'proposed',
      'asked_back',
      'accepted',
      'in_progress',
      'completed',
      'declined',
      'expired',
    ),
    priority: fc.constantFrom<DelegationView['priority']>('low', 'normal', 'high', 'urgent'),
    receivedAt: fc.integer({ min: NOW - 100, max: NOW }),
    snoozedUntil: fc.constantFrom(null, NOW - 1, NOW, NOW + 1),
  }),
  { maxLength: 12 },
);
const all = some.map((parts) => parts.map((one, index) => delegation(index + 1, one)));

describe('the lists of the inbox', () => {
  it('show each piece of open work once, and none that is over', () => {
    fc.assert(
      fc.property(all, (given) => {
        const { waiting, later, underWay } = openWork(given, NOW);
        const shown = [...waiting, ...later, ...underWay].map(({ id }) => id).sort();
        const open = given.filter(({ state }) => !isOver(state)).map(({ id }) => id);
        expect(shown).toEqual(open.sort());
      }),
    );
  });

  it('bring snoozed work back at its time, not before and not after', () => {
    const work = delegation(1, { snoozedUntil: NOW });
    expect(openWork([work], NOW - 1)).toMatchObject({ waiting: [], later: [work] });
    expect(openWork([work], NOW)).toMatchObject({ waiting: [work], later: [] });
  });

  it('put the urgent above the newest', () => {
    const old = delegation(1, { priority: 'urgent', receivedAt: NOW - HOUR });
    const fresh = delegation(2, { receivedAt: NOW });
    expect(openWork([fresh, old], NOW).waiting).toEqual([old, fresh]);
  });

  it('tell of what ended since as it is now, and once', () => {
    const before = delegation(1, { state: 'completed' });
    const now = delegation(1, { state: 'failed' });
    const running = delegation(2, { state: 'in_progress' });
    const held = new Map([now, running].map((one) => [one.id as string, one]));
    expect(overWork([before], held)).toEqual([now]);
  });

  it('offer only times ahead, in order', () => {
    fc.assert(
      fc.property(fc.integer({ min: NOW, max: NOW + 400 * 24 * HOUR }), (now) => {
        const times = laterTimes(now).map(({ until }) => until);
        expect(times.every((until) => until > now)).toBe(true);
        expect(times.length).toBeGreaterThanOrEqual(3);
        expect(times.at(-1)).toBe(Math.max(...times));
      }),
    );
  });
});

describe('the way out of a trouble with Tailscale', () => {
  it('leads to the step that is about it', () => {
    const to = (code: Parameters<typeof tailscaleError>[0]) =>
      tailscaleError(code, '').remedy?.actions;
    expect(to('setup.tailscale_not_installed')).toMatchObject([{ to: 'setup/tailscale' }]);
    expect(to('setup.tailscale_needs_login')).toMatchObject([{ to: 'setup/tailnet' }]);
    expect(to('setup.tailscale_not_running')).toMatchObject([{ to: 'setup/tailnet' }]);
    expect(to('setup.tailscale_stopped')).toMatchObject([{ kind: 'call', name: 'tailnet.up' }]);
  });
});
