/** What happens when links come, go and tell: threads are watched, read again, and woken. */
import type { LinkId, ThreadId } from '../contract/index.ts';
import type { LinkEvent } from '../links/link.ts';
import { loseAnswer } from './answers.ts';
import type { CatchUp } from './catch-up.ts';
import { retargeted } from './merge.ts';
import type { Outbox } from './outbox.ts';
import { isRunning } from './outgoing.ts';
import { isSendable, linkIdOf, type Parts } from './parts.ts';
import type { Receiver } from './receiver.ts';
import type { Stops } from './stops.ts';
import type { Totals } from './totals.ts';
import type { Watches } from './watches.ts';

/** What whoever runs the links tells of them, so that threads follow. */
export interface Connections {
  /** Everything that a link tells, in order. */
  linkEvent(linkId: LinkId, event: LinkEvent): void;
  /** `options.link` gives a link object now, or a new one. */
  linkAttached(linkId: LinkId): void;
  linkDetached(linkId: LinkId): void;
  /** The link goes to another gateway from now on: what is open there cannot be settled any more. */
  linkRetargeted(linkId: LinkId): Promise<void>;
}

/** The parts that hear of links; given where conversations are put together. */
export interface ConnectionsOptions {
  readonly parts: Parts;
  readonly watches: Watches;
  readonly outbox: Pick<Outbox, 'refresh'>;
  readonly catchUp: Pick<CatchUp, 'prepare'>;
  readonly receiver: Pick<Receiver, 'event'>;
  readonly stops: Pick<Stops, 'threads'>;
  readonly totals: Pick<Totals, 'runningThreads'>;
  wake(threadId: ThreadId): void;
  /** The thread's history is to be read again. */
  ask(threadId: ThreadId): void;
}

/** Makes it for the links of the app. */
export function createConnections(options: ConnectionsOptions): Connections {
  const { parts, watches, outbox, catchUp, receiver, stops, totals, wake, ask } = options;
  const { ledger, messages, threads } = parts;

  const onLink = (linkId: LinkId): ThreadId[] => {
    const ids = new Set(watches.on(linkId));
    const add = (threadId: ThreadId): void => {
      const thread = threads.byId(threadId);
      if (thread && linkIdOf(parts, thread) === linkId) ids.add(threadId);
    };
    for (const thread of threads.waiting.all()) add(thread.id);
    for (const threadId of totals.runningThreads()) add(threadId);
    for (const threadId of stops.threads()) add(threadId);
    return [...ids];
  };

  const ready = (linkId: LinkId): void => {
    for (const threadId of onLink(linkId)) {
      const thread = threads.byId(threadId);
      if (!thread) continue;
      if (thread.session_key !== null) watches.ensure(thread);
      outbox.refresh(threadId);
      // Before anything else is heard: what was missed comes first.
      catchUp.prepare(threadId);
      ask(threadId);
    }
  };

  return {
    linkEvent: (linkId, event) => {
      switch (event.kind) {
        case 'state': {
          const link = parts.options.link(linkId);
          if (link && isSendable(link)) for (const id of onLink(linkId)) wake(id);
          break;
        }
        case 'skills':
          // Who can do what is no matter of threads.
          return;
        case 'ready':
          ready(linkId);
          break;
        default:
          receiver.event(linkId, event);
      }
    },
    linkAttached: (linkId) => {
      watches.attached(linkId);
      const link = parts.options.link(linkId);
      if (link && isSendable(link)) ready(linkId);
    },
    linkDetached: (linkId) => watches.detached(linkId),
    linkRetargeted: async (linkId) => {
      await ledger.write((tx) => {
        for (const row of messages.open.all()) {
          if (row.direction !== 'out' || threads.any(row.thread_id)?.link_id !== linkId) continue;
          messages.detachAttempt.run(row.id);
          if (isRunning(row)) loseAnswer(parts, tx, row, retargeted());
        }
      });
      watches.detached(linkId);
    },
  };
}
