import { hostname, networkInterfaces } from 'node:os';
import type { Json, RealGateway } from '../parts/openclaw.ts';

/** This machine's own addresses, loopback aside. */
function localAddresses(): string[] {
  const found = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return found.filter((entry) => !entry.internal).map((entry) => entry.address);
}

/** Makes observed JSON fit to be kept: no secret, no path and no name of this machine. */
export function redactor(gateway: RealGateway): (value: unknown) => unknown {
  const plain: [RegExp, string][] = [
    [new RegExp(quote(gateway.home), 'g'), '/home/alice'],
    [new RegExp(`\\b${quote(hostname())}\\b`, 'g'), 'alice-machine'],
    [new RegExp(`\\b${gateway.port}\\b`, 'g'), '18789'],
    [/linux \d+\.\d+\.\S+/g, 'linux 6.1.0'],
    ...localAddresses().map((ip): [RegExp, string] => [new RegExp(quote(ip), 'g'), '10.0.0.2']),
  ];
  const secretKeys =
    /^(token|deviceToken|password|apiKey|signature|recoveryScope|nonce|hash|appliedConfigHash|configRevisionHash|deltaCursor|source|buildId)$/;
  const walk = (value: unknown, key = ''): unknown => {
    if (typeof value === 'string') {
      if (secretKeys.test(key) && value.length > 12) return `<${key}>`;
      let text = value;
      for (const [from, to] of plain) text = text.replaceAll(from, to);
      return text;
    }
    if (Array.isArray(value)) return value.map((item) => walk(item, key));
    if (typeof value === 'object' && value !== null) {
      const entries = Object.entries(value as Json).map(([name, item]) => [name, walk(item, name)]);
      return Object.fromEntries(entries);
    }
    return value;
  };
  return (value) => walk(value);
}

const quote = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
