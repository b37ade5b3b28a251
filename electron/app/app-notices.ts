/** Notices inside the app: what the window looks at, who shows them, and what their buttons do. */
import type { NoticeView, WindowFocus } from '../contract/index.ts';
import {
  createNotifications,
  type Notifications,
  type NotificationsOptions,
} from '../notifications/index.ts';
import { settleFocused } from './attention.ts';
import { type NoticeActionParts, noticeActions } from './notice-actions.ts';
import { type Announcer, announcer } from './port.ts';

/** The notices of one app, whether or not a shell is there to show them. */
export interface AppNotices {
  readonly notifications: Notifications;
  /** Tells whoever can show one. */
  readonly attention: Announcer<NoticeView>;
  /** What the person looks at from now on: that needs no notice, and settles those about it. */
  setFocus(now: WindowFocus): void;
}

/** Makes them. */
export function appNotices(
  options: Pick<NotificationsOptions, 'store' | 'clock' | 'changed' | 'settings' | 'log'> &
    NoticeActionParts,
): AppNotices {
  let focus: WindowFocus = { focused: false, peerId: null, threadId: null };
  const attention = announcer<NoticeView>();
  const { handlers, thread, ...given } = options;
  const notifications = createNotifications({
    ...given,
    focus: () => focus,
    present: attention.tell,
    perform: noticeActions({ handlers, thread }),
  });
  return {
    notifications,
    attention,
    setFocus: (now) => {
      focus = now;
      settleFocused(notifications, now);
    },
  };
}
