/** Hosts that are near enough for an unencrypted connection; the same list for every kind of link. */
import { BlockList, isIP } from 'node:net';

/**
 * Where a token may go unencrypted: loopback, private, link-local and CGNAT addresses, `.local` and
 * `.ts.net`. The same list as `@openclaw/gateway-client` 2026.9.1, without its environment override.
 */
const plain = new BlockList();
for (const [net, bits] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
  ['100.64.0.0', 10],
] as const) {
  plain.addSubnet(net, bits, 'ipv4');
}
plain.addAddress('::1', 'ipv6');
plain.addSubnet('fe80::', 10, 'ipv6');
plain.addSubnet('fc00::', 7, 'ipv6');
plain.addSubnet('fec0::', 10, 'ipv6');

const withoutBrackets = (host: string): string =>
  host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;

/** True where a token may go over an unencrypted connection to this host. */
export function plaintextAllowed(hostname: string): boolean {
  const host = withoutBrackets(hostname.toLowerCase()).replace(/\.+$/, '');
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(host);
  if (mapped) {
    const words = [Number.parseInt(mapped[1] ?? '', 16), Number.parseInt(mapped[2] ?? '', 16)];
    const bytes = words.flatMap((word) => [word >> 8, word & 255]);
    return plain.check(bytes.join('.'), 'ipv4');
  }
  const family = isIP(host);
  if (family !== 0) return plain.check(host, family === 4 ? 'ipv4' : 'ipv6');
  return host === 'localhost' || host.endsWith('.local') || host.endsWith('.ts.net');
}
