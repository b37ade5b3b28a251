/** Brings an answer to a peer that never comes for it: as a message of ours. */
import { type CallHandlers, codedError, ok, stateSentence } from '../contract/index.ts';
import { textAlone } from '../reception/index.ts';

type Used = Pick<CallHandlers, 'delegation.open' | 'thread.create' | 'message.send'>;

/** The form that any agent reads: what it is about, then the answer. */
function answerText(topic: string | null, asked: string, answer: string): string {
  const first = topic ?? asked.split('\n', 1)[0]?.slice(0, 120) ?? '';
  return `[Answer] → ${first}\n\n${answer}`;
}

/** Builds the handler over those that it puts together. */
export const sendBack =
  (used: Used): CallHandlers['delegation.sendBack'] =>
  async ({ delegationId }, context) => {
    const opened = await used['delegation.open']({ delegationId }, context);
    if (!opened.ok) return opened;
    const { delegation, turns } = opened.value;
    // The answer stands at the end, whoever gave it.
    const answer = delegation.answer && turns.at(-1);
    if (!answer) throw codedError('reception.not_answered', stateSentence(delegation.state));
    const { peerId, topic } = delegation;
    if (peerId === null) {
      throw codedError('reception.peer_gone', 'The peer that asked for it is gone.');
    }
    const title = topic ?? 'Answers';
    const made = await used['thread.create'](
      { peerId, linkId: null, title, agentId: null },
      context,
    );
    if (!made.ok) return made;
    const { threadId } = made.value;
    const words = textAlone(answer.text, delegation.answer?.files ?? []);
    const text = answerText(topic, delegation.text, words);
    const sent = await used['message.send'](
      { threadId, text, kind: 'message', attachmentIds: [] },
      context,
    );
    return sent.ok ? ok({ threadId, messageId: sent.value.messageId }) : sent;
  };
