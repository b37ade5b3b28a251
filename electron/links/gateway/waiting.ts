/** After a failure: what to show, and when to try again. */
import type { LinkState } from '../../contract/index.ts';
import type { Failure } from './failures.ts';
import { approvalMs, backoffMs } from './pace.ts';
import { PROTOCOL } from './wire.ts';

/** A restart that takes longer than this is no restart any more. */
const RESTART_GRACE_MS = 45_000;
/** The same where the gateway said that it stops and nothing of coming back. */
const STOP_GRACE_MS = 25_000;
const RESTART_RETRY_MS = 1000;

/** What a failure leads to. */
export interface Plan {
  readonly state: LinkState;
  /** Null = never by itself. */
  readonly retryInMs: number | null;
}

interface Restart {
  readonly since: number;
  readonly until: number;
  readonly expectedMs: number | null;
}

const never = (state: LinkState): Plan => ({ state, retryInMs: null });

/** Remembers failures in a row, so that waits grow, and a restart that was announced. */
export class Waiting {
  private readonly random: () => number;
  private failures = 0;
  private approvalsAsked = 0;
  private offlineSince: number | null = null;
  private restart: Restart | null = null;
  private narrowed = false;

  constructor(random: () => number) {
    this.random = random;
  }

  /** The gateway said that it goes. */
  announce(now: number, expectedMs: number | null, restart: boolean): void {
    const grace = restart ? RESTART_GRACE_MS : STOP_GRACE_MS;
    this.restart = { since: now, until: now + grace, expectedMs };
  }

  /** It announced that it goes, and is expected back. */
  get expectsReturn(): boolean {
    return this.restart !== null;
  }

  /** A connection stood for a while: what follows is a new story. */
  reset(): void {
    this.failures = 0;
    this.approvalsAsked = 0;
    this.offlineSince = null;
    this.restart = null;
    this.narrowed = false;
  }

  private restarting(now: number): Plan {
    const { since, expectedMs } = this.restart ?? { since: now, expectedMs: null };
    const state: LinkState = { kind: 'restarting', since, expectedMs };
    return { state, retryInMs: Math.round(RESTART_RETRY_MS * (0.5 + this.random())) };
  }

  plan(failure: Failure, now: number): Plan {
    if (failure.kind !== 'offline') this.offlineSince = null;
    if (failure.kind !== 'needs_approval') this.approvalsAsked = 0;
    switch (failure.kind) {
      case 'bad_credential': {
        const { what, detail } = failure;
        return never({ kind: 'bad_credential', detail, what });
      }
      case 'narrow_token': {
        // Once more at once, with the shared secret: that asks the other side for the rest.
        if (this.narrowed) {
          return never({ kind: 'bad_credential', detail: failure.detail, what: 'device' });
        }
        this.narrowed = true;
        return { state: { kind: 'connecting', attempt: 1 }, retryInMs: 0 };
      }
      case 'revoked':
        return never({ kind: 'revoked', at: now });
      case 'protocol_mismatch':
        return never({ kind: 'protocol_mismatch', theirs: failure.theirs, ours: PROTOCOL });
      case 'tls_changed':
        // The caller has a closer look first; without one it stays blocked all the same.
        return never({
          kind: 'identity_changed',
          what: 'tls_fingerprint',
          expected: '',
          seen: 'unknown',
        });
      case 'needs_approval': {
        const retryInMs = approvalMs(this.approvalsAsked++, this.random);
        const { requestId, reason } = failure;
        const command = `openclaw devices approve ${requestId}`.trim();
        const retryAt = now + retryInMs;
        return {
          state: { kind: 'needs_approval', requestId, reason, command, retryAt },
          retryInMs,
        };
      }
      case 'rate_limited': {
        const retryInMs = failure.retryAfterMs + Math.round(1000 * this.random());
        return { state: { kind: 'rate_limited', until: now + failure.retryAfterMs }, retryInMs };
      }
      case 'restarting':
        if (this.restart === null) this.announce(now, null, true);
        return this.restarting(now);
      case 'starting': {
        if (this.restart && now < this.restart.until) return this.restarting(now);
        const retryInMs = Math.min(Math.max(failure.retryAfterMs, 100), 10_000);
        return { state: { kind: 'starting', retryAt: now + retryInMs }, retryInMs };
      }
      case 'offline':
        return this.offline(failure, now);
    }
  }

  private offline(failure: Extract<Failure, { kind: 'offline' }>, now: number): Plan {
    if (this.restart && now < this.restart.until) return this.restarting(now);
    this.restart = null;
    this.offlineSince ??= now;
    const { cause, detail } = failure;
    const since = this.offlineSince;
    if (cause === 'insecure_url') {
      return never({ kind: 'offline', cause, detail, since, retryAt: null });
    }
    const retryInMs = backoffMs(this.failures++, this.random);
    const retryAt = now + retryInMs;
    return { state: { kind: 'offline', cause, detail, since, retryAt }, retryInMs };
  }
}
