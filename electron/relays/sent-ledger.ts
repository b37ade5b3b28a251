import type { Clock } from '../clock/clock.ts';
import type { RelayId } from '../contract/index.ts';
import type { SentLedger } from '../links/relay/index.ts';
import type { Store } from '../store/store.ts';
import type { RelayTable } from './table.ts';

/** Our tasks at one relay, durable. */
export const sentLedger = (
  store: Store,
  table: RelayTable,
  clock: Clock,
  relayId: RelayId,
): SentLedger => ({
  begin: (task) => store.write(() => table.begin(relayId, task, clock.now())),
  acknowledged: (key, messageId) => store.write(() => table.acknowledged(relayId, key, messageId)),
  withdrawn: (key) => store.write(() => table.withdraw(key)),
  taken: (key) => store.write(() => table.taken(key)),
  answered: (key, answer) => store.write(() => table.answered(key, answer, clock.now())),
  byKey: table.byKey,
  byMessage: (messageId) => table.byMessage(relayId, messageId),
  unacknowledged: (to) => table.unacknowledged(relayId, to),
  unanswered: () => table.unanswered(relayId),
});
