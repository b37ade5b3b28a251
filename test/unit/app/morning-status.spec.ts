import * as fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createAppState } from '../../../electron/app/app-state.ts';
import {
  createMorningStatus,
  type MorningStatusKeeper,
} from '../../../electron/app/morning-status.ts';
import { nextDue, passedDues, statusText } from '../../../electron/app/morning-text.ts';
import type { CallerContext, MorningStatus } from '../../../electron/contract/index.ts';
import { outgoing } from '../../ui/mock/setup-lab.ts';
import { Home, peerId } from '../conversations/home.ts';

const HOUR = 3_600_000;
const every = [0, 1, 2, 3, 4, 5, 6];
const schedule = (more: Partial<MorningStatus> = {}): MorningStatus => ({
  at: 9 * 60,
  weekdays: every,
  peerIds: [peerId(1), peerId(2)],
  topic: 'Atlas',
  focus: 'The parser.',
  need: '',
  ...more,
});
const context: CallerContext = {
  door: 'window',
  connectionId: 'w',
  signal: new AbortController().signal,
};

describe('when the next morning status is due', () => {
  it('is ahead, at its time of day, on one of its weekdays, and within a week', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2027, 0) }),
        fc.integer({ min: 0, max: 1_439 }),
        fc.uniqueArray(fc.constantFrom(...every), { minLength: 1 }),
        (now, at, weekdays) => {
          const due = new Date(nextDue({ at, weekdays }, now));
          expect(due.getTime()).toBeGreaterThan(now);
          expect(due.getTime() - now).toBeLessThanOrEqual(8 * 24 * HOUR);
          expect(weekdays).toContain(due.getDay());
        },
      ),
    );
  });
});

describe('a change of the clocks', () => {
  afterEach(() => vi.unstubAllEnvs());

  // 02:30 is skipped on one of these days, and comes twice on another.
  it.each(['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe'])(
    'neither skips a morning status nor doubles it, even at an hour that it skips or doubles: %s',
    (zone) => {
      vi.stubEnv('TZ', zone);
      const offsets = [0, 6].map((month) => new Date(2026, month, 1).getTimezoneOffset());
      expect(new Set(offsets).size).toBe(2);
      const from = new Date(2026, 0, 1).getTime();
      const now = new Date(2027, 0, 1).getTime();
      const days = passedDues({ at: 150, weekdays: every }, from, now);
      expect(days).toHaveLength(365);
      expect(new Set(days.map((due) => new Date(due).toDateString())).size).toBe(365);
    },
  );
});

describe('the morning statuses that a time without the app passed over', () => {
  it('are each that was due on a day before today, and today’s is none of them', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2027, 0) }),
        fc.integer({ min: 0, max: 40 * 24 }),
        fc.integer({ min: 0, max: 1_439 }),
        fc.uniqueArray(fc.constantFrom(...every), { minLength: 1 }),
        (from, hours, at, weekdays) => {
          const now = from + hours * HOUR;
          const passed = passedDues({ at, weekdays }, from, now);
          const today = new Date(now).setHours(0, 0, 0, 0);
          const days = passed.map((due) => new Date(due).toDateString());
          expect(new Set(days).size).toBe(passed.length);
          for (const due of passed) {
            expect(due).toBeGreaterThan(from);
            expect(due).toBeLessThan(today);
          }
          // None lies between the last of them and today.
          expect(nextDue({ at, weekdays }, passed.at(-1) ?? from)).toBeGreaterThanOrEqual(today);
        },
      ),
    );
  });
});

describe('what a morning status says', () => {
  it('tells each peer of its own work, and what the person wrote', () => {
    const work = [
      outgoing(1, { peerId: peerId(1), topic: 'Notes', state: 'completed', changedAt: 20 }),
      outgoing(2, { peerId: peerId(1), topic: 'Old', state: 'completed', changedAt: 5 }),
      outgoing(3, { peerId: peerId(1), topic: 'Build', state: 'failed', changedAt: 20 }),
      outgoing(4, { peerId: peerId(1), topic: 'Docs' }),
      outgoing(5, { peerId: peerId(2), topic: 'Secret plan' }),
    ];
    expect(statusText(schedule({ need: 'A review.' }), peerId(1), work, 10)).toBe(
      "[Morning Status] → Atlas\nWhat's done:\n  - Notes\nBlockers:\n  - Build\nFocus today: The parser.\nNeed from peer: A review.\n  - Docs",
    );
  });
});

describe('a morning status', () => {
  let home: Home;
  let keeper: MorningStatusKeeper;
  let notices: string[];
  const gone = new Set<string>();
  afterEach(async () => {
    gone.clear();
    vi.unstubAllEnvs();
    keeper.stop();
    await home.remove();
  });
  const build = (): void => {
    keeper = createMorningStatus({
      clock: home.clock,
      state: createAppState(home.store),
      conversations: home.conversations,
      notifications: { offer: ({ text }) => void notices.push(text) },
      peers: { peer: (id) => (gone.has(id) ? null : ({ id, name: 'Someone' } as never)) },
      log: (line) => {
        throw new Error(line);
      },
    });
    keeper.start();
  };
  const begin = async (): Promise<void> => {
    notices = [];
    home = new Home({ peers: 2 });
    await home.start();
    build();
    // To the beginning of a local day.
    const midnight = new Date(home.clock.now()).setHours(24, 0, 0, 0);
    await home.clock.advance(midnight - home.clock.now());
  };
  const sends = (n: number) =>
    home.linkOf(n).sends.filter((one) => one.text.startsWith('[Morning Status] → Atlas'));
  const set = (of: MorningStatus | null) =>
    keeper.handlers['status.set']({ schedule: of }, context);

  it('goes once a day to each peer, at its time, and is previewed without being sent', async () => {
    await begin();
    await set(schedule());
    const shown = await keeper.handlers['status.preview'](schedule(), context);
    expect(shown.ok && shown.value.previews).toHaveLength(2);
    await home.clock.advance(8 * HOUR);
    expect([sends(1).length, sends(2).length]).toEqual([0, 0]);
    await home.clock.advance(2 * HOUR);
    expect([sends(1).length, sends(2).length]).toEqual([1, 1]);
    await home.clock.advance(24 * HOUR);
    expect([sends(1).length, sends(2).length]).toEqual([2, 2]);
    expect(home.conversations.threadsOf(peerId(1))).toHaveLength(1);
    await set(null);
    await home.clock.advance(48 * HOUR);
    expect(sends(1)).toHaveLength(2);
  });

  it('goes after a restart where its time passed meanwhile, and is never doubled by one', async () => {
    await begin();
    await set(schedule());
    await home.clock.advance(8 * HOUR);
    keeper.stop();
    await home.crash();
    await home.clock.advance(3 * HOUR);
    await home.start();
    build();
    await home.clock.advance(60_000);
    expect(sends(1)).toHaveLength(1);
    keeper.stop();
    await home.crash();
    await home.start();
    build();
    await home.clock.advance(2 * HOUR);
    const all = home.conversations
      .threadsOf(peerId(1))
      .flatMap((thread) =>
        home.conversations.handlers['thread.page'](
          { threadId: thread.id, from: 1_000, direction: 'older' },
          context,
        ),
      );
    const pages = await Promise.all(all);
    const ours = pages.flatMap((page) => (page.ok ? page.value.messages : []));
    expect(ours.filter((one) => one.direction === 'out')).toHaveLength(1);
  });

  const off = async (hours: number): Promise<void> => {
    keeper.stop();
    await home.crash();
    await home.clock.advance(hours * HOUR);
    await home.start();
    build();
    await home.clock.advance(60_000);
  };
  const told = async () => {
    const answer = await keeper.handlers['status.schedule']({}, context);
    if (!answer.ok) throw new Error(answer.error.detail);
    return answer.value;
  };

  it('says that it went late, where the app came back on the same day', async () => {
    await begin();
    await set(schedule());
    await home.clock.advance(8 * HOUR);
    await off(4);
    const { lastAt, lastDueAt, missed } = await told();
    expect((lastAt ?? 0) - (lastDueAt ?? 0)).toBeGreaterThan(3 * HOUR - 1);
    expect(missed).toBeNull();
    expect(notices).toEqual([]);
  });

  it('is told of once where days passed without the app, and today’s goes once', async () => {
    await begin();
    await set(schedule());
    await home.clock.advance(10 * HOUR);
    expect(sends(1)).toHaveLength(1);
    // Three nights later, before its time.
    await off(3 * 24 - 4);
    expect(await told()).toMatchObject({ missed: { count: 2 } });
    expect(notices).toHaveLength(1);
    expect(notices[0]).toMatch(/09:00, and 1 more before it/);
    await off(0);
    expect(notices).toHaveLength(1);
    await home.clock.advance(4 * HOUR);
    expect(home.linkOf(1).sends.filter((one) => one.text.includes('Atlas'))).toHaveLength(1);
    expect((await told()).missed).toBeNull();
    await off(0);
    expect(notices).toHaveLength(1);
  });

  it('does not go again where the clock is set back over midnight', async () => {
    await begin();
    await set(schedule());
    await home.clock.advance(10 * HOUR);
    expect(sends(1)).toHaveLength(1);
    keeper.stop();
    home.clock.jump(-20 * HOUR);
    build();
    await home.clock.advance(12 * HOUR);
    expect(sends(1)).toHaveLength(1);
    await home.clock.advance(36 * HOUR);
    expect(sends(1)).toHaveLength(2);
  });

  it('does not claim to have gone on the day on which it was set too late', async () => {
    await begin();
    await home.clock.advance(12 * HOUR);
    await set(schedule());
    expect(await told()).toMatchObject({ lastAt: null, lastDueAt: null, missed: null });
  });

  it('is not said to have gone late where it is set to an earlier time after it went', async () => {
    await begin();
    await set(schedule());
    await home.clock.advance(10 * HOUR);
    await set(schedule({ at: 7 * 60 }));
    const { lastAt, lastDueAt } = await told();
    expect((lastAt ?? 0) - (lastDueAt ?? 0)).toBeLessThan(HOUR);
    expect(lastDueAt).not.toBeNull();
  });

  it('waits for the next day where it is set after its time', async () => {
    await begin();
    await home.clock.advance(12 * HOUR);
    await set(schedule());
    await home.clock.advance(6 * HOUR);
    expect(sends(1)).toHaveLength(0);
    await home.clock.advance(18 * HOUR);
    expect(sends(1)).toHaveLength(1);
  });

  it('is not said to be missed where nobody was left to get it', async () => {
    await begin();
    for (const id of schedule().peerIds) gone.add(id);
    await set(schedule());
    await home.clock.advance(4 * 24 * HOUR);
    expect(notices).toEqual([]);
    expect(await told()).toMatchObject({ missed: null, lastAt: null });
  });

  it('is not said to be missed on a day that had its status before the machine travelled west', async () => {
    vi.stubEnv('TZ', 'Pacific/Auckland');
    await begin();
    await set(schedule());
    await home.clock.advance(10 * HOUR);
    expect(sends(1)).toHaveLength(1);
    keeper.stop();
    vi.stubEnv('TZ', 'America/Los_Angeles');
    // From the afternoon before, over there, to the night after the day of that status.
    await home.clock.advance(36 * HOUR);
    build();
    await home.clock.advance(60_000);
    expect(notices).toEqual([]);
    expect((await told()).missed).toBeNull();
  });

  it('goes today where it is set after its time, and then for later today', async () => {
    await begin();
    await home.clock.advance(10 * HOUR);
    await set(schedule());
    await set(schedule({ at: 11 * 60 }));
    await home.clock.advance(2 * HOUR);
    expect(sends(1)).toHaveLength(1);
  });

  it('goes to a peer that was added after today’s not before the next day', async () => {
    await begin();
    await set(schedule({ peerIds: [peerId(1)] }));
    await home.clock.advance(10 * HOUR);
    await set(schedule());
    await home.clock.advance(HOUR);
    expect([sends(1).length, sends(2).length]).toEqual([1, 0]);
    await home.clock.advance(24 * HOUR);
    expect([sends(1).length, sends(2).length]).toEqual([2, 1]);
  });
});
