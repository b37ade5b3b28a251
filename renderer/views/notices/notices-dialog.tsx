import { Bell, CheckCheck } from 'lucide-react';
import { useMemo } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogBody } from '../../components/dialog.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { useClient, useMirror } from '../../store/hooks.ts';
import { NoticeRow } from './notice-row.tsx';
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
          <EmptyState
            icon={Bell}
            title="No notices"
            text="Answers, requests and trouble that came while you looked elsewhere stand here."
          />
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
