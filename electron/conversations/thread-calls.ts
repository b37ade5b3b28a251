import { v7 } from 'uuid';
import {
  type CallArguments,
  codedError,
  type LinkId,
  ok,
  type Result,
  type ThreadId,
} from '../contract/index.ts';
import type { Drafts } from './drafts.ts';
import { oneLine } from './excerpt.ts';
import type { HandlersOf } from './handlers.ts';
import type { Pages } from './pages.ts';
import { bindRoute, linkIdOf, type Parts, routeOf } from './parts.ts';
import type { Purge } from './purge.ts';
import type { ThreadRow } from './rows.ts';
import type { Transaction } from './transaction.ts';
import type { Views } from './views.ts';
import type { Watches } from './watches.ts';

/** What the calls about threads act on; `wake` and `catchUp` as of {@link Workers}. */
export interface ThreadCallOptions {
  readonly parts: Parts;
  readonly pages: Pages;
  readonly views: Views;
  readonly watches: Watches;
  readonly purge: Purge;
  readonly drafts: Drafts;
  wake(threadId: ThreadId): void;
  catchUp(threadId: ThreadId): void;
}

/** The handlers, and a way to make a thread inside a transaction of another call. */
export interface ThreadCalls {
  readonly handlers: HandlersOf<'thread'>;
  /**
   * The thread that such a message goes into. It is there for whatever is stored in the same turn, in
   * the same transaction; `stored` resolves once that is on the disk.
   * @throws CodedError peer.not_found, link.not_found
   */
  start(input: CallArguments<'thread.create'>): {
    readonly threadId: ThreadId;
    readonly stored: Promise<void>;
  };
}

/** Handlers of `thread.*`. */
export function threadCalls(options: ThreadCallOptions): ThreadCalls {
  const { parts, pages, views, watches, purge, drafts } = options;
  const { ledger, threads, messages, clock } = parts;
  const { directory } = parts.options;

  const existing = (threadId: ThreadId): ThreadRow => {
    const row = threads.byId(threadId);
    if (!row) throw codedError('thread.not_found', 'No thread has this id.');
    return row;
  };

  const change = async (
    threadId: ThreadId,
    task: (row: ThreadRow, tx: Transaction) => void,
  ): Promise<Result<Record<string, never>>> => {
    await ledger.write((tx) => {
      task(existing(threadId), tx);
      tx.touchThread(threadId);
    });
    return ok({});
  };

  /** The thread that shows a session of theirs already: a second one would show the same. */
  const ofPickedSession = (
    linkId: LinkId,
    threadId: ThreadId,
    agentId: string | null,
  ): ThreadRow | undefined => {
    const key = parts.options.link(linkId)?.sessionKeyFor(threadId, agentId);
    return key && !key.includes(threadId) ? threads.ofSession.get(linkId, key) : undefined;
  };

  const start: ThreadCalls['start'] = ({ peerId, linkId, title, agentId }) => {
    const peerName = directory.peerName(peerId);
    if (peerName === null) throw codedError('peer.not_found', 'No peer has this id.');
    const chosen = directory.linkFor({ peerId, linkId });
    if (linkId && chosen !== linkId) throw codedError('link.not_found', 'No link has this id.');
    const id = v7() as ThreadId;
    const there = chosen && ofPickedSession(chosen, id, agentId);
    if (there && there.peer_id === peerId) {
      const shown =
        there.archived === 1 && change(there.id, () => threads.setArchived.run(0, there.id));
      return { threadId: there.id, stored: Promise.resolve(shown).then(() => {}) };
    }
    const agent = chosen && directory.agentName(chosen, agentId);
    const name = title || oneLine(agent || peerName, 120);
    const written = ledger.write((tx) => {
      threads.insert.run(id, peerId, chosen, name, title ? 1 : 0, agentId, clock.now());
      const row = existing(id);
      const route = routeOf(parts, row);
      if (route) bindRoute(parts, row, route, tx);
      tx.touchThread(id);
    });
    const stored = written.then(() => {
      watches.ensure(existing(id));
      if (existing(id).synced === 0) options.catchUp(id);
    });
    return { threadId: id, stored };
  };

  const handlers: HandlersOf<'thread'> = {
    'thread.create': async (input) => {
      const { threadId, stored } = start(input);
      await stored;
      return ok({ threadId });
    },
    'thread.rename': ({ threadId, title }) =>
      change(threadId, (row) => threads.setTitle.run(title, row.id)),
    'thread.mute': ({ threadId, muted }) =>
      change(threadId, (row) => threads.setMuted.run(muted ? 1 : 0, row.id)),
    'thread.archive': ({ threadId, archived }) =>
      change(threadId, (row) => threads.setArchived.run(archived ? 1 : 0, row.id)),
    'thread.delete': async ({ threadId }) => {
      existing(threadId);
      return ok({ undoMs: await purge.hide(threadId) });
    },
    'thread.restore': async ({ threadId }) => {
      if (!(await purge.restore(threadId))) {
        throw codedError('thread.undo_expired', 'Its time to be undone has run out.');
      }
      options.wake(threadId);
      options.catchUp(threadId);
      return ok({});
    },
    'thread.markRead': ({ threadId }) =>
      change(threadId, (row, tx) => {
        const read = messages.markRead.all(threadId);
        if (read.length === 0 && row.unread === 0) return;
        threads.count.run(0, -row.unread, threadId);
        tx.touchUnread();
      }),
    'thread.saveDraft': ({ threadId, text, revision }) =>
      ledger.write((tx) => {
        const row = existing(threadId);
        const before = drafts.of(row).revision;
        const saved = drafts.keep(row, text, revision);
        if (saved.draft.revision !== before) tx.touchThread(threadId);
        return ok(saved);
      }),
    'thread.open': ({ threadId, around }, { connectionId }) => {
      const row = existing(threadId);
      const page = around ? pages.around(row, around) : pages.newest(row);
      watches.opened(threadId, connectionId);
      if (linkIdOf(parts, row) && routeOf(parts, row) && watches.ensure(row)) {
        options.catchUp(threadId);
      }
      return ok({ thread: views.thread(row), page });
    },
    'thread.close': ({ threadId }, { connectionId }) => {
      watches.closed(threadId, connectionId);
      return ok({});
    },
    'thread.page': ({ threadId, from, direction }) => {
      const row = existing(threadId);
      return ok(direction === 'older' ? pages.older(row, from) : pages.newer(row, from));
    },
  };
  return { handlers, start };
}
