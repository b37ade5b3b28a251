import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChangeKey, WarningId } from '../../../electron/contract/index.ts';
import { createWarnings, type Fact } from '../../../electron/health/warnings.ts';
import { fakeClock } from '../../fakes/clock.ts';

const id = (text: string) => WarningId.parse(text);
const fact = (name: string, more: Partial<Fact> = {}): Fact => ({
  id: id(name),
  code: name,
  severity: 'warning',
  title: name,
  detail: '',
  remedy: null,
  peerId: null,
  dependsOn: [],
  timeToVisibleMs: 5_000,
  impactsConnectivity: true,
  needsYou: false,
  ...more,
});

const open = () => {
  const clock = fakeClock();
  const changes: ChangeKey[] = [];
  const warnings = createWarnings(clock, (key) => changes.push(key));
  return { clock, changes, warnings, seen: () => warnings.visible().map((one) => one.code) };
};

describe('a fact', () => {
  it('is seen exactly when it has lasted for its time-to-visible', async () => {
    const { clock, warnings, seen, changes } = open();
    warnings.set(fact('a'));
    await clock.advance(4_999);
    expect(seen()).toEqual([]);
    expect(changes).toEqual([]);
    await clock.advance(1);
    expect(seen()).toEqual(['a']);
    expect(changes).toEqual([{ type: 'warning', id: 'a' }]);
    expect(warnings.view(id('a'))?.since).toBe(clock.now() - 5_000);
  });

  it('that needs no time is seen at once', () => {
    const { warnings, seen } = open();
    warnings.set(fact('a', { timeToVisibleMs: 0 }));
    expect(seen()).toEqual(['a']);
  });

  it('that went before was never there, for whoever looks', async () => {
    const { clock, warnings, changes } = open();
    for (let i = 0; i < 20; i++) {
      warnings.set(fact('a'));
      await clock.advance(4_000);
      warnings.clear(id('a'));
      await clock.advance(1_000);
    }
    expect(changes).toEqual([]);
  });

  it('said again counts from the first time, and renews its words', async () => {
    const { clock, warnings, changes } = open();
    warnings.set(fact('a'));
    await clock.advance(4_000);
    warnings.set(fact('a', { detail: 'more' }));
    await clock.advance(1_000);
    expect(warnings.view(id('a'))?.detail).toBe('more');
    warnings.set(fact('a', { detail: 'more' }));
    expect(changes).toHaveLength(1);
    warnings.set(fact('a', { detail: 'still more' }));
    expect(changes).toHaveLength(2);
  });

  it('that is dismissed stays away until it ended and began anew', async () => {
    const { clock, warnings, seen } = open();
    warnings.set(fact('a'));
    await clock.advance(5_000);
    expect(warnings.dismiss(id('a'))).toBe(true);
    warnings.set(fact('a', { detail: 'new words' }));
    await clock.advance(60_000);
    expect(seen()).toEqual([]);
    expect(warnings.standing()).toHaveLength(1);
    warnings.clear(id('a'));
    warnings.set(fact('a'));
    await clock.advance(5_000);
    expect(seen()).toEqual(['a']);
    expect(warnings.dismiss(id('nobody'))).toBe(false);
  });

  it('that was pending when the machine fell asleep must last anew', async () => {
    const { clock, warnings, seen } = open();
    warnings.set(fact('a'));
    await clock.advance(4_000);
    await clock.sleep(3_600_000);
    await clock.advance(4_999);
    expect(seen()).toEqual([]);
    await clock.advance(1);
    expect(seen()).toEqual(['a']);
  });
});

describe('what explains a fact', () => {
  const child = fact('child', { dependsOn: [id('cause')] });

  it('silences it, even before it is seen itself', async () => {
    const { clock, warnings, seen } = open();
    warnings.set(child);
    await clock.advance(4_000);
    warnings.set(fact('cause'));
    await clock.advance(4_999);
    expect(seen()).toEqual([]);
    await clock.advance(1);
    expect(seen()).toEqual(['cause']);
  });

  it('takes it away again where it was seen already', async () => {
    const { clock, warnings, seen } = open();
    warnings.set(child);
    await clock.advance(5_000);
    expect(seen()).toEqual(['child']);
    warnings.set(fact('cause'));
    expect(seen()).toEqual([]);
  });

  it('leaves it the full time to mend when it goes', async () => {
    const { clock, warnings, seen } = open();
    warnings.set(fact('cause'));
    warnings.set(child);
    await clock.advance(60_000);
    warnings.clear(id('cause'));
    expect(seen()).toEqual([]);
    await clock.advance(4_999);
    expect(seen()).toEqual([]);
    await clock.advance(1);
    expect(seen()).toEqual(['child']);
  });
});

it('whatever comes and goes: seen = lasted long enough, unexplained, not dismissed (property)', async () => {
  const names = ['cause', 'a', 'b'] as const;
  const step = fc.oneof(
    fc.record({ do: fc.constant('set' as const), name: fc.constantFrom(...names) }),
    fc.record({ do: fc.constant('clear' as const), name: fc.constantFrom(...names) }),
    fc.record({ do: fc.constant('dismiss' as const), name: fc.constantFrom(...names) }),
    fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 7_000 }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const { clock, warnings, changes, seen } = open();
      const model = new Map<string, { from: number; dismissed: boolean }>();
      const told = new Map<string, boolean>();
      for (const one of steps) {
        const now = clock.monotonic();
        switch (one.do) {
          case 'set':
            warnings.set(fact(one.name, one.name === 'cause' ? {} : { dependsOn: [id('cause')] }));
            if (!model.has(one.name)) model.set(one.name, { from: now, dismissed: false });
            break;
          case 'clear':
            warnings.clear(id(one.name));
            if (model.delete(one.name) && one.name === 'cause')
              for (const child of model.values()) child.from = now;
            break;
          case 'dismiss': {
            warnings.dismiss(id(one.name));
            const entry = model.get(one.name);
            if (entry) entry.dismissed = true;
            break;
          }
          case 'wait':
            await clock.advance(one.ms);
        }
        const expected = [...model].filter(
          ([name, entry]) =>
            clock.monotonic() - entry.from >= 5_000 &&
            !entry.dismissed &&
            (name === 'cause' || !model.has('cause')),
        );
        expect(seen().sort()).toEqual(expected.map(([name]) => name).sort());
        for (const key of changes.splice(0))
          if (key.type === 'warning') told.set(key.id, warnings.view(id(key.id)) !== null);
        for (const name of names) expect(told.get(name) ?? false).toBe(seen().includes(name));
      }
      warnings.stop();
      expect(clock.pending()).toBe(0);
    }),
    { numRuns: 60 },
  );
});
