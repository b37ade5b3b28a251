/** The one list of what deserved attention: the toast, the list and the badge come from its rows. */
import { v7 } from 'uuid';
import * as z from 'zod';
import type { Clock } from '../clock/clock.ts';
import {
  appError,
  type CallerContext,
  type CallHandlers,
  type ChangeSink,
  fail,
  MAX_NOTICE_ACTIONS,
  type MessageId,
  NoticeAction,
  type NoticeId,
  type NoticeUrgency,
  type NoticeView,
  ok,
  type PeerId,
  type Result,
  type Settings,
  type ThreadId,
  type WindowFocus,
} from '../contract/index.ts';
import type { Store } from '../store/store.ts';
import { type Candidate, collapsedText, decide, noticeText, noticeTitle } from './policy.ts';

/** Notices kept; the oldest go first. */
const KEPT = 100;

/** What notifications need of their neighbours. */
export interface NotificationsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly changed: ChangeSink;
  focus(): WindowFocus;
  settings(): Settings;
  /** Does an action of a notice; what it answers decides whether it counts as done. */
  perform(deed: {
    readonly notice: NoticeView;
    readonly action: NoticeAction;
    readonly text: string | null;
    readonly context: CallerContext;
  }): Promise<Result<unknown>>;
  /** Shows a notice now, as the shell does it. */
  present(notice: NoticeView): void;
  log(line: string): void;
}

/** What asks for a person's attention: considered, shown, listed, settled. */
export interface Notifications {
  readonly handlers: Pick<CallHandlers, 'notice.list' | 'notice.read' | 'notice.act'>;
  /** Considers something for a person's attention. Never throws. */
  offer(candidate: Candidate): void;
  /** What it was about is over, or was seen where it stands: its notices are read. */
  settle(subject: string): void;
  /** What it was about is decided: its notices are read, and nothing can be done there any more. */
  end(subject: string): void;
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
  readonly place: string | null;
  readonly urgency: NoticeUrgency | null;
  readonly actions: string;
  readonly acted: string | null;
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
  ...(row.place === null ? {} : { to: row.place }),
  ...(row.urgency === null ? {} : { urgency: row.urgency }),
  actions: row.acted === null ? actionsOf(row.actions) : [],
  acted: row.acted,
});

/** What another version stored, and this one does not understand, is not offered. */
function actionsOf(stored: string): NoticeAction[] {
  const parsed = z.array(NoticeAction).max(MAX_NOTICE_ACTIONS).safeParse(JSON.parse(stored));
  return parsed.success ? parsed.data : [];
}

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
      JSON.stringify(candidate.actions.slice(0, MAX_NOTICE_ACTIONS)),
      candidate.to ?? null,
      candidate.urgency ?? null,
    );
    return id;
  };

  const read = async (select: () => { id: NoticeId }[]): Promise<void> => {
    const rows = await store.write(select);
    for (const { id } of rows) changed({ type: 'notice', id });
  };

  /** Actions that are under way: the second click of two finds the first one here. */
  const acting = new Set<NoticeId>();
  const act: CallHandlers['notice.act'] = async ({ noticeId, actionId, text }, context) => {
    const row = statements.byId.get(noticeId);
    if (!row) return fail(appError('notice.not_found', ''));
    if (row.acted !== null || acting.has(noticeId)) return ok({ outcome: 'done_before' });
    const notice = viewOf(row);
    const action = notice.actions.find((one) => one.id === actionId);
    if (!action) return fail(appError('notice.not_found', `It has no ${actionId}.`));
    acting.add(noticeId);
    try {
      const result = await options.perform({ notice, action, text, context });
      if (!result.ok) return result;
      await read(() => statements.act.all(action.label, noticeId));
      return ok({ outcome: 'done' });
    } finally {
      acting.delete(noticeId);
    }
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
      'notice.act': act,
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
    end: (subject) => {
      if (statements.anyOf.get(subject)) background(read(() => statements.endSubject.all(subject)));
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
    anyOf: store.prepare<{ id: NoticeId }, [string]>(
      "SELECT id FROM notices WHERE subject = ? AND (read = 0 OR actions <> '[]') LIMIT 1",
    ),
    endSubject: store.prepare<{ id: NoticeId }, [string]>(
      "UPDATE notices SET read = 1, actions = '[]' WHERE subject = ? RETURNING id",
    ),
    insert: store.prepare<
      never,
      [
        NoticeId,
        string,
        string,
        number,
        string,
        string,
        number,
        Text,
        Text,
        Text,
        string,
        Text,
        Text,
      ]
    >(
      `INSERT INTO notices (id, kind, subject, count, title, text, at, peer_id, thread_id, message_id,
         actions, place, urgency)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    remove: store.prepare<never, [NoticeId]>('DELETE FROM notices WHERE id = ?'),
    trim: store.prepare<{ id: NoticeId }, [number]>(
      `DELETE FROM notices WHERE rowid <= (SELECT rowid FROM notices ORDER BY rowid DESC LIMIT 1 OFFSET ?)
       RETURNING id`,
    ),
    read: store.prepare<{ id: NoticeId }, [NoticeId]>(
      'UPDATE notices SET read = 1 WHERE id = ? AND read = 0 RETURNING id',
    ),
    act: store.prepare<{ id: NoticeId }, [string, NoticeId]>(
      'UPDATE notices SET acted = ?, read = 1 WHERE id = ? RETURNING id',
    ),
    readAll: store.prepare<{ id: NoticeId }>(
      'UPDATE notices SET read = 1 WHERE read = 0 RETURNING id',
    ),
    readSubject: store.prepare<{ id: NoticeId }, [string]>(
      'UPDATE notices SET read = 1 WHERE subject = ? AND read = 0 RETURNING id',
    ),
  };
}
