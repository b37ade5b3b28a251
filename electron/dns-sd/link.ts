/** Which addresses are on the networks that this machine is on itself. */
import { BlockList, isIP } from 'node:net';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';

/** An interface's address, as far as it is needed. */
export type InterfaceAddress = Pick<NetworkInterfaceInfo, 'address' | 'cidr'>;

/** Tells whether an IP address is on a network of this machine; false for what is no address. */
export type IsOnLink = (address: string) => boolean;

const own = (): InterfaceAddress[] =>
  Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);

/** Reads the machine's networks once; ask again where they may have changed. */
export function linksOf(interfaces: readonly InterfaceAddress[] = own()): IsOnLink {
  const links = new BlockList();
  for (const { address, cidr } of interfaces) {
    const prefix = Number(cidr?.split('/')[1]);
    if (Number.isInteger(prefix)) links.addSubnet(address, prefix, familyOf(address));
  }
  return (address) => isIP(address) !== 0 && links.check(address, familyOf(address));
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
