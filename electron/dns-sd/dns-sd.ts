/**
 * Services on the local network: found and told by DNS-SD (RFC 6763) over multicast DNS (RFC 6762).
 * Anyone on the network can say anything this way; what is told here is for everyone.
 */
import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { Bonjour } from 'bonjour-service';
import type { Clock } from '../clock/clock.ts';
import { PacketGuard } from './guard.ts';

const MDNS_PORT = 5353;

/** Where services are looked for, and who hears of trouble. */
export interface DnsSdOptions {
  /** The own IPv4 address whose network is meant; null = as the system chooses. */
  readonly address: string | null;
  readonly clock: Clock;
  /** Told of what fails later on, for example an answer that could not be sent. */
  readonly trouble: (error: unknown) => void;
}

/**
 * Opens the multicast port beside whoever has it too. Rejects with the system's error where nobody
 * else may: the library itself would end the process then, so the port is tried before.
 */
export async function openDnsSd({ address, clock, trouble }: DnsSdOptions): Promise<Bonjour> {
  await tryPort();
  // All addresses are listened on, because Linux gives multicasts to no socket that is bound to one.
  const options = {
    disableIPv6: true,
    socket: guarded(new PacketGuard(clock)),
    ...(address === null ? {} : { interface: address, bind: '0.0.0.0' }),
  };
  return new Bonjour(options, trouble);
}

/** A socket whose packets reach the library only where the guard lets them. */
function guarded(guard: PacketGuard): Socket {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  const emit = socket.emit.bind(socket) as (event: string, ...args: unknown[]) => boolean;
  const filtered = (event: string, ...args: unknown[]): boolean => {
    if (event !== 'message') return emit(event, ...args);
    const [packet, sender] = args as [Buffer, RemoteInfo];
    return guard.admits(packet, sender.address) && emit(event, ...args);
  };
  return Object.assign(socket, { emit: filtered });
}

function tryPort(): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createSocket({ type: 'udp4', reuseAddr: true });
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind(MDNS_PORT, () => socket.close(() => resolve()));
  });
}
