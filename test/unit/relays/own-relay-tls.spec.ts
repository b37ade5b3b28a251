/** Our client on our own relay over TLS: the certificate is compared before anything is sent. */
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../electron/clock/clock.ts';
import { RelayRequests } from '../../../electron/links/relay/requests.ts';
import {
  makeCertificate,
  memoryStorage,
  type Relay,
  type RelayCertificate,
  startRelay,
} from '../../../electron/relay-server/index.ts';
import { Member } from '../../fakes/relay/member.ts';

const TOKEN = 'a-token-of-this-test-0123456789';
const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

const clockOf = () => {
  const clock = systemClock();
  ends.push(() => clock.stop());
  return clock;
};
const pinOf = (relay: Relay): string => relay.fingerprint?.replaceAll(':', '').toLowerCase() ?? '';

async function secureRelay(certificate: RelayCertificate): Promise<Relay> {
  const relay = await startRelay({
    host: '127.0.0.1',
    port: 0,
    token: TOKEN,
    encryption: 'only',
    certificate,
    announce: false,
    storage: memoryStorage(),
    clock: clockOf(),
    log: () => undefined,
  });
  ends.push(() => relay.stop());
  return relay;
}

/** Takes every connection with a certificate of its own, and notes all that it is sent. */
async function impostor(port: number) {
  const { key, certificate } = makeCertificate(Date.now());
  const heard: Buffer[] = [];
  const met = Promise.withResolvers<void>();
  const sockets = new Set<TLSSocket>();
  const server: Server = createServer({ key, cert: certificate }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => heard.push(chunk));
    socket.on('close', () => met.resolve());
  });
  server.on('tlsClientError', () => met.resolve());
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  ends.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { heard: () => Buffer.concat(heard).toString('latin1'), met: met.promise };
}

describe('our own relay over TLS', () => {
  it('carries work both ways to members who pinned its certificate', async () => {
    const relay = await secureRelay(makeCertificate(Date.now()));
    const url = `https://127.0.0.1:${relay.port}`;
    const [ada, bea] = [await Member.open('Ada'), await Member.open('Bea')];
    ends.push(
      () => ada.end(),
      () => bea.end(),
    );
    for (const member of [bea, ada]) await member.join(url, { token: TOKEN, tls: pinOf(relay) });
    await ada.send(await ada.befriend('Bea'), 'Over TLS');
    const task = await bea.task('Over TLS');
    bea.decide(task.id, { state: 'completed', answer: 'Back over TLS' });
    expect((await ada.event('run_final')).text).toBe('Back over TLS');
  });

  it('is polled over TLS, and keeps what was not acknowledged', async () => {
    const relay = await secureRelay(makeCertificate(Date.now()));
    const requests = (name: string, tls = pinOf(relay)) =>
      new RelayRequests({
        url: `https://127.0.0.1:${relay.port}`,
        tls,
        token: TOKEN,
        secret: name.padEnd(40, 's'),
        clock: clockOf(),
      });
    const { signal } = new AbortController();
    const [ada, bea] = [requests('ada'), requests('bea')];
    const self = { machine: 'm', capabilities: [], description: '' };
    await ada.register({ ...self, agentId: 'ada', name: 'Ada' }, signal);
    await bea.register({ ...self, agentId: 'bea', name: 'Bea' }, signal);
    await ada.delegate(
      'ada',
      'bea',
      'message-1',
      { task: 'Fetch this', context: {}, priority: 'normal' },
      signal,
    );
    const first = await bea.poll('bea', signal);
    expect(first).toMatchObject([{ task: 'Fetch this', message_id: 'message-1' }]);
    // Nothing showed that it came: it comes again, until it is acknowledged.
    const again = (await bea.poll('bea', signal)) as { delivery_id: number }[];
    expect(again).toMatchObject(first);
    await bea.acknowledge(
      'bea',
      again.map((message) => message.delivery_id),
      signal,
    );
    expect(await bea.poll('bea', signal)).toEqual([]);
    // Somebody else's inbox stays shut, and so does a door with another certificate.
    await expect(ada.poll('bea', signal)).rejects.toMatchObject({
      problem: { kind: 'unauthorized', status: 401 },
    });
    await expect(requests('bea', 'ab'.repeat(32)).poll('bea', signal)).rejects.toMatchObject({
      problem: { kind: 'tls_changed', seen: pinOf(relay) },
    });
  });

  it('sends not one byte to whoever took its place with another certificate', async () => {
    const relay = await secureRelay(makeCertificate(Date.now()));
    const url = `https://127.0.0.1:${relay.port}`;
    const ada = await Member.open('Ada');
    ends.push(() => ada.end());
    await ada.join(url, { token: TOKEN, tls: pinOf(relay) });
    const { port } = relay;
    await relay.stop();
    const other = await impostor(port);
    await ada.do('relay.reconnect', { relayId: ada.relay().id });
    await ada.until('the other certificate', () => ada.relay().state.kind === 'identity_changed');
    await other.met;
    expect(other.heard()).toBe('');
    // Nor is the token sent by a look at it, whatever was typed.
    const seen = await ada.do('relay.probe', { url, token: TOKEN, tls: pinOf(relay) });
    expect(seen.state.kind).toBe('identity_changed');
    expect(other.heard()).toBe('');
  });
});
