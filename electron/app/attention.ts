/** Who asks for a person's attention, and when it is over: threads and warnings, in one place. */
import {
  type CallHandlers,
  type ChangeKey,
  type NoticeAction,
  parsePlace,
  type WarningId,
  type WarningView,
  type WindowFocus,
} from '../contract/index.ts';
import type { ThreadAttention } from '../conversations/index.ts';
import type { Notifications } from '../notifications/index.ts';

const threadSubject = (threadId: string): string => `thread:${threadId}`;
const warningSubject = (id: string): string => `warning:${id}`;

/** A thread asks: an answer came, or something failed. */
export const offerThread = (notifications: Notifications, item: ThreadAttention): void =>
  notifications.offer({
    ...item,
    subject: threadSubject(item.threadId),
    actions: item.kind === 'message' ? [replyTo(item.threadId)] : [],
  });

const replyTo = (threadId: string): NoticeAction => ({
  kind: 'reply',
  id: 'reply',
  label: 'Reply',
  placeholder: 'Write a reply',
  call: 'message.send',
  input: { threadId, kind: 'message', attachmentIds: [] },
});

/** What a window shows in its front needs no notice any more. */
export function settleFocused(notifications: Notifications, focus: WindowFocus): void {
  if (focus.focused && focus.threadId !== null) notifications.settle(threadSubject(focus.threadId));
}

/**
 * Problems ask once when they become visible, and are over when they go. Lesser warnings stay in the
 * window: nobody is called because something is slow.
 */
export function offerWarnings(
  notifications: Notifications,
  warning: (id: WarningId) => WarningView | null,
): (key: ChangeKey) => void {
  const offered = new Set<string>();
  return (key) => {
    if (key.type !== 'warning') return;
    const view = warning(key.id as WarningId);
    if (view === null) {
      if (offered.delete(key.id)) notifications.settle(warningSubject(key.id));
      return;
    }
    if (view.severity !== 'problem' || offered.has(key.id)) return;
    offered.add(key.id);
    notifications.offer({
      kind: 'problem',
      subject: warningSubject(key.id),
      title: view.title,
      text: view.detail,
      peerId: view.peerId,
      threadId: null,
      messageId: null,
      muted: false,
      ...(view.peerId === null ? wayOut(view) : {}),
      actions: [],
    });
  };
}

/** A problem that is no peer's leads to where it is remedied. */
function wayOut({ remedy }: WarningView): { to?: string } {
  const go = remedy?.actions.find((action) => action.kind === 'go');
  return go?.kind === 'go' && parsePlace(go.to) !== null ? { to: go.to } : {};
}

/** Reading a thread settles what was noticed of it. */
export const settlingReads =
  (
    notifications: Notifications,
    markRead: CallHandlers['thread.markRead'],
  ): CallHandlers['thread.markRead'] =>
  async (input, context) => {
    const result = await markRead(input, context);
    if (result.ok) notifications.settle(threadSubject(input.threadId));
    return result;
  };
