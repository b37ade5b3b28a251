/** What comes over a relay, brought to where it belongs: inbox, thread, knowledge, files. */
import { v7 } from 'uuid';
import type { CallerProof, LinkId, RelayId } from '../contract/index.ts';
import {
  type Proof,
  type RelayHub,
  type RelayLink,
  readAnnounced,
  readProof,
  type SentAnswer,
  type SentTask,
  verified,
  type WireMessage,
  wireLine,
  wireText,
} from '../links/relay/index.ts';
import type { Store } from '../store/store.ts';
import type { Answers } from './answers.ts';
import { readTags } from './broadcast-tags.ts';
import type { RelayPeer, RelaysOptions } from './options.ts';
import { pendingOf, type RelayRecord, type RelayTable } from './table.ts';

type Signed = Extract<CallerProof, { kind: 'relay' }>['signed'];
type Of<K extends WireMessage['kind']> = Extract<WireMessage, { kind: K }>;

/** A relay, as far as its messages need it. */
export interface Source {
  readonly record: RelayRecord;
  readonly hub: RelayHub;
}

/**
 * Where messages are brought to. `link` and `known` are null where nobody of the peer book is
 * meant.
 */
export interface IncomingOptions {
  readonly options: RelaysOptions;
  readonly store: Store;
  readonly table: RelayTable;
  readonly answers: Answers;
  readonly link: (id: LinkId) => RelayLink | null;
  readonly fileChanged: (source: Source, message: Of<'file'>) => Promise<void>;
  /** Makes a peer of whoever speaks to us; null where there are too many already. */
  readonly peerOf: (source: Source, agentId: string) => Promise<RelayPeer | null>;
  readonly known: (relayUrl: string, agentId: string) => RelayPeer | null;
}

/** Whether a text of this peer is what its key signed. */
export function signedBy(fingerprint: string | null, pinned: string | null): Signed {
  if (pinned !== null) return fingerprint === pinned ? 'pinned' : 'wrong';
  return fingerprint === null ? 'none' : 'unpinned';
}

/** How to take one message of one relay. Rejects where it could not be made safe. */
export function takeMessage(
  parts: IncomingOptions,
): (source: Source, message: WireMessage) => Promise<void> {
  const { options, store, table, answers } = parts;
  const { inbox, log } = options;

  const task = async (source: Source, message: Of<'task'>): Promise<void> => {
    const { record } = source;
    const proof = readProof(message.context);
    const { peerage: _, ...rest } = message.context;
    const fingerprint =
      proof &&
      verified(proof, {
        what: 'task',
        from: message.from,
        to: record.agentId,
        mode: message.priority,
        text: message.task,
        rest,
      });
    const asked = { to: message.from, messageId: message.messageId ?? '' };
    const key = fingerprint && proof ? proof.key : null;
    const refuse = (reason: string): Promise<void> =>
      answers.refuse(record.id, { ...asked, key }, reason);
    if (options.settings().incomingPaused) {
      return refuse('The person here has paused incoming work. Ask again later.');
    }
    const peer = await parts.peerOf(source, message.from);
    if (!peer) return refuse('Too many agents of this relay are known here already.');
    const inboxId = key ?? idOf(record.id, message);
    const pending = pendingOf(peer.peerId, inboxId);
    const { messageId } = message;
    if (messageId !== null) {
      const owed = { relay_id: record.id, to_agent: message.from, message_id: messageId, key };
      await store.write(() => table.owe({ ...owed, delegation_id: pending }));
    }
    const taken = await inbox.take({
      peerId: peer.peerId,
      name: peer.name,
      proof: {
        kind: 'relay',
        relay: new URL(record.url).host,
        agent: message.from,
        signed: signedBy(fingerprint, peer.pinned),
        ...(proof && Math.abs(options.clock.now() - proof.at) > LATE_MS ? { late: true } : {}),
      },
      messageId: inboxId,
      about: key === null ? null : (proof?.about ?? null),
      text: message.task,
      priority: message.priority.toLowerCase(),
      ...noteOf(rest),
    });
    if (taken.kind === 'refused') {
      await store.write(() => table.dropOwed(pending));
      return refuse(taken.reason);
    }
    const { id } = taken;
    if (messageId !== null) await store.write(() => table.place(pending, id));
    // It may be decided already, where it came a second time.
    answers.note(id);
  };

  /** The task of ours that is meant, also where its id was lost between the relay's answer and our disk. */
  const questionOf = async (source: Source, message: Of<'response'>): Promise<SentTask | null> => {
    const { messageId, from } = message;
    if (messageId === null) return null;
    const known = table.byMessage(source.record.id, messageId);
    if (known) return known.to === from ? known : null;
    const open = table.unacknowledged(source.record.id, from);
    const [only] = open;
    if (!only || open.length > 1) return null;
    await store.write(() => table.acknowledged(source.record.id, only.key, messageId));
    return table.byKey(only.key);
  };

  const response = async (source: Source, message: Of<'response'>): Promise<void> => {
    const { record } = source;
    const proof = readProof(message.result);
    const text = textOf(message.result, proof);
    const question = await questionOf(source, message);
    const link = question && parts.link(question.linkId);
    if (!question || !link) {
      log(`relay ${record.id}: an answer of ${message.from} fits no question of ours`);
      return;
    }
    const peer = options.peers.byLink(question.linkId);
    const fingerprint =
      proof && proof.key === question.key
        ? verified(proof, {
            what: 'answer',
            from: message.from,
            to: record.agentId,
            mode: message.status,
            text,
            rest: {},
          })
        : null;
    const doubtful = signedBy(fingerprint, peer?.pinned ?? null) === 'wrong';
    const answer: SentAnswer = {
      remoteId: (message.responseId ?? `${question.key} ${message.status}`).slice(0, 200),
      status: message.status,
      text: doubtful ? `${NOT_SIGNED}\n\n${text}` : text,
      at: message.at,
    };
    const before = question.answer;
    // The relay forgot, and was told again.
    if (before && before.text === answer.text && before.status === answer.status) return;
    await link.answer(question, answer);
  };

  const broadcast = async (source: Source, message: Of<'broadcast'>): Promise<void> => {
    const { record, hub } = source;
    const { from, content, topic, at, messageId } = message;
    const peer = parts.known(record.url, from);
    const { tags, fingerprint, id } = readTags({ from, content, topic, tags: message.tags });
    await options.broadcast({
      relayId: record.id,
      relay: record.name,
      messageId: id ?? messageId,
      from,
      fromName: peer?.name ?? hub.agents.get(from)?.name ?? wireLine(from, 120),
      peerId: peer?.peerId ?? null,
      signed: signedBy(fingerprint, peer?.pinned ?? null),
      content,
      topic,
      tags,
      at,
    });
  };

  return async (source, message) => {
    switch (message.kind) {
      case 'task':
        return task(source, message);
      case 'response':
        return response(source, message);
      case 'broadcast':
        return broadcast(source, message);
      case 'file':
        return parts.fileChanged(source, message);
      case 'joined':
        return;
    }
  };
}

/**
 * A signature stays good for ever, and work that is over is let go one day: what is older than this is
 * not let through without the person. A sender gives up after 24 hours.
 */
const LATE_MS = 48 * 3_600_000;

const NOT_SIGNED =
  '(Not signed with the key that you compared. Somebody may pretend to be this peer.)';

/** Ids of a relay count for that relay only; the socket's spelling has none. */
const idOf = (relayId: RelayId, message: Of<'task'>): string =>
  message.messageId === null
    ? `relay:${v7()}`
    : `relay:${relayId}:${message.from}:${message.messageId}`
        .replace(/[^\x21-\x7e]/g, '_')
        .slice(0, 256);

function textOf(result: unknown, proof: Proof | null): string {
  if (proof && typeof result === 'object' && result !== null && 'text' in result) {
    return wireText(result.text);
  }
  return wireText(result);
}

const STRUCTURED = new Set(['thread', 'topic', 'deadlineAt', 'expected', 'hops']);
/** The text says the same. */
const SAID = new Set(['context']);
const THREAD = /^[\x21-\x7e]{1,200}$/;

/** What of a context has a place of its own; the rest is shown as it is. */
function noteOf(context: Readonly<Record<string, unknown>>) {
  const { deadlineAt, hops } = context;
  const isOurs = typeof context.thread === 'string';
  const rest = Object.fromEntries(
    Object.entries(context).filter(
      ([name]) => !STRUCTURED.has(name) && !(isOurs && SAID.has(name)),
    ),
  );
  return {
    contextId:
      typeof context.thread === 'string' && THREAD.test(context.thread) ? context.thread : null,
    topic: wireLine(context.topic, 200) || null,
    expected: wireLine(context.expected, 2_000) || null,
    deadlineAt:
      typeof deadlineAt === 'number' && Number.isSafeInteger(deadlineAt) && deadlineAt > 0
        ? Math.min(deadlineAt, 8_640_000_000_000_000)
        : null,
    hops:
      typeof hops === 'number' && Number.isSafeInteger(hops) ? Math.min(Math.max(hops, 0), 64) : 0,
    context: Object.keys(rest).length === 0 ? null : JSON.stringify(rest, null, 2),
  };
}

/** The fingerprint that an agent announces now; null = none. */
export const announcedBy = (hub: RelayHub, agentId: string): string | null =>
  readAnnounced(hub.agents.get(agentId)?.description ?? '').fingerprint;
