import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Certificate, selfSigned } from '../../fakes/gateway/certificate.ts';
import { Member } from '../../fakes/relay/member.ts';

/** As much of a relay as says who it is, and notes which tokens it was shown. */
async function secureRelay(port: number, { key, cert }: Certificate, shown: string[]) {
  const server: Server = createServer({ key, cert }, (request, response) => {
    if (request.headers.authorization) shown.push(request.headers.authorization);
    response.setHeader('content-type', 'application/json');
    const answers: Record<string, unknown> = {
      '/': { service: 'ClawLink Relay', version: '1.0.1' },
      '/register': { status: 'registered' },
      '/heartbeat': { status: 'ok' },
      '/discover': { agents: [], server_time: new Date().toISOString() },
    };
    response.end(JSON.stringify(answers[request.url ?? ''] ?? { messages: [] }));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('a relay with a certificate that nobody vouches for', () => {
  const ends: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  it('is shown the token only once the person accepted it, and no other one is', async () => {
    const shown: string[] = [];
    const first = selfSigned();
    const relay = await secureRelay(0, first, shown);
    const url = `https://127.0.0.1:${relay.port}`;
    const ada = await Member.open('Ada');
    ends.push(() => ada.end());

    const seen = await ada.do('relay.probe', { url, token: 'our-token', tls: null });
    expect(seen.tls).toBe(first.fingerprint);
    expect(shown).toEqual([]);
    const accepted = await ada.do('relay.probe', { url, token: 'our-token', tls: seen.tls });
    expect(accepted.state.kind).toBe('online');
    expect(new Set(shown)).toEqual(new Set(['Bearer our-token']));

    await ada.join(url, { token: 'our-token', tls: seen.tls });
    await relay.stop();
    shown.length = 0;
    const second = selfSigned();
    const other = await secureRelay(relay.port, second, shown);
    ends.push(() => other.stop());
    await ada.do('relay.reconnect', { relayId: ada.relay().id });
    await ada.until('the other certificate', () => ada.relay().state.kind === 'identity_changed');
    expect(shown).toEqual([]);
    await expect(
      ada.do('relay.trust', { relayId: ada.relay().id, seen: first.fingerprint }),
    ).rejects.toMatchObject({ error: { code: 'link.tls_changed' } });
    await ada.do('relay.trust', { relayId: ada.relay().id, seen: second.fingerprint });
    await ada.until('to be back', () => ada.relay().state.kind === 'online');
    expect(ada.relay().tls).toBe(second.fingerprint);
  });
});
