import type { MessageId, PeerId, RequestId, ThreadId } from '../contract/index.ts';
import type { Store } from '../store/store.ts';

/** A message that was stored for a request of a local agent. */
export interface AskedMessage {
  readonly messageId: MessageId;
  readonly threadId: ThreadId;
  readonly peerId: PeerId;
}

/** Notes and finds the local agent behind a message; see {@link askersTable}. */
export type Askers = ReturnType<typeof askersTable>;

/** Which messages of ours a local agent asked for; written with the message, in one transaction. */
export function askersTable(store: Store) {
  const agent = store.prepare<{ agent: string }, [MessageId]>(
    'SELECT agent FROM message_askers WHERE message_id = ?',
  );
  const ofRequest = store.prepare<
    { id: MessageId; thread_id: ThreadId; peer_id: PeerId },
    [RequestId]
  >(
    `SELECT m.id, m.thread_id, t.peer_id FROM message_askers a JOIN messages m ON m.id = a.message_id
       JOIN threads t ON t.id = m.thread_id WHERE a.request_id = ?`,
  );
  return {
    note: store.prepare<never, [MessageId, RequestId, string]>(
      'INSERT INTO message_askers (message_id, request_id, agent) VALUES (?, ?, ?)',
    ),
    agentOf: (id: MessageId): string | null => agent.get(id)?.agent ?? null,
    ofRequest: (id: RequestId): AskedMessage[] =>
      ofRequest
        .all(id)
        .map((row) => ({ messageId: row.id, threadId: row.thread_id, peerId: row.peer_id })),
  };
}
