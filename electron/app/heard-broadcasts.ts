/** Broadcasts that come in by the reception are known like those that come by other links. */
import {
  type CallHandlers,
  type ChangeKey,
  type DelegationId,
  readBroadcast,
} from '../contract/index.ts';
import type { Conversations } from '../conversations/index.ts';

/**
 * Takes every change of incoming work, and keeps what has the form of a broadcast. Whoever it was asked
 * of still decides about the work itself.
 */
export function heardBroadcasts(
  { broadcasts }: Pick<Conversations, 'broadcasts'>,
  { 'delegation.open': open }: Pick<CallHandlers, 'delegation.open'>,
  log: (line: string) => void,
): (key: ChangeKey) => void {
  /** Those that were looked at: a delegation changes often, its text never. */
  const seen = new Set<string>();
  const look = async (delegationId: DelegationId): Promise<void> => {
    const context = {
      door: 'window',
      connectionId: '',
      signal: new AbortController().signal,
    } as const;
    const opened = await open({ delegationId }, context);
    const content = opened.ok ? readBroadcast(opened.value.text) : null;
    if (!opened.ok || !content) return;
    const { peerId, caller, receivedAt } = opened.value.delegation;
    const source = `delegation:${delegationId}`;
    await broadcasts.hear({ source, peerId, author: caller, at: receivedAt, ...content });
  };
  return (key) => {
    if (key.type !== 'delegation' || seen.has(key.id)) return;
    seen.add(key.id);
    look(key.id as DelegationId).catch((error: unknown) =>
      log(`a broadcast was not kept: ${String(error)}`),
    );
  };
}
