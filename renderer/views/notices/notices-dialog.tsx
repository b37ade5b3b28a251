import { Bell, CheckCheck } from 'lucide-react';
import { useMemo } from 'react';
import type { NoticeView } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogBody } from '../../components/dialog.tsx';
import { useNow } from '../../components/use-now.ts';
import { useClient, useMirror } from '../../store/hooks.ts';
import { exactTime, shortAge } from '../../words/time.ts';
import './notices.css';

/** What deserved attention, the newest first. */
export function NoticesDialog({ onClose }: { onClose: () => void }) {
  const client = useClient();
  const all = useMirror((mirror) => mirror.notices);
  const notices = useMemo(() => [...all.values()].sort((a, b) => b.at - a.at), [all]);
  const unread = notices.some((notice) => !notice.read);
  return (
    <Dialog title="Notices" width="narrow" onClose={onClose}>
      <DialogBody className="notices">
        {notices.length === 0 ? (
          <div className="notices__none">
            <Bell aria-hidden="true" />
            <p>Nothing has needed your attention.</p>
          </div>
        ) : (
          <>
            <Button
              size="small"
              look="quiet"
              icon={CheckCheck}
              className="notices__all"
              disabled={!unread}
              onClick={() => void client.act('notice.read', { noticeId: null })}
            >
              Mark all as read
            </Button>
            <ul>
              {notices.map((notice) => (
                <NoticeRow key={notice.id} notice={notice} onClose={onClose} />
              ))}
            </ul>
          </>
        )}
      </DialogBody>
    </Dialog>
  );
}

function NoticeRow({ notice, onClose }: { notice: NoticeView; onClose: () => void }) {
  const client = useClient();
  const now = useNow(30_000);
  const open = () => {
    if (!notice.read) void client.act('notice.read', { noticeId: notice.id });
    const { peerId, threadId, messageId } = notice;
    if (!peerId) return;
    onClose();
    void client.navigation.goTo(
      threadId ? { kind: 'thread', peerId, threadId, messageId } : { kind: 'peer', peerId },
    );
  };
  return (
    <li>
      <button
        type="button"
        className={`notice ${notice.read ? '' : 'notice--unread'}`}
        onClick={open}
      >
        <span className="notice__dot">
          {notice.read ? null : <span role="img" aria-label="Unread" />}
        </span>
        <span className="notice__words">
          <span className="notice__title clip">{notice.title}</span>
          <span className="notice__text">{notice.text}</span>
        </span>
        <time className="notice__when numbers" title={exactTime(notice.at)}>
          {shortAge(notice.at, now)}
        </time>
      </button>
    </li>
  );
}
