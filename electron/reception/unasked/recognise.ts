/** Which rows of the own gateway's sessions are somebody else's work for an agent of ours. Pure. */
import {
  type DelegationPriority,
  MessageId,
  readForm,
  readPriority,
  type UnaskedView,
} from '../../contract/index.ts';

/** What is looked at in a row; a gateway link reads it. */
export interface SeenRow {
  readonly sessionKey: string;
  readonly remoteId: string;
  readonly role: 'user' | 'assistant' | 'other';
  readonly text: string;
  readonly key: string | null;
  readonly runId: string | null;
  readonly at: number | null;
  readonly senderLabel: string | null;
  readonly channel: { readonly name: string; readonly sender: string } | null;
  readonly ended?: 'aborted' | 'error';
}

/** What a row says of the work. `verified`: the gateway names the sender, not the text itself. */
export interface Recognised {
  readonly sender: string;
  readonly verified: boolean;
  readonly seenBy: UnaskedView['seenBy'];
  readonly topic: string;
  readonly priority: DelegationPriority;
  readonly deadlineAt: number | null;
}

const TOPIC_UNITS = 120;
const KEY_PREFIX = 'peerage:';
/** OpenClaw's own A2A sessions: `agent:<agent>:a2a:default:direct:<peer>:<contextId>`. */
const A2A_SESSION = /^agent:[^:]+:a2a:/u;
/** Sessions into which our own reception hands what the person accepted. */
const OUR_HAND_OVER = /^agent:[^:]+:peerage-in-/u;

const line = (text: string, units: number): string => {
  const one = text
    .slice(0, units * 4)
    .replace(/[\p{Cc}\p{Bidi_Control}\s]+/gu, ' ')
    .trim();
  return one.length <= units ? one : `${one.slice(0, units - 1).toWellFormed()}…`;
};

/** The agent that a session key names. */
export const agentOf = (sessionKey: string): string => sessionKey.split(':')[1] ?? '';

/** The id of the message that a key names; null where it is no key of a Peerage. */
export function messageOf(key: string | null): MessageId | null {
  if (!key?.startsWith(KEY_PREFIX)) return null;
  return MessageId.safeParse(key.slice(KEY_PREFIX.length)).data ?? null;
}

/** @param ours a message that this app sent itself, into a session of its own gateway. */
export function recognise(row: SeenRow, ours: (id: MessageId) => boolean): Recognised | null {
  if (row.role !== 'user' || row.text.trim() === '') return null;
  if (OUR_HAND_OVER.test(row.sessionKey)) return null;
  const id = messageOf(row.key);
  if (id !== null && ours(id)) return null;
  const form = readForm(row.text);
  const asked = form?.kind === 'delegation' ? form : null;
  const about = {
    topic: line(asked?.topic || row.text, TOPIC_UNITS),
    priority: readPriority(asked?.fields.priority) ?? 'normal',
    deadlineAt: momentOf(asked?.fields.deadline),
  };
  const name = line(row.senderLabel ?? '', 80) || 'Somebody with write access';
  if (row.channel?.name === 'a2a' || A2A_SESSION.test(row.sessionKey)) {
    const sender = line(row.channel?.sender ?? '', 80);
    return { ...about, sender: sender || name, verified: sender !== '', seenBy: 'a2a' };
  }
  if (id !== null) return { ...about, sender: name, verified: false, seenBy: 'peerage' };
  return asked ? { ...about, sender: name, verified: false, seenBy: 'tag' } : null;
}

function momentOf(text: string | undefined): number | null {
  const written = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(?: ?UTC|Z)$/u.exec(text ?? '');
  const at = written ? Date.parse(`${written[1]}T${written[2]}Z`) : Number.NaN;
  return Number.isFinite(at) ? at : null;
}
