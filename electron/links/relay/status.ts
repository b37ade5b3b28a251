/**
 * What a response's status means. It is free text on this wire: `completed` (the default),
 * `in_progress` and `failed` are the documented ones; the others are what agents write instead.
 */
export type ResponseStatus = 'goes_on' | 'done' | 'failed' | 'asks';

/** The status by which a Peerage asks back; the answer to it names the task that it is about. */
export const ASKED_BACK = 'input_required';

const WORDS: Readonly<Record<string, ResponseStatus>> = {
  in_progress: 'goes_on',
  working: 'goes_on',
  accepted: 'goes_on',
  accept: 'goes_on',
  started: 'goes_on',
  queued: 'goes_on',
  failed: 'failed',
  error: 'failed',
  declined: 'failed',
  decline: 'failed',
  rejected: 'failed',
  cancelled: 'failed',
  canceled: 'failed',
  [ASKED_BACK]: 'asks',
  negotiate: 'asks',
};

/** What nobody knows is taken for the end: its text is shown, and nothing waits for ever. */
export function statusOf(status: string): ResponseStatus {
  const word = status
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
  return Object.hasOwn(WORDS, word) ? (WORDS[word] ?? 'done') : 'done';
}
