/**
 * Looks for relays that announce themselves on the local network (`_clawlink._tcp`, DNS-SD). Anyone can
 * announce one: it is only listened, and nothing is sent to what is found.
 */
import { isIP } from 'node:net';
import type { Clock } from '../clock/clock.ts';
import type { FoundRelay } from '../contract/index.ts';
import { openDnsSd } from '../dns-sd/dns-sd.ts';
import { normaliseRelayUrl, wireLine } from '../links/relay/index.ts';

const SERVICE = 'clawlink';
/** How long it is listened, ms: as long as the published client does. */
const LISTEN_MS = 3_000;
/** A network on which more announce themselves is not worth reading. */
const MOST = 32;

/** What of an announcement is used. All of it is a stranger's. */
export interface Announced {
  readonly name?: unknown;
  readonly port?: unknown;
  readonly host?: unknown;
  readonly addresses?: unknown;
  /** Where the packet came from. */
  readonly referer?: { readonly address?: unknown };
  readonly txt?: unknown;
}

/** Loopback, unspecified, multicast and broadcast addresses: no relay of another machine is there. */
function isOwnOrNobodys(address: string): boolean {
  const plain = address.toLowerCase().replace(/^::ffff:/, '');
  if (isIP(plain) === 6) return plain === '::' || plain === '::1' || plain.startsWith('ff');
  const first = Number(plain.split('.')[0]);
  return first === 0 || first === 127 || first >= 224;
}

/** Reads an announcement; null where it leads nowhere. */
export function readAnnounced(service: Announced): FoundRelay | null {
  const { port } = service;
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) return null;
  const spoke = service.referer?.address;
  const told = Array.isArray(service.addresses) ? service.addresses : [];
  // Never ourselves: a machine that knows itself as 127.0.1.1 tells that, and others may mean harm.
  const addresses = told.filter((one) => !isOwnOrNobodys(String(one)));
  // Of several, the one that spoke to us: the others may be networks that we are not on.
  const address =
    addresses.find((one) => one === spoke) ??
    addresses.find((one) => isIP(String(one)) === 4) ??
    addresses[0] ??
    (told.length > 0 ? spoke : undefined);
  const version = isIP(String(address ?? ''));
  if (version === 0) return null;
  const typed = version === 6 ? `[${String(address)}]:${port}` : `${String(address)}:${port}`;
  const txt = (service.txt ?? {}) as Readonly<Record<string, unknown>>;
  // Ours say that they take TLS; whether it is the right certificate is seen before anything is sent.
  const url = normaliseRelayUrl(`${txt.tls === 'yes' ? 'https' : 'http'}://${typed}`);
  if (!url.ok) return null;
  return {
    name: wireLine(service.name, 120) || typed,
    url: url.value.url,
    host: wireLine(txt.hostname, 120) || wireLine(service.host, 120),
    version: wireLine(txt.version, 40),
    auth: txt.auth === 'yes' ? true : txt.auth === 'no' ? false : null,
  };
}

/** Listens for three seconds. Rejects where this machine's network refuses. */
export async function scanForRelays(clock: Clock, signal: AbortSignal): Promise<FoundRelay[]> {
  const found = new Map<string, FoundRelay>();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const cancel = clock.after(LISTEN_MS, resolve);
  signal.addEventListener('abort', () => resolve(), { once: true });
  const network = await openDnsSd({ address: null, trouble: reject });
  try {
    network.find({ type: SERVICE }, (service) => {
      const relay = readAnnounced(service);
      if (relay && found.size < MOST) found.set(relay.url, relay);
    });
    if (signal.aborted) resolve();
    await promise;
    return [...found.values()];
  } finally {
    cancel();
    network.destroy();
  }
}
