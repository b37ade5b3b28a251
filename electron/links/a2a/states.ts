/** What a failure means for the link: its state, and whether it is tried again by itself. */
import type { LinkState } from '../../contract/index.ts';
import {
  badCredential,
  type Circumstances,
  commonVerdict,
  offline,
  type Verdict,
} from '../http/failure.ts';
import type { NoAgent } from './agent.ts';
import type { Failure } from './failures.ts';

/** A2A's major version that Peerage speaks; 0.3 besides. */
const OURS = 1;

/** At the least this long is waited where the other side says *too many*, ms. */
const RATE_LIMIT_MS = 15_000;

/** What follows from a failure. */
export function verdictOf(failure: Failure, circumstances: Circumstances): Verdict {
  const { now } = circumstances;
  switch (failure.kind) {
    case 'unreached':
    case 'lost':
    case 'stopped':
    case 'busy':
    case 'tls_changed':
    case 'rate_limited':
      return commonVerdict(failure, circumstances, RATE_LIMIT_MS);
    case 'not_now':
      return offline('closed', failure.detail, now, failure.retryAfterMs);
    case 'unauthorized':
      return badCredential(`It answered with HTTP status ${failure.status}.`, circumstances);
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

/** What a person waits for, or has to do, stays on the screen while it is tried again. */
export const STAYS: ReadonlySet<LinkState['kind']> = new Set(['rate_limited']);
