/** The one list of what deserved attention: the toast, the list and the badge come from its rows. */
import { v7 } from 'uuid';
import type { Clock } from '../clock/clock.ts';
import {
  type CallHandlers,
  type ChangeSink,
  type MessageId,
  type NoticeId,
  type NoticeView,
  ok,
  type PeerId,
  type Settings,
  type ThreadId,
  type WindowFocus,
} from '../contract/index.ts';
import type { Store } from '../store/store.ts';
import { type Candidate, collapsedText, decide, noticeText, noticeTitle } from './policy.ts';

/** Notices kept; the oldest go first. */
const KEPT = 100;

export interface NotificationsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly changed: ChangeSink;
  focus(): WindowFocus;
  settings(): Settings;
  /** Shows a notice now, as the shell does it. */
  present(notice: NoticeView): void;
  log(line: string): void;
}

export interface Notifications {
  readonly handlers: Pick<CallHandlers, 'notice.list' | 'notice.read'>;
  /** Considers something for a person's attention. Never throws. */
  offer(candidate: Candidate): void;
  /** What it was about is over, or was seen where it stands: its notices are read. */
  settle(subject: string): void;
  /** Newest first. */
  list(): NoticeView[];
  noticeView(id: NoticeId): NoticeView | null;
  /** Resolves when all that was offered is stored. */
  idle(): Promise<void>;
}

interface NoticeRow {
  readonly id: NoticeId;
  readonly kind: 'message' | 'problem';
  readonly subject: string;
  readonly count: number;
  readonly title: string;
  readonly text: string;
  readonly at: number;
  readonly read: number;
  readonly peer_id: PeerId | null;
  readonly thread_id: ThreadId | null;
  readonly message_id: MessageId | null;
}

const viewOf = (row: NoticeRow): NoticeView => ({
  id: row.id,
  kind: row.kind,
  title: row.title,
  text: row.text,
  at: row.at,
  read: row.read === 1,
  peerId: row.peer_id,
  threadId: row.thread_id,
  messageId: row.message_id,
});

/** Builds notifications over an open store. */
export function createNotifications(options: NotificationsOptions): Notifications {
  const { store, clock, changed } = options;
  const statements = noticeStatements(store);
  /** When a subject was last shown, monotonic ms. */
  const shownAt = new Map<string, number>();
  const pending = new Set<Promise<void>>();

  const background = (work: Promise<void>): void => {
    const guarded = work
      .catch((error) => options.log(`a notice was not stored: ${String(error)}`))
      .finally(() => pending.delete(guarded));
    pending.add(guarded);
  };

  const record = async (candidate: Candidate, present: boolean): Promise<void> => {
    const { id, dropped } = await store.write(() => {
      const id = put(candidate);
      return { id, dropped: statements.trim.all(KEPT) };
    });
    changed({ type: 'notice', id });
    for (const gone of dropped) changed({ type: 'notice', id: gone.id });
    const row = statements.byId.get(id);
    if (present && row) options.present(viewOf(row));
  };

  /** Adds a notice, or takes it into an unread one about the same. */
  const put = (candidate: Candidate): NoticeId => {
    const there = statements.unreadOf.get(candidate.subject);
    const count = (there?.count ?? 0) + 1;
    const text = noticeText(candidate.text);
    // A problem that comes again is the same problem; messages add up.
    const shown = candidate.kind === 'message' ? collapsedText(count, text) : text;
    if (there) statements.remove.run(there.id);
    const id = there?.id ?? (v7() as NoticeId);
    statements.insert.run(
      id,
      candidate.kind,
      candidate.subject,
      count,
      noticeTitle(candidate.title),
      shown,
      clock.now(),
      candidate.peerId,
      candidate.threadId,
      candidate.messageId,
    );
    return id;
  };

  const read = async (select: () => { id: NoticeId }[]): Promise<void> => {
    const rows = await store.write(select);
    for (const { id } of rows) changed({ type: 'notice', id });
  };

  return {
    handlers: {
      'notice.list': () => ok({ notices: statements.list.all(KEPT).map(viewOf) }),
      'notice.read': async ({ noticeId }) => {
        await read(() =>
          noticeId === null ? statements.readAll.all() : statements.read.all(noticeId),
        );
        return ok({});
      },
    },
    offer: (candidate) => {
      const last = shownAt.get(candidate.subject);
      const decision = decide(candidate, {
        focus: options.focus(),
        settings: options.settings(),
        sinceLast: last === undefined ? null : clock.monotonic() - last,
      });
      if (decision === 'nothing') return;
      if (decision === 'present') {
        if (shownAt.size > 1_000) shownAt.clear();
        shownAt.set(candidate.subject, clock.monotonic());
      }
      background(record(candidate, decision === 'present'));
    },
    settle: (subject) => {
      if (statements.unreadOf.get(subject)) {
        background(read(() => statements.readSubject.all(subject)));
      }
    },
    list: () => statements.list.all(KEPT).map(viewOf),
    noticeView: (id) => {
      const row = statements.byId.get(id);
      return row ? viewOf(row) : null;
    },
    idle: async () => {
      while (pending.size > 0) await Promise.all(pending);
    },
  };
}

function noticeStatements(store: Store) {
  type Text = string | null;
  return {
    list: store.prepare<NoticeRow, [number]>('SELECT * FROM notices ORDER BY rowid DESC LIMIT ?'),
    byId: store.prepare<NoticeRow, [NoticeId]>('SELECT * FROM notices WHERE id = ?'),
    unreadOf: store.prepare<NoticeRow, [string]>(
      'SELECT * FROM notices WHERE subject = ? AND read = 0',
    ),
    insert: store.prepare<
      never,
      [NoticeId, string, string, number, string, string, number, Text, Text, Text]
    >(
      `INSERT INTO notices (id, kind, subject, count, title, text, at, peer_id, thread_id, message_id)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    remove: store.prepare<never, [NoticeId]>('DELETE FROM notices WHERE id = ?'),
    trim: store.prepare<{ id: NoticeId }, [number]>(
      `DELETE FROM notices WHERE rowid <= (SELECT rowid FROM notices ORDER BY rowid DESC LIMIT 1 OFFSET ?)
       RETURNING id`,
    ),
    read: store.prepare<{ id: NoticeId }, [NoticeId]>(
      'UPDATE notices SET read = 1 WHERE id = ? AND read = 0 RETURNING id',
    ),
    readAll: store.prepare<{ id: NoticeId }>(
      'UPDATE notices SET read = 1 WHERE read = 0 RETURNING id',
    ),
    readSubject: store.prepare<{ id: NoticeId }, [string]>(
      'UPDATE notices SET read = 1 WHERE subject = ? AND read = 0 RETURNING id',
    ),
  };
}
