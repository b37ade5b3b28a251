/** Who may come in at all: the token, and no page of a browser. */
import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '../../clock/clock.ts';
import { Lockout, RateLimiter } from '../../clock/throttle.ts';
import { secretHash } from '../agents.ts';
import type { Caller } from '../claims.ts';
import type { RelayLimits } from '../limits.ts';
import { Refusal, SECRET_HEADER, UNAUTHORIZED, VERSION_HEADER } from '../protocol.ts';
import { tooMany } from '../rates.ts';

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');

const plainAddress = (address: string | undefined): string => {
  const plain = (address ?? '').replace(/^::ffff:/, '');
  return plain === '::1' ? '127.0.0.1' : plain;
};

/**
 * Whether a `Host` header names this machine itself. A page whose own name was pointed at 127.0.0.1
 * (DNS rebinding) reads from here without any `Origin`, but always says its name.
 */
function isOwnName(host: string | undefined): boolean {
  const name = (host ?? 'localhost').replace(/:\d*$/, '').toLowerCase();
  return name === 'localhost' || name === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(name);
}

/** How long an address that had the right token is not locked out for wrong ones, ms. */
const TRUSTED_MS = 3_600_000;
const TRUSTED = 10_000;

/**
 * Whether the client says that it knows the second version: secrets, acknowledgements, coded
 * errors.
 */
export const isModern = (request: IncomingMessage): boolean =>
  request.headers[VERSION_HEADER] === '2';

/**
 * Checks the token and the origin of a request. An address that tries wrong tokens is locked out
 * for a while.
 */
export class Door {
  /** Compared by their hashes, so that neither length nor beginning can be told by time. */
  readonly #token: Buffer | null;
  readonly #clock: Clock;
  readonly #lockout: Lockout;
  readonly #rate: RateLimiter;
  readonly #trusted = new Map<string, number>();

  constructor(token: string | null, clock: Clock, limits: RelayLimits) {
    this.#token = token === null ? null : digest(token);
    this.#clock = clock;
    this.#lockout = new Lockout(clock);
    this.#rate = new RateLimiter(clock, limits.requests);
  }

  get asksForToken(): boolean {
    return this.#token !== null;
  }

  /** @param query what follows the `?`, or null. @throws Refusal */
  admit(request: IncomingMessage, query: string | null): Caller {
    const address = plainAddress(request.socket.remoteAddress);
    // A page in a browser may reach this port, and always says where it is from.
    const { headers } = request;
    const isPage = headers.origin !== undefined || headers['sec-fetch-site'] !== undefined;
    // Without a token there is nothing else that a page would lack.
    if (isPage || (this.#token === null && !isOwnName(headers.host))) {
      throw new Refusal(403, 'relay.browser', 'pages in a browser are not served');
    }
    const wait = this.#rate.take(address);
    if (wait > 0) throw tooMany(wait);
    if (this.#token !== null) this.#check(this.#token, request, query, address);
    const presented = request.headers[SECRET_HEADER];
    return {
      address,
      modern: isModern(request),
      secret: presented === undefined ? null : secretHash(presented),
    };
  }

  #check(token: Buffer, request: IncomingMessage, query: string | null, address: string): void {
    const since = this.#trusted.get(address);
    const trusted = since !== undefined && this.#clock.monotonic() - since < TRUSTED_MS;
    const locked = trusted ? 0 : this.#lockout.left(address);
    if (locked > 0) throw tooMany(locked);
    const given = tokenOf(request, query);
    if (given === null || !timingSafeEqual(digest(given), token)) {
      this.#lockout.fail(address);
      throw new Refusal(401, 'relay.unauthorized', UNAUTHORIZED);
    }
    if (trusted) return;
    this.#trusted.delete(address);
    this.#trusted.set(address, this.#clock.monotonic());
    const oldest = this.#trusted.size > TRUSTED ? this.#trusted.keys().next() : null;
    if (oldest && !oldest.done) this.#trusted.delete(oldest.value);
  }
}

/** The header wins over the query, as with the published relay. */
function tokenOf(request: IncomingMessage, query: string | null): string | null {
  const header = request.headers.authorization ?? '';
  if (header.startsWith('Bearer ')) return header.slice(7);
  return query === null ? null : new URLSearchParams(query).get('token');
}
