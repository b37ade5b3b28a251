/**
 * Which packets of multicast DNS are read at all. The port takes what anyone sends to it, and reading one
 * packet takes time with the square of its records: one of 60 kB can hold a process up for five seconds.
 */
import type { Clock } from '../clock/clock.ts';
import { RateLimiter } from '../clock/throttle.ts';
import { type IsOnLink, linksOf } from './link.ts';

/** The largest packet, bytes (RFC 6762, section 17, less the headers of IP and UDP). */
const LONGEST = 8_972;
/** The header of a packet: an id and flags, then four counts of two bytes (RFC 1035, section 4.1.1). */
const HEADER = { bytes: 12, counts: [4, 6, 8, 10] } as const;
/** So many questions and records in one. A whole answer about one relay has about ten. */
const MOST_RECORDS = 64;
/** Of one sender, and of all together: in an office hundreds speak, each now and then. */
const ONE_SENDER = { burst: 100, perSecond: 20 } as const;
const ALL_SENDERS = { burst: 400, perSecond: 100 } as const;
/** The machine's own networks are read again after this time, ms. */
const LINKS_AGE_MS = 5_000;

/** Says of each packet, before it is read, whether it is. One for each open port. */
export class PacketGuard {
  readonly #clock: Clock;
  readonly #readLinks: () => IsOnLink;
  readonly #one: RateLimiter;
  readonly #all: RateLimiter;
  #links: { readonly at: number; readonly has: IsOnLink } | null = null;

  constructor(clock: Clock, readLinks: () => IsOnLink = () => linksOf()) {
    this.#clock = clock;
    this.#readLinks = readLinks;
    this.#one = new RateLimiter(clock, ONE_SENDER);
    this.#all = new RateLimiter(clock, ALL_SENDERS);
  }

  /** Whether a packet is read. Who is not on the link is not heard (RFC 6762, section 11). */
  admits(packet: Uint8Array, sender: string): boolean {
    if (packet.byteLength > LONGEST || recordsOf(packet) > MOST_RECORDS) return false;
    if (!this.#isOnLink(sender)) return false;
    return this.#one.take(sender) === 0 && this.#all.take('') === 0;
  }

  #isOnLink(address: string): boolean {
    const now = this.#clock.monotonic();
    if (this.#links === null || now - this.#links.at >= LINKS_AGE_MS) {
      this.#links = { at: now, has: this.#readLinks() };
    }
    return this.#links.has(address);
  }
}

/** How many questions and records a packet says that it has; none where it is too short for that. */
function recordsOf(packet: Uint8Array): number {
  if (packet.byteLength < HEADER.bytes) return 0;
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength);
  return HEADER.counts.reduce((sum, at) => sum + view.getUint16(at), 0);
}
