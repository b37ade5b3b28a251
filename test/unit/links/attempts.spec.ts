import { expect, it } from 'vitest';
import { Attempts } from '../../../electron/links/gateway/attempts.ts';
import { RunTracker } from '../../../electron/links/gateway/runs.ts';
import { fakeClock } from '../../fakes/clock.ts';

it('a key given to one process of a gateway has crossed into another, answered or not', () => {
  const attempts = new Attempts(fakeClock());
  attempts.note('peerage:1', 'boot-a');
  expect(attempts.crossed('peerage:1', 'boot-a')).toBe(false);
  expect(attempts.crossed('peerage:1', 'boot-b')).toBe(true);
  attempts.answered('peerage:1');
  expect(attempts.crossed('peerage:1', 'boot-b')).toBe(true);
  attempts.note('peerage:1', 'boot-b');
  expect(attempts.crossed('peerage:1', 'boot-b')).toBe(false);
  expect(attempts.size).toBe(1);
});

it('keys without an answer are remembered, the newest 500 of them', () => {
  const attempts = new Attempts(fakeClock());
  for (let index = 0; index < 600; index++) attempts.note(`peerage:${index}`, 'boot-a');
  expect(attempts.size).toBe(500);
  expect(attempts.crossed('peerage:99', 'boot-b')).toBe(false);
  expect(attempts.crossed('peerage:100', 'boot-b')).toBe(true);
});

it('what answered messages and ended runs leave behind does not grow with their number', () => {
  const attempts = new Attempts(fakeClock());
  const tracker = new RunTracker(fakeClock(), () => {});
  attempts.note('peerage:open', 'boot-a');
  for (let index = 0; index < 1_000; index++) {
    attempts.note(`peerage:${index}`, 'boot-a');
    attempts.answered(`peerage:${index}`);
    tracker.settle(`peerage:${index}`, 'agent:main:x');
  }
  expect(attempts.size).toBe(65);
  expect(attempts.crossed('peerage:open', 'boot-b')).toBe(true);
  expect(tracker.size).toBeLessThanOrEqual(64);
});

it('what is over is forgotten after a quarter of an hour', async () => {
  const clock = fakeClock();
  const attempts = new Attempts(clock);
  const tracker = new RunTracker(clock, () => {});
  for (let index = 0; index < 10; index++) {
    attempts.note(`peerage:${index}`, 'boot-a');
    attempts.answered(`peerage:${index}`);
    tracker.settle(`peerage:${index}`, 'agent:main:x');
    await clock.advance(10 * 60_000);
  }
  expect(attempts.crossed('peerage:9', 'boot-b')).toBe(true);
  expect(attempts.crossed('peerage:0', 'boot-b')).toBe(false);
  expect(attempts.size).toBe(2);
  expect(tracker.size).toBe(2);
});
