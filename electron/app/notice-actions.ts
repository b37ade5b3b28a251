/** Does what a notice offers: the call that its action names, as if the person had made it in the window. */
import {
  appError,
  type CallerContext,
  type CallHandlers,
  CodedError,
  calls,
  fail,
  isCallName,
  type NoticeAction,
  type NoticeView,
  type Result,
  type ThreadId,
  type ThreadView,
} from '../contract/index.ts';

type AnyHandler = (input: unknown, context: CallerContext) => Promise<Result<unknown>>;

/** What a notice's button reaches: the calls, and the thread that it is about, if any. */
export interface NoticeActionParts {
  /** The app's handlers; asked late, since they are being built. */
  handlers(): CallHandlers;
  thread(id: ThreadId): ThreadView | null;
}

/** One action of a notice, with what the person wrote where it takes a text. */
export interface NoticeDeed {
  readonly notice: NoticeView;
  readonly action: NoticeAction;
  readonly text: string | null;
  readonly context: CallerContext;
}

/**
 * Builds the function that does an action. The input is parsed as at any door. A reply that went out
 * means that its thread was read; one that could not go is kept as the thread's draft.
 */
export const noticeActions =
  (parts: NoticeActionParts) =>
  async ({ notice, action, text, context }: NoticeDeed): Promise<Result<unknown>> => {
    const written = action.kind === 'reply' ? { text: text ?? '' } : {};
    const handlers = parts.handlers();
    const result = await call(handlers, action.call, { ...action.input, ...written }, context);
    const { threadId } = notice;
    if (action.kind !== 'reply' || threadId === null) return result;
    if (result.ok) await call(handlers, 'thread.markRead', { threadId }, context);
    else await keepDraft(parts, threadId, text ?? '', context);
    return result;
  };

async function call(
  handlers: CallHandlers,
  name: string,
  input: unknown,
  context: CallerContext,
): Promise<Result<unknown>> {
  if (!isCallName(name)) return fail(appError('call.unknown', name));
  const parsed = calls[name].input.safeParse(input);
  if (!parsed.success) return fail(appError('call.invalid_input', name));
  try {
    return await (handlers[name] as AnyHandler)(parsed.data, context);
  } catch (error) {
    if (error instanceof CodedError) return fail(error.error);
    throw error;
  }
}

/** The field then holds what stood there, and what was written. */
async function keepDraft(
  parts: NoticeActionParts,
  threadId: ThreadId,
  text: string,
  context: CallerContext,
): Promise<void> {
  const draft = parts.thread(threadId)?.draft;
  if (draft === undefined || text.trim() === '') return;
  const whole = draft.text === '' ? text : `${draft.text}\n${text}`;
  const input = { threadId, text: whole, revision: draft.revision };
  await call(parts.handlers(), 'thread.saveDraft', input, context);
}
