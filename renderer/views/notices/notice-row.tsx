import { type FormEvent, useState } from 'react';
import {
  type NoticeAction,
  type NoticeView,
  parsePlace,
} from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { StatusMark } from '../../components/status-mark.tsx';
import { useNow } from '../../components/use-now.ts';
import { useClient } from '../../store/hooks.ts';
import { exactTime, shortAge } from '../../words/time.ts';

/** One notice: what it says, where it leads, and the same actions as the system's notification has. */
export function NoticeRow({ notice, onClose }: { notice: NoticeView; onClose: () => void }) {
  const client = useClient();
  const now = useNow(30_000);
  const [replying, setReplying] = useState<NoticeAction | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const open = () => {
    if (!notice.read) void client.act('notice.read', { noticeId: notice.id });
    const { peerId, threadId, messageId } = notice;
    const to = notice.to === undefined ? null : parsePlace(notice.to);
    if (!to && !peerId) return;
    onClose();
    if (to) return void client.navigation.goTo(to);
    if (!peerId) return;
    void client.navigation.goTo(
      threadId ? { kind: 'thread', peerId, threadId, messageId } : { kind: 'peer', peerId },
    );
  };
  const act = async (action: NoticeAction, text: string | null) => {
    if (busy !== null) return;
    setBusy(action.id);
    const done = await client.act('notice.act', { noticeId: notice.id, actionId: action.id, text });
    setBusy(null);
    if (done === null) return;
    setReplying(null);
    if (done.outcome === 'done_before') client.toasts.say('That was done already');
  };
  return (
    <li className={`notice ${notice.read ? '' : 'notice--unread'}`}>
      <button type="button" className="notice__open" onClick={open}>
        <span className="notice__dot">
          {notice.read ? null : <span role="img" aria-label="Unread" />}
        </span>
        <span className="notice__words">
          <span className="notice__title">
            {notice.kind === 'problem' ? <StatusMark shape="needs_you" size={11} /> : null}
            <bdi className="clip" title={notice.title}>
              {notice.title}
            </bdi>
          </span>
          <span className="notice__text" dir="auto" title={notice.text}>
            {notice.text}
          </span>
        </span>
        <time className="notice__when numbers" title={exactTime(notice.at)}>
          {shortAge(notice.at, now)}
        </time>
      </button>
      {notice.acted === null ? null : <p className="notice__done">{notice.acted}: done</p>}
      {replying === null && notice.actions.length > 0 ? (
        <div className="notice__actions">
          {notice.actions.map((action) => (
            <Button
              key={action.id}
              size="small"
              busy={busy === action.id}
              onClick={() =>
                action.kind === 'reply' ? setReplying(action) : void act(action, null)
              }
            >
              {action.label}
            </Button>
          ))}
          {notice.peerId || notice.to ? (
            <Button size="small" look="quiet" onClick={open}>
              Open
            </Button>
          ) : null}
        </div>
      ) : null}
      {replying?.kind === 'reply' ? (
        <ReplyForm
          label={`${replying.label} to ${notice.title}`}
          placeholder={replying.placeholder}
          busy={busy !== null}
          onSend={(text) => void act(replying, text)}
          onCancel={() => setReplying(null)}
        />
      ) : null}
    </li>
  );
}

interface ReplyFormProps {
  label: string;
  placeholder: string;
  busy: boolean;
  onSend: (text: string) => void;
  onCancel: () => void;
}

/** One line, as a notification's own field has it; a longer answer is written in the thread. */
function ReplyForm({ label, placeholder, busy, onSend, onCancel }: ReplyFormProps) {
  const [text, setText] = useState('');
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== '') onSend(text);
  };
  return (
    <form className="notice__reply" onSubmit={send}>
      <input
        className="input"
        // biome-ignore lint/a11y/noAutofocus: the person just asked to write here
        autoFocus
        value={text}
        maxLength={2_000}
        placeholder={placeholder}
        aria-label={label}
        dir="auto"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          onCancel();
        }}
      />
      <Button type="submit" size="small" look="primary" busy={busy} disabled={text.trim() === ''}>
        Send
      </Button>
    </form>
  );
}
