/** One careful look at a relay, before anything is stored. It registers nobody there. */
import type { Clock } from '../../clock/clock.ts';
import type { LinkState } from '../../contract/index.ts';
import { failureOf, verdictOf } from './failures.ts';
import { RelayRequests } from './requests.ts';

/** Given by `relay.probe`; null `token` = none is shown. */
export interface RelayProbeOptions {
  /** As `normaliseRelayUrl` gives it. */
  readonly url: string;
  readonly token: string | null;
  /** A certificate that was seen and accepted already; null = none yet. */
  readonly tls: string | null;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** What is there. Empty version and no agents where it could not be asked. */
export interface RelayFindings {
  readonly state: LinkState;
  readonly version: string;
  readonly agents: number;
  /** The certificate that no known authority vouches for, where the relay shows one. */
  readonly tls: string | null;
}

/** Asks what stands there and who is on it. Never rejects: what fails is a state. */
export async function probeRelay(options: RelayProbeOptions): Promise<RelayFindings> {
  const { url, token, clock, signal } = options;
  let { tls } = options;
  for (;;) {
    const requests = new RelayRequests({ url, tls, token, secret: null, clock });
    try {
      const startedAt = clock.monotonic();
      const { version } = await requests.info(signal);
      const latencyMs = clock.monotonic() - startedAt;
      const { agents } = await requests.discover(signal);
      const serverVersion = `ClawLink ${version}`.trim();
      const since = clock.now();
      const state: LinkState = { kind: 'online', since, scopes: [], serverVersion, latencyMs };
      return { state, version, agents: agents.length, tls };
    } catch (error) {
      const failure = failureOf(error);
      if (failure.kind === 'tls_changed' && tls === null && !failure.trusted) {
        // First contact: it is looked at, and shown, before anybody trusts it. The token waits for that.
        if (token !== null) {
          const { seen } = failure;
          const shown = await probeRelay({ ...options, token: null, tls: seen });
          return { ...shown, tls: seen };
        }
        tls = failure.seen;
        continue;
      }
      const proven = token !== null;
      const { state } = verdictOf(failure, { now: clock.now(), tls: options.tls, proven });
      return { state, version: '', agents: 0, tls };
    }
  }
}
