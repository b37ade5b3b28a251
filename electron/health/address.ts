/** A link's URL taken apart for probing, and texts freed of what a URL may hide. */
import { BlockList, isIP } from 'node:net';
import type { LinkKind } from '../contract/index.ts';

/** Where a link goes, for probing. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  /** What is asked for over HTTP: a gateway's sign of life, an agent's card, or a relay's name. */
  readonly path: string;
  /** As shown: `host:port`, IPv6 in brackets. */
  readonly text: string;
}

const SECURE: Readonly<Record<string, boolean>> = {
  'ws:': false,
  'wss:': true,
  'http:': false,
  'https:': true,
};
const GATEWAY_PATH = '/health';
/** A ClawLink relay says there what it is. */
const RELAY_PATH = '/';
/** Source: A2A 1.0, *Agent discovery*. */
const CARD_PATH = '/.well-known/agent-card.json';

/** The host and port that a link's URL names; null where it names none. */
export function addressOf(url: string, kind?: LinkKind): Address | null {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const secure = parsed ? SECURE[parsed.protocol] : undefined;
  if (!parsed || secure === undefined) return null;
  const host = parsed.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = parsed.port === '' ? (secure ? 443 : 80) : Number(parsed.port);
  const { pathname } = parsed;
  const cardPath = /\.json$/i.test(pathname) ? pathname : CARD_PATH;
  const asked = parsed.protocol.startsWith('http') ? cardPath : GATEWAY_PATH;
  const path = kind === 'relay' ? RELAY_PATH : asked;
  return { host, port, secure, path, text: `${parsed.hostname}:${port}` };
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** True for peers on this machine, which need no network. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  const version = isIP(name);
  return version !== 0 && loopback.check(name, version === 4 ? 'ipv4' : 'ipv6');
}

const URL_IN_TEXT = /\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s"'<>]+/gi;

/** The text with every URL cut down to scheme, host, port and path: no user, no query, no fragment. */
export function withoutUrlSecrets(text: string): string {
  return text.replace(URL_IN_TEXT, (found) => {
    if (!URL.canParse(found)) return '[address]';
    const { protocol, host, pathname } = new URL(found);
    return `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
  });
}
