/** What a relay is given, and what it is to whoever started it. */
import type { Clock } from '../clock/clock.ts';
import type { Announcement } from './announcer.ts';
import type { RelayCertificate } from './certificate.ts';
import type { RelayLimits } from './limits.ts';
import type { Encryption } from './listening.ts';
import type { RelayStatus } from './status.ts';
import type { RelayStorage } from './storage/storage.ts';

/**
 * One relay, as the command line or a test sets it up. `limits` replaces single ones of {@link
 * RELAY_LIMITS}.
 */
export interface RelayOptions {
  readonly host: string;
  /** 0 = any that is free. */
  readonly port: number;
  /** The shared token; null = none, which is for loopback only. */
  readonly token: string | null;
  readonly encryption: Encryption;
  readonly certificate: RelayCertificate | null;
  /** Closed by {@link Relay.stop}. */
  readonly storage: RelayStorage;
  readonly clock: Clock;
  /** Whether the local network is told of it; on loopback it never is. */
  readonly announce: boolean;
  /** Once, when it is announced or cannot be. */
  readonly announced?: (announcement: Announcement) => void;
  readonly limits?: Partial<RelayLimits>;
  readonly log: (line: string) => void;
}

/**
 * A relay that listens: `host` and `port` are where it really does, also where any port was asked
 * for.
 */
export interface Relay {
  readonly host: string;
  readonly port: number;
  /** SHA-256 of the certificate; null without TLS. */
  readonly fingerprint: string | null;
  status(): Promise<RelayStatus>;
  /** Ends connections in order and writes what is open. Calling it twice is harmless. */
  stop(): Promise<void>;
}
