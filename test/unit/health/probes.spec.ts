import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Address } from '../../../electron/health/address.ts';
import { pollingNetworkMonitor, usefulAddresses } from '../../../electron/health/network.ts';
import { networkProbes } from '../../../electron/health/probes.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { PATIENCE_MS } from '../../patience.ts';

const servers: net.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const listen = async (server: net.Server, secure = false): Promise<Address> => {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  return { host: '127.0.0.1', port, secure, path: '/health', text: `127.0.0.1:${port}` };
};
const soon = () => AbortSignal.timeout(PATIENCE_MS);
const at = (host: string, port: number): Address => ({
  host,
  port,
  secure: false,
  path: '/health',
  text: '',
});
const answering = (status: number, body: string | Buffer, headers = {}) =>
  http.createServer((_, response) => response.writeHead(status, headers).end(body));

describe('opening a port', () => {
  it('finds it open, and hangs up without a word', async () => {
    let heard = 0;
    const closed = Promise.withResolvers<void>();
    const address = await listen(
      net.createServer((socket) => {
        socket.on('data', (data) => {
          heard += data.length;
        });
        socket.on('error', () => {});
        socket.on('close', () => closed.resolve());
      }),
    );
    expect(await networkProbes.tcp(address, soon())).toEqual({ kind: 'open', ip: '127.0.0.1' });
    await closed.promise;
    expect(heard).toBe(0);
  });

  it('finds it refused', async () => {
    const server = net.createServer();
    const address = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    expect(await networkProbes.tcp(address, soon())).toEqual({
      kind: 'failed',
      cause: 'refused',
      code: 'ECONNREFUSED',
    });
  });

  it('does not know the host', async () => {
    expect(await networkProbes.tcp(at('nobody.invalid', 1), soon())).toMatchObject({
      kind: 'failed',
      cause: 'host_unknown',
    });
  });

  it('gives up when the time is up, also when it was up before', async () => {
    const address = await listen(net.createServer());
    expect(await networkProbes.tcp(address, AbortSignal.abort())).toMatchObject({
      cause: 'timeout',
    });
  });
});

describe('asking for /health', () => {
  it('takes a gateway’s answer, and sends no credential', async () => {
    const asked: http.IncomingMessage[] = [];
    const address = await listen(
      http.createServer((request, response) => {
        asked.push(request);
        response.end('{"ok":true,"status":"live"}');
      }),
    );
    expect(await networkProbes.http(address, soon())).toEqual({ kind: 'live' });
    expect(asked[0]?.method).toBe('GET');
    expect(asked[0]?.url).toBe('/health');
    expect(Object.keys(asked[0]?.headers ?? {}).sort()).toEqual(['accept', 'connection', 'host']);
  });

  it.each([
    ['another page', 200, '<html>hello</html>', 200],
    ['JSON that is not a gateway’s', 200, '{"ok":false}', 200],
    ['a redirect, which is not followed', 302, '', 302],
    ['a missing page', 404, '{"ok":true}', 404],
    ['a body without end', 200, Buffer.alloc(1_000_000, 32), 200],
  ])('is not taken in by %s', async (_, status, body, seen) => {
    const address = await listen(answering(status, body, { location: 'http://127.0.0.1:9/' }));
    expect(await networkProbes.http(address, soon())).toEqual({ kind: 'other', status: seen });
  });

  it('notices what does not speak HTTP', async () => {
    const address = await listen(net.createServer((socket) => socket.end('SSH-2.0-OpenSSH\r\n')));
    expect(await networkProbes.http(address, soon())).toEqual({ kind: 'other', status: 0 });
  });

  it('notices a port that takes the connection and says nothing', async () => {
    const limit = new AbortController();
    const address = await listen(
      net.createServer((socket) => {
        socket.on('error', () => {});
        // What was asked has come, so the time may be up.
        socket.once('data', () => limit.abort());
      }),
    );
    const finding = await networkProbes.http(address, limit.signal);
    expect(finding).toEqual({ kind: 'failed', cause: 'unanswered', code: 'ETIMEDOUT' });
  });

  it('notices encryption where there is none, and none where it should be', async () => {
    const plain = await listen(answering(200, '{"ok":true}'));
    expect(await networkProbes.http({ ...plain, secure: true }, soon())).toMatchObject({
      kind: 'failed',
      cause: 'tls_failed',
    });
  });

  const certificate = selfSigned();
  const itWithOpenssl = it.skipIf(certificate === null);
  itWithOpenssl('takes a self-made certificate, since it sends nothing that matters', async () => {
    const address = await listen(
      https.createServer(certificate ?? {}, (_, response) => response.end('{"ok":true}')),
      true,
    );
    expect(await networkProbes.http(address, soon())).toEqual({ kind: 'live' });
    expect(await networkProbes.http({ ...address, secure: false }, soon())).toMatchObject({
      kind: 'failed',
      cause: 'closed',
    });
  });
});

/** A certificate by openssl, where the machine has it. */
function selfSigned(): { key: Buffer; cert: Buffer } | null {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'peerage-tls-'));
  const [key, cert] = [path.join(folder, 'key'), path.join(folder, 'cert')];
  const wish =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=test';
  try {
    execFileSync('openssl', [...wish.split(' '), '-keyout', key, '-out', cert], {
      stdio: 'ignore',
    });
    return { key: fs.readFileSync(key), cert: fs.readFileSync(cert) };
  } catch {
    return null;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

describe('the network of this machine', () => {
  type Entry = os.NetworkInterfaceInfo;
  const entry = (address: string, internal = false): Entry =>
    ({ address, internal, family: 'IPv4', netmask: '', mac: '', cidr: null }) as Entry;

  it('is up where others could reach an address of it', () => {
    expect(usefulAddresses({ lo: [entry('127.0.0.1', true)] })).toEqual([]);
    expect(usefulAddresses({ e: [entry('fe80::1'), entry('169.254.1.1')] })).toEqual([]);
    expect(usefulAddresses({ e: [entry('192.168.1.2')] })).toEqual(['192.168.1.2']);
  });

  it('is looked at every five seconds, and on wake, and only changes are told', async () => {
    const clock = fakeClock();
    let looks = 0;
    let interfaces: NodeJS.Dict<Entry[]> = { e: [entry('192.168.1.2')] };
    const monitor = pollingNetworkMonitor(clock, () => {
      looks++;
      return interfaces;
    });
    let told = 0;
    monitor.onChange(() => told++);
    await clock.advance(60_000);
    expect([looks, told]).toEqual([13, 0]);
    interfaces = {};
    await clock.advance(5_000);
    expect([told, monitor.up()]).toEqual([1, false]);
    interfaces = { e: [entry('10.0.0.1')] };
    await clock.sleep(1_000);
    expect([told, monitor.up()]).toEqual([2, true]);
    monitor.stop();
    expect(clock.pending()).toBe(0);
  });
});
