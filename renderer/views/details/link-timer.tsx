import type { LinkState } from '../../../electron/contract/index.ts';
import { useNow } from '../../components/use-now.ts';
import { ago, exactTime, inTime, milliseconds } from '../../words/time.ts';

/** The time that belongs to a state: since when, or when it is tried again. */
export function LinkTimer({ state }: { state: LinkState }) {
  switch (state.kind) {
    case 'online':
    case 'degraded':
      return state.latencyMs === null ? (
        <Since at={state.since} />
      ) : (
        <span className="soft numbers">{milliseconds(state.latencyMs)}</span>
      );
    case 'offline':
      return state.retryAt === null ? <Since at={state.since} /> : <Until at={state.retryAt} />;
    case 'starting':
    case 'needs_approval':
      return <Until at={state.retryAt} />;
    case 'rate_limited':
      return <Until at={state.until} />;
    case 'restarting':
      return <Since at={state.since} />;
    case 'revoked':
      return <Since at={state.at} />;
    case 'idle':
    case 'connecting':
    case 'bad_credential':
    case 'identity_changed':
    case 'protocol_mismatch':
    case 'needs_secret':
      return null;
  }
}

function Since({ at }: { at: number }) {
  const now = useNow(30_000);
  return (
    <time className="soft numbers" title={exactTime(at)}>
      {ago(at, now)}
    </time>
  );
}

function Until({ at }: { at: number }) {
  const now = useNow(1_000);
  return <span className="soft numbers">again {inTime(at, now)}</span>;
}
