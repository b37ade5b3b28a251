/** Who can reach the gateway: proven by connecting to each address of this machine, not by reading. */

import { get as httpGet } from 'node:http';
import { get as httpsGet } from 'node:https';
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import type {
  AddressExposure,
  AddressKind,
  GatewayExposure,
  GatewayListener,
} from '../../contract/index.ts';
import { isLoopback, type OwnAddress } from './addresses.ts';

/** What one address answered. `ms`: time to the connection. */
export interface Answer {
  readonly state: AddressExposure['state'];
  readonly ms: number | null;
}

/** Tries one address. Never rejects. */
export type TryAddress = (address: string, port: number) => Promise<Answer>;

const CONNECT_LIMIT_MS = 2_000;
const HEALTH_LIMIT_MS = 2_000;
/** `/health` answers 40 bytes; more is something else. */
const MOST_BYTES = 4_096;

/** Opens a TCP connection, and where one comes about asks `/health`, which needs no token. */
export const tryAddress: TryAddress = async (address, port) => {
  const opened = await open(address, port);
  if (opened.state !== 'open') return opened;
  const gateway =
    (await isGateway(httpGet, 'http', address, port)) ||
    (await isGateway(httpsGet, 'https', address, port));
  return { state: gateway ? 'open' : 'other', ms: opened.ms };
};

function open(address: string, port: number): Promise<Answer> {
  const startedAt = performance.now();
  return new Promise((resolve) => {
    const socket = connect({ host: address, port });
    const end = (state: Answer['state']): void => {
      socket.destroy();
      resolve({ state, ms: state === 'open' ? Math.round(performance.now() - startedAt) : null });
    };
    socket.setTimeout(CONNECT_LIMIT_MS, () => end('filtered'));
    socket.once('connect', () => end('open'));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      end(error.code === 'ETIMEDOUT' || error.code === 'EHOSTUNREACH' ? 'filtered' : 'closed'),
    );
  });
}

function isGateway(
  get: typeof httpGet,
  scheme: 'http' | 'https',
  address: string,
  port: number,
): Promise<boolean> {
  const host = address.includes(':') ? `[${address}]` : address;
  return new Promise((resolve) => {
    // Its certificate does not matter here: nothing is sent, and what answers is only looked at.
    const request = get(
      `${scheme}://${host}:${port}/health`,
      {
        timeout: HEALTH_LIMIT_MS,
        agent: false,
        ...(scheme === 'https' ? { rejectUnauthorized: false } : {}),
      },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          body += chunk;
          if (body.length > MOST_BYTES) request.destroy();
        });
        response.on('end', () =>
          resolve(response.statusCode === 200 && /"status":"live"/.test(body)),
        );
      },
    );
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
    request.on('close', () => resolve(false));
    request.end();
  });
}

const MEANING: Readonly<Record<AddressKind, string>> = {
  loopback: 'Only programs on this machine.',
  tailnet: 'Machines of your tailnet, as far as its rules let them.',
  lan: 'Every machine in the local network.',
  other: 'Whatever is connected to this interface, such as containers or a VPN.',
};

function meaningOf({ kind }: OwnAddress, state: Answer['state'], forwarded: boolean): string {
  switch (state) {
    case 'closed':
      return 'Nobody: nothing listens there.';
    case 'filtered':
      return 'Nobody: packets get no answer, as behind a firewall.';
    case 'other':
      return 'Something else than the gateway answers there.';
    case 'open':
      return forwarded
        ? `${MEANING[kind]} A forwarder leads from there to the gateway, which takes them for this machine.`
        : MEANING[kind];
  }
}

/**
 * True where an address answers that no listener of the gateway covers. Judged only where the system
 * lists listeners and the gateway's own is among them.
 */
function isForwarded(address: string, listeners: readonly GatewayListener[]): boolean {
  const gateway = listeners.find((one) => isLoopback(one.address) && one.pid !== null);
  if (!gateway) return false;
  const covering = listeners.filter(
    (one) => one.address === address || one.address === '0.0.0.0' || one.address === '::',
  );
  return (
    covering.length > 0 && covering.every((one) => one.pid !== null && one.pid !== gateway.pid)
  );
}

/** Tries every address at once; each within about 4 s. */
export async function measureExposure(
  addresses: readonly OwnAddress[],
  port: number,
  listeners: readonly GatewayListener[],
  now: number,
  attempt: TryAddress = tryAddress,
): Promise<GatewayExposure> {
  const tried = await Promise.all(
    addresses.map(async (own): Promise<AddressExposure> => {
      const { state, ms } = await attempt(own.address, port);
      const forwarded =
        state === 'open' && !isLoopback(own.address) && isForwarded(own.address, listeners);
      return {
        address: own.address,
        interfaceName: own.interfaceName,
        kind: own.kind,
        state,
        forwarded,
        meaning: meaningOf(own, state, forwarded),
        ms,
      };
    }),
  );
  const reach = reachOf(tried);
  return { port, addresses: tried, reach, summary: SUMMARY[reach], checkedAt: now };
}

/** The widest that stands open. */
function reachOf(tried: readonly AddressExposure[]): GatewayExposure['reach'] {
  const open = new Set(tried.filter((one) => one.state === 'open').map((one) => one.kind));
  for (const kind of ['lan', 'other', 'tailnet', 'loopback'] as const)
    if (open.has(kind)) return kind;
  return 'nobody';
}

const SUMMARY: Readonly<Record<GatewayExposure['reach'], string>> = {
  nobody: 'Nothing answers on the gateway’s port.',
  loopback: 'Only programs on this machine can reach the gateway.',
  tailnet: 'Machines of your tailnet can reach the gateway.',
  lan: 'Every machine in the local network can reach the gateway.',
  other: 'Containers, virtual machines or a VPN can reach the gateway.',
};
