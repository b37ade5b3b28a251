import type { Clock } from '../clock/clock.ts';
import type { LinkId, ThreadId } from '../contract/index.ts';
import type { Link } from '../links/link.ts';
import type { AnswerFiles } from './answer-files.ts';
import type { Askers } from './askers.ts';
import type { Tracker } from './delegations/tracker.ts';
import type { Ledger } from './ledger.ts';
import type { MessageTable } from './message-table.ts';
import type { ConversationsOptions } from './options.ts';
import type { ThreadRow } from './rows.ts';
import type { Streams } from './streams.ts';
import type { ThreadTable } from './thread-table.ts';
import type { Transaction } from './transaction.ts';

/** What the parts of conversations share: the options, and the tables behind the ledger. */
export interface Parts {
  readonly options: ConversationsOptions;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly messages: MessageTable;
  readonly threads: ThreadTable;
  /** The files that come with answers. */
  readonly answerFiles: AnswerFiles;
  /** The texts that are coming. */
  readonly streams: Streams;
  /** Delegations of ours. */
  readonly askers: Askers;
  readonly tracker: Tracker;
  /** Aborted when the app stops. */
  readonly stopping: AbortSignal;
}

/** What of a thread says where it goes. */
export type Place = Pick<ThreadRow, 'id' | 'peer_id' | 'link_id' | 'agent_id' | 'session_key'>;

/** Where a thread goes now. */
export interface Route {
  readonly linkId: LinkId;
  readonly link: Link;
  readonly sessionKey: string;
}

/** The link that a thread names or, where it is gone, the one that its peer has now. */
export const linkIdOf = (parts: Parts, thread: Place): LinkId | null =>
  parts.options.directory.linkFor({ peerId: thread.peer_id, linkId: thread.link_id });

/** The way of a thread, or null while its link is not there. */
export function routeOf(parts: Parts, thread: Place): Route | null {
  const linkId = linkIdOf(parts, thread);
  const link = linkId && parts.options.link(linkId);
  if (!linkId || !link) return null;
  const kept = thread.link_id === linkId ? thread.session_key : null;
  return { linkId, link, sessionKey: kept ?? link.sessionKeyFor(thread.id, thread.agent_id) };
}

/** Writes the way into the thread, so that it stays there when the link's defaults change. */
export function bindRoute(parts: Parts, thread: Place, route: Route, tx: Transaction): void {
  if (thread.link_id === route.linkId && thread.session_key === route.sessionKey) return;
  // A session named after the thread holds nothing from before it; a session of theirs may.
  const synced = route.sessionKey.includes(thread.id) ? 1 : 0;
  parts.threads.bind.run(route.linkId, route.sessionKey, synced, thread.id);
  tx.touchThread(thread.id);
}

/** True where a message can be tried: connected, and allowed to write as far as we know. */
export function isSendable(link: Link): boolean {
  const state = link.state();
  switch (state.kind) {
    case 'online':
      return true;
    case 'degraded':
      if (state.reason === 'no_scopes') return false;
      return state.reason !== 'too_few_scopes' || !state.missingScopes.includes('operator.write');
    case 'idle':
    case 'connecting':
    case 'starting':
    case 'needs_approval':
    case 'restarting':
    case 'rate_limited':
    case 'bad_credential':
    case 'revoked':
    case 'identity_changed':
    case 'protocol_mismatch':
    case 'needs_secret':
    case 'offline':
      return false;
  }
}

/** Names of a thread for words that a person reads. */
export function namesOf(
  parts: Parts,
  threadId: ThreadId,
): { readonly thread: ThreadRow; readonly peer: string; readonly agent: string } | null {
  const thread = parts.threads.byId(threadId);
  if (!thread) return null;
  const peer = parts.options.directory.peerName(thread.peer_id) ?? '';
  const agent =
    (thread.link_id && parts.options.directory.agentName(thread.link_id, thread.agent_id)) || peer;
  return { thread, peer, agent };
}
