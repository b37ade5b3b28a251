export {
  createNotifications,
  type Notifications,
  type NotificationsOptions,
} from './notifications.ts';
export { type Candidate, noticeText, noticeTitle } from './policy.ts';
