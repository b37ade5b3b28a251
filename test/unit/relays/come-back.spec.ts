/** When a link to a relay tries again: not at the moment at which all others do. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RelayHub } from '../../../electron/links/relay/index.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { OriginalRelay } from '../../fakes/relay/original-relay.ts';
import { LINK_PATIENCE_MS } from '../../patience.ts';

let relay: OriginalRelay;
const hubs: RelayHub[] = [];
beforeEach(async () => {
  relay = await OriginalRelay.start();
});
afterEach(async () => {
  await Promise.all(hubs.splice(0).map((hub) => hub.stop()));
  await relay.stop();
});

function started(random: number) {
  const clock = fakeClock();
  const hub = new RelayHub({
    url: relay.url,
    token: async () => ({ kind: 'none' }),
    secret: async () => 's'.repeat(40),
    self: () => ({ agentId: 'cleo', name: 'Cleo', capabilities: [], machine: '', description: '' }),
    tls: null,
    onTls: () => undefined,
    wasRegistered: false,
    onRegistered: () => undefined,
    take: async () => undefined,
    clock,
    random: () => random,
  });
  hubs.push(hub);
  hub.start();
  return { hub, clock };
}

it('those whom a relay tells to come again in seven seconds come spread over the time after', async () => {
  relay.interfere = (_path, _request, response) => {
    response.writeHead(429, { 'retry-after': '7' }).end('{"error":"too many requests"}');
    return true;
  };
  const waits: number[] = [];
  for (const random of [0, 0.5, 0.99]) {
    const { hub, clock } = started(random);
    await expect.poll(() => hub.state.kind, { timeout: LINK_PATIENCE_MS }).toBe('rate_limited');
    if (hub.state.kind === 'rate_limited') waits.push(hub.state.until - clock.now());
  }
  expect(waits).toEqual([7_200, 8_000, 8_980]);
});

it('a relay that lets us in and fails right after is asked less and less often', async () => {
  relay.interfere = (path, _request, response) => {
    if (path !== '/discover') return false;
    response.writeHead(503).end();
    return true;
  };
  const { hub, clock } = started(0.99);
  const waits: number[] = [];
  for (let i = 0; i < 5; i++) {
    const retryAt = () => (hub.state.kind === 'offline' ? hub.state.retryAt : null);
    await expect
      .poll(
        async () => {
          await clock.advance(0);
          return retryAt();
        },
        { timeout: LINK_PATIENCE_MS },
      )
      .not.toBe(null);
    const wait = (retryAt() ?? 0) - clock.now();
    waits.push(wait);
    await clock.advance(wait);
  }
  expect(waits).toEqual([1_980, 3_960, 7_920, 15_840, 31_680]);
});
