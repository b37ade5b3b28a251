import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IncomingState, OutgoingState } from '../../../electron/contract/index.ts';
import { newMessageId } from '../../../electron/conversations/answers.ts';
import { retryDelay } from '../../../electron/conversations/backoff.ts';
import {
  type IncomingEvent,
  isEnded,
  reduceIncoming,
} from '../../../electron/conversations/incoming.ts';
import { keyOf, messageOfKey } from '../../../electron/conversations/keys.ts';
import {
  isOpen,
  isRunning,
  isWaiting,
  type Outgoing,
  type OutgoingEvent,
  reduceOutgoing,
  rung,
} from '../../../electron/conversations/outgoing.ts';

const EVENTS: readonly OutgoingEvent[] = [
  'attempt',
  'acknowledged',
  'not_sent',
  'rejected',
  'lost',
  'absent',
  'seen',
  'run_going',
  'run_ended',
  'run_lost',
  'answered',
  'expired',
  'cancel',
  'retry',
  'send_again',
  'take_as_sent',
];
const outgoing = fc.record({
  state: fc.constantFrom(...OutgoingState.options),
  run: fc.constantFrom('none' as const, 'going' as const, 'ended' as const),
});
const event = fc.constantFrom(...EVENTS);
const from = (state: OutgoingState, ...events: OutgoingEvent[]): string => {
  let now: Outgoing = { state, run: 'none' };
  for (const one of events) now = reduceOutgoing(now, one) ?? now;
  return now.state;
};

describe('an outgoing message', () => {
  it('goes queued, sending, sent, delivered, answered', () => {
    expect(from('queued', 'attempt')).toBe('sending');
    expect(from('queued', 'attempt', 'acknowledged')).toBe('sent');
    expect(from('queued', 'attempt', 'acknowledged', 'seen')).toBe('delivered');
    expect(from('queued', 'attempt', 'acknowledged', 'seen', 'answered')).toBe('answered');
  });

  it('may be answered before it is acknowledged, and stays answered', () => {
    expect(from('queued', 'attempt', 'answered', 'acknowledged', 'seen', 'lost')).toBe('answered');
  });

  it('is unknown after a lost connection, until the history tells', () => {
    expect(from('sending', 'lost')).toBe('unknown');
    expect(from('sending', 'lost', 'absent')).toBe('queued');
    expect(from('sending', 'lost', 'seen')).toBe('delivered');
  });

  it('leaves unknown by a person’s choice too', () => {
    expect(from('unknown', 'send_again')).toBe('queued');
    expect(from('unknown', 'take_as_sent')).toBe('sent');
  });

  it('can be taken back only while it surely has not left', () => {
    for (const state of OutgoingState.options) {
      expect(from(state, 'cancel') === 'cancelled', state).toBe(
        state === 'queued' || state === 'cancelled',
      );
    }
  });

  it('that was acknowledged and then lost over there fails, and is not sent again by itself', () => {
    expect(from('queued', 'attempt', 'acknowledged', 'absent')).toBe('failed');
    expect(from('queued', 'attempt', 'acknowledged', 'seen', 'absent')).toBe('delivered');
  });

  it('whose run is lost from view claims no more than was confirmed', () => {
    expect(from('queued', 'attempt', 'acknowledged', 'run_lost')).toBe('sent');
    expect(reduceOutgoing({ state: 'sent', run: 'going' }, 'run_lost')?.run).toBe('ended');
  });

  it('that is seen over there is delivered, whatever we believed', () => {
    for (const state of OutgoingState.options) {
      expect(rung(from(state, 'seen') as OutgoingState), state).toBeGreaterThanOrEqual(2);
    }
  });

  it('never goes down from a confirmed rung, but for one that was lost over there', () => {
    fc.assert(
      fc.property(outgoing, event, (now, what) => {
        const next = reduceOutgoing(now, what);
        if (!next) return;
        const lostThere = now.state === 'sent' && what === 'absent';
        if (!lostThere) expect(rung(next.state)).toBeGreaterThanOrEqual(rung(now.state));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is put into the queue only where it is proven not taken, or its person chose so', () => {
    fc.assert(
      fc.property(outgoing, event, (now, what) => {
        if (now.state === 'queued' || reduceOutgoing(now, what)?.state !== 'queued') return;
        expect(['not_sent', 'absent', 'retry', 'send_again']).toContain(what);
      }),
      { numRuns: 2_000 },
    );
  });

  it('changes nothing where the same event comes twice', () => {
    fc.assert(
      fc.property(outgoing, event, (now, what) => {
        const once = reduceOutgoing(now, what);
        if (!once || what === 'absent') return;
        expect(reduceOutgoing(once, what)).toBeNull();
      }),
      { numRuns: 2_000 },
    );
  });

  it('is open while it waits or runs, and neither both nor after its end', () => {
    fc.assert(
      fc.property(outgoing, (now) => {
        expect(isWaiting(now.state) && isRunning(now)).toBe(false);
        if (['answered', 'failed', 'cancelled'].includes(now.state))
          expect(isOpen(now)).toBe(false);
      }),
    );
  });
});

describe('an incoming message', () => {
  const events: readonly IncomingEvent[] = [
    'delta',
    'waits',
    'goes_on',
    'final',
    'stopped',
    'failed',
    'lost',
  ];

  it('streams, may wait for an approval, and completes', () => {
    expect(reduceIncoming('streaming', 'waits')).toBe('waiting_approval');
    expect(reduceIncoming('waiting_approval', 'goes_on')).toBe('streaming');
    expect(reduceIncoming('streaming', 'final')).toBe('complete');
  });

  it('that was interrupted goes on when the rest comes', () => {
    expect(reduceIncoming('streaming', 'lost')).toBe('interrupted');
    expect(reduceIncoming('interrupted', 'delta')).toBe('streaming');
    expect(reduceIncoming('interrupted', 'final')).toBe('complete');
  });

  it('keeps the first end that was seen', () => {
    for (const state of IncomingState.options.filter(isEnded)) {
      for (const what of events) expect(reduceIncoming(state, what)).toBeNull();
    }
  });
});

describe('the wait before another attempt', () => {
  it('is somewhere up to 1 s, 2 s, 4 s and so on to 60 s', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 50].map((n) => retryDelay(n, 0.999_999))).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000,
    ]);
    expect(retryDelay(7, 0.5)).toBe(30_000);
  });

  it('is never shorter than what the other side asked for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.nat(600_000),
        (failures, random, asked) => {
          const wait = retryDelay(failures, random, asked);
          expect(wait).toBeGreaterThanOrEqual(asked);
          expect(wait).toBeLessThanOrEqual(Math.max(60_000, asked));
        },
      ),
    );
  });
});

describe('a key', () => {
  it('is the message’s id, marked as ours', () => {
    const id = newMessageId();
    expect(keyOf(id)).toBe(`peerage:${id}`);
    expect(messageOfKey(keyOf(id))).toBe(id);
  });

  it.each(['', 'peerage:', 'peerage:nonsense', 'other:01900000-0000-7000-8000-000000000001', null])(
    'that is %j is none of ours',
    (key) => expect(messageOfKey(key)).toBeNull(),
  );
});
