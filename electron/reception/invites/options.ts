import type { Audit } from '../audit.ts';
import type { ReceptionOptions } from '../options.ts';
import type { Tokens } from '../tokens.ts';
import type { InviteBook } from './book.ts';
import type { GatewayOffers } from './gateway-offers.ts';
import type { PeerMaker } from './peer-maker.ts';

/** What both sides of an exchange work with. */
export interface ExchangeOptions {
  readonly reception: ReceptionOptions;
  readonly book: InviteBook;
  readonly peers: PeerMaker;
  readonly offers: GatewayOffers;
  readonly tokens: Tokens;
  readonly audit: Audit;
  /** Where our own reception listens now, the one for peers first; empty while it is off. */
  readonly ownOrigins: () => readonly string[];
}

/** Addresses that another machine can use, or, where there are none, those of this one. */
export function reachable(origins: readonly string[]): readonly string[] {
  const outside = origins.filter((origin) => !isLoopback(hostOf(origin)));
  return outside.length > 0 ? outside : origins;
}

/** The host of an origin, without brackets. */
export const hostOf = (origin: string): string => new URL(origin).hostname.replace(/^\[|\]$/g, '');

/** This machine itself. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127\./.test(host);
