/**
 * Looks for relays that announce themselves on the local network (`_clawlink._tcp`, DNS-SD). Anyone can
 * announce one: it is only listened, and nothing is sent to what is found.
 */
import { isIP } from 'node:net';
import { Bonjour } from 'bonjour-service';
import type { Clock } from '../clock/clock.ts';
import type { FoundRelay } from '../contract/index.ts';
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
  readonly txt?: unknown;
}

/** Reads an announcement; null where it leads nowhere. */
export function readAnnounced(service: Announced): FoundRelay | null {
  const { port } = service;
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) return null;
  const addresses = Array.isArray(service.addresses) ? service.addresses : [];
  const address = addresses.find((one) => isIP(String(one)) === 4) ?? addresses[0];
  const version = isIP(String(address ?? ''));
  if (version === 0) return null;
  const typed = version === 6 ? `[${String(address)}]:${port}` : `${String(address)}:${port}`;
  const url = normaliseRelayUrl(`http://${typed}`);
  if (!url.ok) return null;
  const txt = (service.txt ?? {}) as Readonly<Record<string, unknown>>;
  return {
    name: wireLine(service.name, 120) || typed,
    url: url.value.url,
    host: wireLine(txt.hostname, 120) || wireLine(service.host, 120),
    version: wireLine(txt.version, 40),
    auth: txt.auth === 'yes' ? true : txt.auth === 'no' ? false : null,
  };
}

/** Listens for three seconds. Rejects where this machine's network refuses. */
export function scanForRelays(clock: Clock, signal: AbortSignal): Promise<FoundRelay[]> {
  return new Promise((resolve, reject) => {
    const found = new Map<string, FoundRelay>();
    let over = false;
    const end = (error?: unknown): void => {
      if (over) return;
      over = true;
      cancel();
      signal.removeEventListener('abort', stop);
      bonjour.destroy();
      if (error === undefined) resolve([...found.values()]);
      else reject(error instanceof Error ? error : new Error(String(error)));
    };
    const stop = (): void => end();
    const bonjour = new Bonjour({}, (error: unknown) => end(error));
    const cancel = clock.after(LISTEN_MS, stop);
    signal.addEventListener('abort', stop, { once: true });
    bonjour.find({ type: SERVICE }, (service) => {
      const relay = readAnnounced(service);
      if (relay && found.size < MOST) found.set(relay.url, relay);
    });
    if (signal.aborted) stop();
  });
}
