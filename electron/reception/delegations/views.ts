import type { DelegationView } from '../../contract/index.ts';
import type { Delegation } from './rows.ts';

/** How OpenClaw 2026.9.6 names the context of what it sends out; it never asks for the task again. */
const OPENCLAW_CONTEXT = 'ctx-oc-';

/** The most UTF-16 units of a text on a card. */
const CARD_UNITS = 2_000;

function cut(text: string): string {
  if (text.length <= CARD_UNITS) return text;
  return `${text.slice(0, CARD_UNITS - 1).toWellFormed()}…`;
}

function replyTo(d: Delegation, lastWord: (id: string) => string | null): string | null {
  if (d.question === null || d.state === 'asked_back') return null;
  const word = lastWord(d.id);
  return word === null ? null : cut(word);
}

/**
 * A delegation as windows are told of it.
 * @param caller the peer's name now, where it still has one
 * @param lastWord what the caller wrote last; asked for only where something was asked back
 */
export const delegationView = (
  d: Delegation,
  caller: string | null,
  lastWord: (id: string) => string | null,
): DelegationView => ({
  id: d.id,
  peerId: d.peerId,
  caller: caller ?? d.caller,
  proof: d.proof,
  topic: d.topic,
  text: cut(d.text),
  textBytes: d.textBytes,
  bytes: d.bytes,
  parts: [...d.parts],
  contextId: d.contextId,
  collects: !d.contextId.startsWith(OPENCLAW_CONTEXT),
  state: d.state,
  priority: d.priority,
  deadlineAt: d.deadlineAt,
  expected: d.expected,
  hops: d.hops,
  held: d.held,
  agentId: d.agentId,
  sessionKey: d.sessionKey,
  receivedAt: d.receivedAt,
  changedAt: d.changedAt,
  snoozedUntil: d.snoozedUntil,
  decision: d.decision,
  question: d.question,
  reply: replyTo(d, lastWord),
  answer:
    d.answer === null
      ? null
      : {
          text: cut(d.answer),
          bytes: Buffer.byteLength(d.answer),
          at: d.answerAt ?? d.changedAt,
          files: [...d.answerParts],
        },
  error: d.error,
});
