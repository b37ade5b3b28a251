/**
 * How a notice becomes a notification of the system: one presenter per platform, since what they can do
 * differs. https://www.electronjs.org/docs/latest/api/notification names the platforms of each option.
 * What deserves a notification was decided before (electron/notifications); what each can do beyond that
 * is only comfort: everything is in the window's list as well.
 */
import type { NotificationConstructorOptions } from 'electron';
import type { NoticeAction, NoticeView } from '../../contract/index.ts';

/** What a person may do to a notification, beside clicking it. */
export interface Presented {
  readonly options: NotificationConstructorOptions;
  /** What each button stands for, in the order of the buttons. */
  readonly buttons: readonly NoticeAction[];
  /** The action that the system's own text field is for. */
  readonly reply: NoticeAction | null;
}

/** What a platform's notifications can do, as Electron's documentation tells. */
export interface Capabilities {
  /** A text field in the notification. */
  readonly reply: boolean;
  /** How loud it is. */
  readonly urgency: boolean;
  /** Takes an id of ours, and puts what is about one peer together. */
  readonly ids: boolean;
}

const linux: Capabilities = { reply: false, urgency: true, ids: false };
const darwin: Capabilities = { reply: true, urgency: false, ids: true };
const windows: Capabilities = { reply: true, urgency: true, ids: true };

/** The capabilities of a platform; an unknown one is taken for a Linux. */
export function capabilitiesOf(platform: NodeJS.Platform): Capabilities {
  if (platform === 'darwin') return darwin;
  return platform === 'win32' ? windows : linux;
}

/**
 * Presents a notice. Where there is no text field, an action that takes a text becomes a button that
 * leads to the field in the window.
 */
export function presentNotice(notice: NoticeView, can: Capabilities): Presented {
  const reply = can.reply ? (notice.actions.find((one) => one.kind === 'reply') ?? null) : null;
  const buttons = notice.actions.filter((one) => one !== reply);
  return {
    reply,
    buttons,
    options: {
      title: notice.title,
      body: notice.text,
      ...(buttons.length === 0
        ? {}
        : { actions: buttons.map(({ label }) => ({ type: 'button' as const, text: label })) }),
      ...(reply?.kind === 'reply' ? { hasReply: true, replyPlaceholder: reply.placeholder } : {}),
      ...(can.urgency ? { urgency: notice.urgency ?? ('normal' as const) } : {}),
      ...(can.ids ? { id: notice.id, groupId: notice.peerId ?? 'peerage' } : {}),
    },
  };
}

/** Words of the shell itself, without a place to land on: the quietest kind. */
export const presentWords = (
  title: string,
  body: string,
  can: Capabilities,
): NotificationConstructorOptions => ({
  title,
  body,
  silent: true,
  ...(can.urgency ? { urgency: 'low' as const } : {}),
});
