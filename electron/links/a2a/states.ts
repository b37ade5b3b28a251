/** What a failure means for the link: its state, and whether it is tried again by itself. */
import type { LinkState } from '../../contract/index.ts';
import { tlsChanged } from '../http/tls-changed.ts';
import type { NoAgent } from './agent.ts';
import type { Failure } from './failures.ts';

/** A2A's major version that Peerage speaks; 0.3 besides. */
const OURS = 1;

export interface Verdict {
  /** Without the time of the next try. */
  readonly state: LinkState;
  /** Null = it is not tried again before a person did something. */
  readonly retry: { readonly afterMs: number | null } | null;
}

/** At the least this long is waited where the other side says *too many*, ms. */
const RATE_LIMIT_MS = 15_000;

const offline = (
  cause: Extract<LinkState, { kind: 'offline' }>['cause'],
  detail: string,
  now: number,
  afterMs: number | null = null,
): Verdict => ({
  state: { kind: 'offline', cause, detail, since: now, retryAt: null },
  retry: { afterMs },
});

/** What a verdict depends on besides the failure. */
export interface Circumstances {
  readonly now: number;
  /** The certificate that was trusted; null = one that an authority vouches for. */
  readonly tls: string | null;
  /** We had a token to show. */
  readonly proven: boolean;
}

/** What follows from a failure. */
export function verdictOf(failure: Failure, { now, tls, proven }: Circumstances): Verdict {
  switch (failure.kind) {
    case 'unreached':
      return offline(failure.cause, failure.detail, now);
    case 'lost':
      return offline(failure.timedOut ? 'unanswered' : 'closed', failure.detail, now);
    case 'stopped':
      return offline('closed', 'It was broken off.', now);
    case 'busy':
    case 'not_now':
      return offline('closed', failure.detail, now, failure.retryAfterMs);
    case 'tls_changed':
      return { state: tlsChanged(tls, failure.seen), retry: null };
    case 'unauthorized':
      return {
        state: {
          kind: 'bad_credential',
          detail: `It answered with HTTP status ${failure.status}.`,
          what: proven ? 'secret' : 'missing',
        },
        retry: null,
      };
    case 'rate_limited': {
      const afterMs = Math.max(RATE_LIMIT_MS, failure.retryAfterMs ?? 0);
      return { state: { kind: 'rate_limited', until: now + afterMs }, retry: { afterMs } };
    }
    case 'version':
      return { state: { kind: 'protocol_mismatch', theirs: null, ours: OURS }, retry: null };
    case 'refused':
    case 'unsupported':
    case 'invalid':
      return offline('not_an_agent', failure.detail, now);
    case 'task_unknown':
      return offline('not_an_agent', 'It does not know what was asked for.', now);
  }
}

/** The state for a card that leads nowhere. */
export function verdictOfCard(found: NoAgent, now: number): Verdict {
  switch (found.kind) {
    case 'elsewhere':
      return offline(
        'not_an_agent',
        `Its card leads to ${found.url}, which is not the address that was typed. Nothing was sent there. Type the address of the endpoint itself if you trust it.`,
        now,
      );
    case 'binding':
      return offline(
        'not_an_agent',
        `Its card offers ${found.offered.join(', ') || 'nothing'}; Peerage speaks JSON-RPC and HTTP+JSON.`,
        now,
      );
    case 'proof':
      return offline(
        'not_an_agent',
        'Its card wants another proof than a token: a certificate, or a sign-in that Peerage does not do.',
        now,
      );
    case 'version': {
      const theirs = Number.parseFloat(found.theirs);
      return {
        state: {
          kind: 'protocol_mismatch',
          theirs: Number.isFinite(theirs) ? theirs : null,
          ours: OURS,
        },
        retry: null,
      };
    }
  }
}
