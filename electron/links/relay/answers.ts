/** What came back for a task, in the words of links. */
import { type AppError, appError } from '../../contract/index.ts';
import type { HistoryMessage, LinkEvent } from '../link.ts';
import type { SentAnswer, SentTask } from './options.ts';
import { statusOf } from './status.ts';

const failed = ({ status, text }: SentAnswer): AppError =>
  /^(declined|rejected)/i.test(status)
    ? appError('a2a.rejected', text || 'No reason was given.')
    : appError('a2a.failed', text || 'No reason was given.');

/** An answer as a part of a history that the relay does not keep. */
export const asHistory = (task: SentTask, answer: SentAnswer): HistoryMessage => ({
  ...afterwards(answer),
  key: task.key,
  runId: task.key,
  ...(statusOf(answer.status) === 'failed' ? { ended: 'error', error: failed(answer) } : {}),
});

/** Something more after the end: shown, and not taken for the end once more. */
export const afterwards = ({ remoteId, text, at }: SentAnswer): HistoryMessage => ({
  remoteId,
  role: 'assistant',
  text,
  key: null,
  runId: null,
  at,
  senderLabel: null,
});

/** The end of a task, or its asking back. */
export function ending({ key, sessionKey }: SentTask, answer: SentAnswer): LinkEvent {
  const { text, remoteId, at } = answer;
  const status = statusOf(answer.status);
  if (status === 'failed') {
    const error = failed(answer);
    const work = error.code === 'a2a.rejected' ? 'declined' : 'failed';
    return { kind: 'run_ended', key, sessionKey, reason: 'error', text: '', error, work };
  }
  const how =
    status === 'asks'
      ? ({ asksBack: true, work: 'asked_back' } as const)
      : ({ work: 'completed' } as const);
  return { kind: 'run_final', key, sessionKey, text, remoteId, at, ...how };
}
