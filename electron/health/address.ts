/** A link's URL taken apart for probing, and texts freed of what a URL may hide. */
import { BlockList, isIP } from 'node:net';

export interface Address {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  /** As shown: `host:port`, IPv6 in brackets. */
  readonly text: string;
}

const DEFAULT_PORT = { 'ws:': 80, 'wss:': 443 } as const;

/** The host and port that a gateway URL names; null where it names none. */
export function addressOf(url: string): Address | null {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (!parsed || (parsed.protocol !== 'ws:' && parsed.protocol !== 'wss:')) return null;
  const host = parsed.hostname.replace(/^\[(.*)\]$/, '$1');
  const port = parsed.port === '' ? DEFAULT_PORT[parsed.protocol] : Number(parsed.port);
  return {
    host,
    port,
    secure: parsed.protocol === 'wss:',
    text: `${parsed.hostname}:${port}`,
  };
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
