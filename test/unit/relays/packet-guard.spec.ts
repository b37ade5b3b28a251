import { describe, expect, it } from 'vitest';
import { PacketGuard } from '../../../electron/dns-sd/guard.ts';
import { linksOf } from '../../../electron/dns-sd/link.ts';
import { fakeClock } from '../../fakes/clock.ts';

const links = linksOf([
  { address: '10.0.0.5', cidr: '10.0.0.5/24' },
  { address: 'fd00::5', cidr: 'fd00::5/64' },
  { address: '10.9.0.1', cidr: null },
]);

/** A packet that says so many questions, answers, authorities and additional records. */
function packet(counts: readonly number[], bytes = 100): Buffer {
  const made = Buffer.alloc(bytes);
  for (const [index, count] of counts.entries()) made.writeUInt16BE(count, 4 + index * 2);
  return made;
}

describe('the networks of this machine', () => {
  it.each([
    ['10.0.0.200', true],
    ['10.0.1.1', false],
    ['fd00::1', true],
    ['fd01::1', false],
    ['10.9.0.1', false],
    ['no address', false],
  ])('%s is on them: %s', (address, isOn) => {
    expect(links(address)).toBe(isOn);
  });
});

describe('a packet of multicast DNS', () => {
  const guard = (clock = fakeClock()) => new PacketGuard(clock, () => links);

  it('is read with up to 64 records and as long as a packet may be', () => {
    expect(guard().admits(packet([1, 40, 3, 20], 8_972), '10.0.0.7')).toBe(true);
    expect(guard().admits(packet([1, 40, 3, 21]), '10.0.0.7')).toBe(false);
    expect(guard().admits(packet([1, 1, 0, 0], 8_973), '10.0.0.7')).toBe(false);
    expect(guard().admits(Buffer.alloc(3), '10.0.0.7')).toBe(true);
  });

  it('is not read from who is on no network of this machine', () => {
    expect(guard().admits(packet([0, 1, 0, 0]), '198.51.100.9')).toBe(false);
  });

  it('is not read from who sends without end, and the others are heard', async () => {
    const clock = fakeClock();
    const one = guard(clock);
    const heard = (sender: string, times: number): number =>
      Array.from({ length: times }, () => one.admits(packet([0, 1, 0, 0]), sender)).filter(Boolean)
        .length;
    expect(heard('10.0.0.66', 5_000)).toBe(100);
    expect(heard('10.0.0.7', 3)).toBe(3);
    await clock.advance(1_000);
    expect(heard('10.0.0.66', 5_000)).toBe(20);
    const many = Array.from({ length: 250 }, (_, host) => heard(`10.0.0.${host}`, 10));
    expect(many.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(400);
  });

  it('is read again from a network that this machine joined meanwhile', async () => {
    const clock = fakeClock();
    let now = links;
    const moving = new PacketGuard(clock, () => now);
    expect(moving.admits(packet([0, 1, 0, 0]), '10.5.0.7')).toBe(false);
    now = linksOf([{ address: '10.5.0.1', cidr: '10.5.0.1/24' }]);
    await clock.advance(5_000);
    expect(moving.admits(packet([0, 1, 0, 0]), '10.5.0.7')).toBe(true);
  });
});
