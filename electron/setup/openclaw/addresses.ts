/** The addresses of this machine, and what each belongs to. */
import { BlockList, isIP } from 'node:net';
import * as os from 'node:os';
import type { AddressKind } from '../../contract/index.ts';

/** What the system says of its network interfaces; tests put another in its place. */
export type Interfaces = () => ReturnType<typeof os.networkInterfaces>;

/** An address that this machine answers for, with what stands behind it. */
export interface OwnAddress {
  readonly address: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly interfaceName: string;
  readonly kind: AddressKind;
}

const list = (...subnets: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[]): BlockList => {
  const block = new BlockList();
  for (const [net, prefix, family] of subnets) block.addSubnet(net, prefix, family);
  return block;
};

/** Tailscale's addresses (tailscale.com/kb/1015 and /1033). */
const tailnet = list(['100.64.0.0', 10, 'ipv4'], ['fd7a:115c:a1e0::', 48, 'ipv6']);
const loopback = list(['127.0.0.0', 8, 'ipv4'], ['::1', 128, 'ipv6']);
/** RFC 1918, RFC 6598, RFC 3927, RFC 4193, RFC 4291. */
const privateNets = list(
  ['10.0.0.0', 8, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
);

/** Interfaces that no LAN stands behind: containers, virtual machines, VPNs. */
const NOT_LAN =
  /^(docker|br-|veth|virbr|vmnet|vboxnet|cni|flannel|cali|podman|lxc|wg|utun|tun|tap|zt|ppp|ipsec|bridge\d)/i;
const TAILSCALE = /^(tailscale|ts\d)/i;

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** True for an address that no router on the internet knows. */
export const isPrivate = (address: string): boolean =>
  privateNets.check(address, familyOf(address)) || loopback.check(address, familyOf(address));

/** True for 127.0.0.0/8 and ::1. A name, such as `localhost`, is no address: false. */
export const isLoopback = (address: string): boolean => loopback.check(address, familyOf(address));
/** True for an address of Tailscale's own ranges, of this machine or of another. */
export const isTailnet = (address: string): boolean => tailnet.check(address, familyOf(address));

function kindOf(address: string, name: string, internal: boolean): AddressKind {
  if (internal || isLoopback(address)) return 'loopback';
  if (isTailnet(address)) return 'tailnet';
  if (TAILSCALE.test(name)) return 'tailnet';
  return NOT_LAN.test(name) ? 'other' : 'lan';
}

const ORDER: readonly AddressKind[] = ['loopback', 'tailnet', 'lan', 'other'];

/** Every address that this machine answers for; link-local IPv6 is left out, which needs a zone. */
export function ownAddresses(interfaces: Interfaces = os.networkInterfaces): OwnAddress[] {
  const all: OwnAddress[] = [];
  for (const [interfaceName, entries] of Object.entries(interfaces()))
    for (const { address, family, internal } of entries ?? []) {
      if (family === 'IPv6' && /^fe80:/i.test(address)) continue;
      all.push({
        address,
        family: family === 'IPv6' ? 'ipv6' : 'ipv4',
        interfaceName,
        kind: kindOf(address, interfaceName, internal),
      });
    }
  const rank = (one: OwnAddress): number =>
    ORDER.indexOf(one.kind) * 2 + (one.family === 'ipv6' ? 1 : 0);
  return all.sort((a, b) => rank(a) - rank(b) || a.address.localeCompare(b.address));
}
