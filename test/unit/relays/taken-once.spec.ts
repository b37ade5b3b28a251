/** A connection that is made anew while something of the one before is still on its way to the disk. */
import { expect, it } from 'vitest';
import { RelayHub } from '../../../electron/links/relay/index.ts';
import type { WireMessage } from '../../../electron/links/relay/wire.ts';
import { HOUSES } from '../../fakes/relay/houses.ts';
import { leapClock } from '../../journeys/leap-clock.ts';

it('what is not safe yet is not acknowledged because it comes again', async () => {
  const house = HOUSES.find(({ guarded }) => guarded);
  const relay = await house?.start();
  if (!relay) throw new Error('no relay keeps what is not acknowledged');
  const clock = leapClock();
  const disk = Promise.withResolvers<void>();
  const asked: string[] = [];
  const safe: string[] = [];
  const hub = new RelayHub({
    url: relay.url,
    token: async () => ({ kind: 'none' }),
    secret: async () => 's'.repeat(40),
    self: () => ({ agentId: 'ada', name: 'Ada', capabilities: [], machine: '', description: '' }),
    tls: null,
    onTls: () => undefined,
    wasRegistered: false,
    onRegistered: () => undefined,
    clock,
    take: async (message: WireMessage) => {
      if (message.kind !== 'task') return;
      asked.push(message.task);
      if (asked.length === 1) await disk.promise;
      safe.push(message.task);
    },
  });
  try {
    hub.start();
    await expect.poll(() => hub.incoming).toBe('socket');
    const body = JSON.stringify({ from_agent: 'ben', to_agent: 'ada', task: 'the work' });
    const headers = { 'content-type': 'application/json' };
    const sent = await fetch(`${relay.url}/delegate`, { method: 'POST', headers, body });
    expect(sent.status).toBe(200);
    await expect.poll(() => asked).toEqual(['the work']);
    hub.reconnect();
    await expect.poll(() => hub.incoming).toBe('socket');
    // Whatever is pushed to the new connection has come, and was answered, by then.
    for (let i = 0; i < 50; i++) await hub.ping(new AbortController().signal);
    disk.reject(new Error('the disk is full'));
    await expect.poll(() => safe).toEqual(['the work']);
  } finally {
    disk.promise.catch(() => undefined);
    await hub.stop();
    await relay.stop();
    clock.stop();
  }
});
