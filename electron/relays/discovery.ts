/**
 * Looks for relays that announce themselves on the local network (`_clawlink._tcp`, DNS-SD). Anyone can
 * announce one: it is only listened, and nothing is sent to what is found.
 */
import { isIP } from 'node:net';
import type { Browser } from 'bonjour-service';
import type { Clock } from '../clock/clock.ts';
import type { FoundRelay } from '../contract/index.ts';
import { openDnsSd } from '../dns-sd/dns-sd.ts';
import { type IsOnLink, linksOf } from '../dns-sd/link.ts';
import { normaliseRelayUrl, wireLine } from '../links/relay/index.ts';

const SERVICE = 'clawlink';
/** How long it is listened, ms: as long as the published client does. */
const LISTEN_MS = 3_000;
/** A network on which more announce themselves is not worth reading. */
const MOST = 32;
/** Of one machine; else one that announces endlessly would leave no room for the others. */
const MOST_OF_ONE = 8;
/** Asked again after this time, ms: multicasts get lost (RFC 6762, section 5.2). */
const ASK_AGAIN_MS = 1_000;
/** The library compares each announcement with all before: after so many it begins anew. */
const MOST_KEPT = 200;
/** What stands behind a relay's name in the full name of its service. */
const SUFFIX = `._${SERVICE}._tcp.local`;

/** What of an announcement is used. All of it is a stranger's. */
export interface Announced {
  readonly name?: unknown;
  /** The name with the service behind it. */
  readonly fqdn?: unknown;
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

/** The library ends a name at its first dot, and machines are called `attic.local`. */
function nameOf({ name, fqdn }: Announced): unknown {
  const isWhole = typeof fqdn === 'string' && fqdn.toLowerCase().endsWith(SUFFIX);
  return isWhole ? fqdn.slice(0, -SUFFIX.length) : name;
}

/** Reads an announcement; null where it leads nowhere. */
export function readAnnounced(service: Announced, isOnLink: IsOnLink): FoundRelay | null {
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
    name: wireLine(nameOf(service), 120) || typed,
    url: url.value.url,
    host: wireLine(txt.hostname, 120) || wireLine(service.host, 120),
    version: wireLine(txt.version, 40),
    auth: txt.auth === 'yes' ? true : txt.auth === 'no' ? false : null,
    elsewhere: !isOnLink(String(address)),
  };
}

/** What was found in one time of listening, within bounds. */
export class Findings {
  readonly #isOnLink: IsOnLink;
  readonly #found = new Map<string, FoundRelay>();
  readonly #bySpeaker = new Map<string, number>();

  constructor(isOnLink: IsOnLink) {
    this.#isOnLink = isOnLink;
  }

  get relays(): FoundRelay[] {
    return [...this.#found.values()];
  }

  add(service: Announced): void {
    const relay = readAnnounced(service, this.#isOnLink);
    const speaker = String(service.referer?.address ?? '');
    const before = this.#bySpeaker.get(speaker) ?? 0;
    // Whoever says it first names it: a later one may not call another's address by its own name.
    if (relay && !this.#found.has(relay.url) && this.#found.size < MOST && before < MOST_OF_ONE) {
      this.#found.set(relay.url, relay);
      this.#bySpeaker.set(speaker, before + 1);
    }
  }
}

/** Listens for three seconds. Rejects where this machine's network refuses. */
export async function scanForRelays(clock: Clock, signal: AbortSignal): Promise<FoundRelay[]> {
  const findings = new Findings(linksOf());
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const cancel = clock.after(LISTEN_MS, resolve);
  signal.addEventListener('abort', () => resolve(), { once: true });
  const network = await openDnsSd({ address: null, clock, trouble: reject });
  let heard = 0;
  const browse = (): Browser =>
    network.find({ type: SERVICE }, (service) => {
      findings.add(service);
      heard += 1;
      if (heard % MOST_KEPT !== 0) return;
      browser.stop();
      browser = browse();
    });
  let browser = browse();
  const stopAsking = clock.every(ASK_AGAIN_MS, () => browser.update());
  try {
    if (signal.aborted) resolve();
    await promise;
    return findings.relays;
  } finally {
    stopAsking();
    cancel();
    network.destroy();
  }
}
