import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DelegationView, OutgoingDelegationView } from '../../../electron/contract/index.ts';
import { tailscaleError } from '../../../electron/setup/tailscale/state.ts';
import {
  type BoardFilter,
  boardCards,
  counts,
  type Held,
  NO_FILTER,
  nobodys,
  putOffCards,
} from '../../../renderer/views/inbox/board.ts';
import { laterTimes } from '../../../renderer/views/inbox/later-times.ts';
import { ids } from '../../ui/mock/ids.ts';
import { delegation, outgoing, unasked } from '../../ui/mock/setup-lab.ts';

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

const heldOf = (
  incoming: readonly DelegationView[],
  outgoing = [] as OutgoingDelegationView[],
): Held => ({
  incoming: new Map(incoming.map((one) => [one.id as string, one])),
  outgoing: new Map(outgoing.map((one) => [one.id as string, one])),
  unasked: new Map(),
});
const list = (
  held: Held,
  which: BoardFilter['which'],
  more: Partial<BoardFilter> = {},
  now = NOW,
): string[] =>
  boardCards([], held, { which, ...NO_FILTER, ...more }, now, null).map(
    ({ delegation: one }) => one.id,
  );

describe('the lists of the inbox', () => {
  it('show each piece of work once, in one of them', () => {
    fc.assert(
      fc.property(all, (given) => {
        const held = heldOf(given, [
          outgoing(1, { state: 'asked_back' }),
          outgoing(2, { state: 'in_progress' }),
          outgoing(3, { state: 'declined' }),
        ]);
        const shown = [
          ...list(held, 'waiting'),
          ...putOffCards(held, NOW).map(({ id }) => id as string),
          ...list(held, 'open'),
          ...list(held, 'over'),
        ];
        const everything = [...held.incoming.keys(), ...held.outgoing.keys()];
        expect(shown.toSorted()).toEqual(everything.toSorted());
        expect(counts(held, NOW)).toEqual({
          waiting: list(held, 'waiting').length,
          open: list(held, 'open').length,
        });
      }),
    );
  });

  it('bring snoozed work back at its time, not before and not after', () => {
    const held = heldOf([delegation(1, { snoozedUntil: NOW })]);
    expect(list(held, 'waiting', {}, NOW - 1)).toEqual([]);
    expect(putOffCards(held, NOW - 1)).toHaveLength(1);
    expect(list(held, 'waiting', {}, NOW)).toHaveLength(1);
    expect(putOffCards(held, NOW)).toEqual([]);
  });

  it('put the urgent above the newest', () => {
    const old = delegation(1, { priority: 'urgent' });
    const fresh = delegation(2);
    expect(list(heldOf([fresh, old]), 'waiting')).toEqual([old.id, fresh.id]);
  });

  it('tell of what ended since as it is now, and once', () => {
    const now = delegation(1, { state: 'failed' });
    const read = [{ direction: 'in', delegation: delegation(1, { state: 'completed' }) }] as const;
    const filter = { which: 'over', ...NO_FILTER } as const;
    const cards = boardCards(
      read,
      heldOf([now, delegation(2, { state: 'in_progress' })]),
      filter,
      NOW,
      null,
    );
    expect(cards).toEqual([{ direction: 'in', delegation: now }]);
  });

  it('show by direction, peer, priority, lateness and words, both kinds alike', () => {
    const held = heldOf(
      [
        delegation(1, { state: 'accepted', deadlineAt: NOW - 1 }),
        delegation(2, { state: 'accepted' }),
      ],
      [
        outgoing(3, { topic: 'Quotes', priority: 'high', deadlineAt: NOW }),
        outgoing(4, { peerId: ids.peer(3), deadlineAt: NOW + 1 }),
      ],
    );
    const some = (more: Partial<BoardFilter>) =>
      list(held, 'open', more).map((id) => Number.parseInt(id.slice(-2), 16));
    expect(some({})).toHaveLength(4);
    expect(some({ direction: 'in' }).toSorted()).toEqual([1, 2]);
    expect(some({ direction: 'out' }).toSorted()).toEqual([3, 4]);
    expect(some({ peerId: ids.peer(3) })).toEqual([4]);
    expect(some({ priority: 'high' })).toEqual([3]);
    expect(some({ overdue: true }).toSorted()).toEqual([1, 3]);
    expect(some({ search: ' quOTES ' })).toEqual([3]);
  });

  it('keep with a peer what runs unasked under its name, and count what runs for nobody known', () => {
    const held = {
      ...heldOf([]),
      unasked: new Map(
        [unasked(1), unasked(2, { peerId: null }), unasked(3, { peerId: ids.peer(3) })].map(
          (one) => [one.id as string, one],
        ),
      ),
    };
    const filter = { which: 'open', ...NO_FILTER, peerId: ids.peer(2) } as const;
    expect(list(held, 'open', filter)).toEqual([unasked(1).id]);
    expect(nobodys(held, filter)).toBe(1);
    expect(nobodys(held, { ...filter, peerId: null })).toBe(0);
    expect(nobodys(held, { ...filter, which: 'over' })).toBe(0);
  });

  it('leave to its own page what is older than what was read', () => {
    const held = heldOf([delegation(1, { state: 'failed' }), delegation(9, { state: 'failed' })]);
    const filter = { which: 'over', ...NO_FILTER } as const;
    expect(boardCards([], held, filter, NOW, delegation(5).id)).toHaveLength(1);
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
