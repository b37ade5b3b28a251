/** Tells those who asked over a relay how their work goes, each step once, also after a restart. */
import { createHash } from 'node:crypto';
import {
  assertNever,
  type DelegationId,
  isOver,
  type PeerId,
  type RelayId,
} from '../contract/index.ts';
import { ASKED_BACK, prove, type RelayHub, type RelaySigner } from '../links/relay/index.ts';
import type { Store } from '../store/store.ts';
import type { Outcome } from './options.ts';
import { type AnswerRow, type RelayRecord, type RelayTable, readPending } from './table.ts';

/**
 * What {@link Answers} reads. Null: the relay is not in the list, the delegation is gone, or the
 * device's key cannot be had.
 */
export interface AnswersOptions {
  readonly store: Store;
  readonly table: RelayTable;
  readonly relay: (id: RelayId) => { readonly record: RelayRecord; readonly hub: RelayHub } | null;
  readonly outcome: (id: DelegationId) => Outcome | null;
  /** The delegation that a message became. */
  readonly find: (peerId: PeerId, messageId: string) => DelegationId | null;
  readonly signer: () => Promise<RelaySigner | null>;
  readonly now: () => number;
  readonly log: (line: string) => void;
}

/**
 * What is owed to those who asked. It is kept in the database until the relay has taken it, but for
 * `refuse`.
 */
export interface Answers {
  /** A delegation changed. */
  note(delegationId: string): void;
  /** A relay is there (again): everything that it was not told. */
  catchUp(relayId: RelayId): void;
  /** Says something about a task that was not taken in. Not kept: it is said now or never. */
  refuse(
    relayId: RelayId,
    asked: { readonly to: string; readonly messageId: string; readonly key: string | null },
    reason: string,
  ): Promise<void>;
  /** Lets go of what was owed about delegations that are no more, and of messages that never became one. */
  prune(): Promise<void>;
  idle(): Promise<void>;
}

/** So many messages may be on their way into the inbox; what is older was lost on it. */
const PENDING_KEPT = 1_000;

interface Word {
  readonly status: string;
  readonly text: string;
}

/** What the asker is told; null = nothing yet. */
function wordOf(outcome: Outcome): Word | null {
  const { state, answer, question, error, reason } = outcome;
  switch (state) {
    case 'proposed':
      return null;
    case 'asked_back':
      return { status: ASKED_BACK, text: question ?? '' };
    case 'accepted':
      return { status: 'in_progress', text: 'Accepted.' };
    case 'in_progress':
      return { status: 'in_progress', text: 'An agent works on it.' };
    case 'completed':
      return { status: 'completed', text: answer ?? '' };
    case 'failed':
    case 'expired':
      return { status: 'failed', text: error ? `${error.title}. ${error.detail}`.trim() : '' };
    case 'declined':
      return { status: 'declined', text: reason };
    case 'cancelled':
      return { status: 'failed', text: 'It was stopped.' };
    default:
      return assertNever(state);
  }
}

/** An old client knows three statuses: it is told in their words. */
function plain({ status, text }: Word): Word {
  if (status === ASKED_BACK) return { status: 'in_progress', text: `Question: ${text}` };
  if (status === 'declined') {
    return { status: 'failed', text: text === '' ? 'Declined.' : `Declined: ${text}` };
  }
  return { status, text };
}

/** Room for what stands around an answer in its request, bytes. */
const MOST_BYTES = 1_000_000;

const fitting = (text: string): string => {
  if (Buffer.byteLength(JSON.stringify(text)) <= MOST_BYTES) return text;
  return `${Buffer.from(text)
    .subarray(0, MOST_BYTES / 4)
    .toString()
    .toWellFormed()}\n\n(The answer was longer than a relay takes.)`;
};

/** The same for the same answer, so that one that is sent again is known. */
const sameFor = (...parts: readonly string[]): string =>
  createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32);

/** Begins with nothing under way. */
export function createAnswers(options: AnswersOptions): Answers {
  const { store, table, log } = options;
  let working: Promise<void> = Promise.resolve();

  const send = async (
    relayId: RelayId,
    asked: { readonly to: string; readonly messageId: string; readonly key: string | null },
    word: Word,
  ): Promise<boolean> => {
    const relay = options.relay(relayId);
    if (relay?.hub.state.kind !== 'online') return false;
    const { to, messageId, key } = asked;
    const said = key === null ? plain(word) : word;
    const text = fitting(said.text);
    const signer = key === null ? null : await options.signer();
    const result =
      signer && key !== null
        ? {
            text,
            peerage: prove(signer, {
              what: 'answer',
              from: relay.record.agentId,
              to,
              key,
              about: '',
              mode: said.status,
              at: options.now(),
              text,
              rest: {},
            }),
          }
        : text;
    const { status } = said;
    const responseId = sameFor(messageId, status, text);
    await relay.hub.ask(new AbortController().signal, (requests, us, signal) =>
      requests.respond(us, { to, messageId, responseId, result, status }, signal),
    );
    return true;
  };

  /** What came of a message that was taken in as the app ended; null where nothing did. */
  const placed = async (row: AnswerRow): Promise<AnswerRow | null> => {
    const pending = readPending(row.delegation_id);
    if (!pending) return row;
    const id = options.find(pending.peerId, pending.messageId);
    if (!id) return null;
    await store.write(() => table.place(row.delegation_id, id));
    return table.owedOf(id);
  };

  const tell = async (owed: AnswerRow): Promise<void> => {
    const row = await placed(owed);
    if (!row) return;
    const outcome = options.outcome(row.delegation_id as DelegationId);
    if (!outcome) {
      await store.write(() => table.told(row, 'gone', true));
      return;
    }
    const word = wordOf(outcome);
    const mark = word === null ? '' : JSON.stringify([word.status, word.text.slice(0, 200)]);
    if (word === null || mark === row.told) return;
    const { to_agent: to, message_id: messageId, key } = row;
    if (!(await send(row.relay_id, { to, messageId, key }, word))) return;
    await store.write(() => table.told(row, mark, isOver(outcome.state)));
  };

  const queue = (work: () => Promise<void>): void => {
    working = working
      .then(work)
      .catch((error: unknown) => log(`a relay was not told of an answer: ${String(error)}`));
  };

  return {
    note: (delegationId) =>
      queue(async () => {
        const row = table.owedOf(delegationId);
        if (row) await tell(row);
      }),
    catchUp: (relayId) =>
      queue(async () => {
        for (const row of table.owed(relayId)) await tell(row);
      }),
    refuse: async (relayId, asked, reason) => {
      await send(relayId, asked, { status: 'declined', text: reason }).catch((error: unknown) =>
        log(`a relay was not told of a refusal: ${String(error)}`),
      );
    },
    prune: async () => {
      const all = table.owedAbout();
      const pending = all.filter((id) => readPending(id) !== null);
      const gone = all.filter(
        (id) => readPending(id) === null && options.outcome(id as DelegationId) === null,
      );
      gone.push(...pending.slice(0, Math.max(0, pending.length - PENDING_KEPT)));
      if (gone.length === 0) return;
      await store.write(() => {
        for (const id of gone) table.dropOwed(id);
      });
    },
    idle: () => working,
  };
}
