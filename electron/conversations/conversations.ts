/** Threads, messages and their delivery: the parts put together. */
import type {
  DelegationId,
  MessageId,
  MessageView,
  PeerId,
  ThreadId,
  ThreadView,
} from '../contract/index.ts';
import { createAnswerFiles } from './answer-files.ts';
import { askersTable } from './askers.ts';
import { attachmentCalls } from './attachment-calls.ts';
import { attachmentFiles } from './attachment-files.ts';
import { attachmentTable } from './attachment-table.ts';
import { type Broadcasts, createBroadcasts } from './broadcast/broadcasts.ts';
import { messagePreview } from './broadcast/message-preview.ts';
import { createCatchUp } from './catch-up.ts';
import { createChains } from './chains.ts';
import { type Connections, createConnections } from './connections.ts';
import { createDeadlines } from './deadlines.ts';
import { type OutgoingDelegations, outgoingDelegations } from './delegations/calls.ts';
import { cancelWork } from './delegations/cancel.ts';
import { outgoingTable } from './delegations/table.ts';
import { createTracker } from './delegations/tracker.ts';
import { createDrafts } from './drafts.ts';
import { storable } from './excerpt.ts';
import { freeLanes } from './free-lanes.ts';
import { groupedWrites } from './grouped-writes.ts';
import { createHandOff, type HandOff } from './hand-off.ts';
import type { ConversationHandlers } from './handlers.ts';
import { createLedger } from './ledger.ts';
import { messageCalls } from './message-calls.ts';
import { messageTable } from './message-table.ts';
import type { ConversationsOptions } from './options.ts';
import { createOutbox } from './outbox.ts';
import { isOwnStep } from './outgoing.ts';
import { createPages } from './pages.ts';
import { linkIdOf, type Parts, type Place } from './parts.ts';
import { createPurge } from './purge.ts';
import { createReading, type Reading } from './reading.ts';
import { createReceiver } from './receiver.ts';
import { recover } from './recover.ts';
import { searchCalls } from './search.ts';
import { createSending } from './sending.ts';
import { watchSilentRuns } from './silent-runs.ts';
import { stopRun } from './stop-run.ts';
import { createStops } from './stops.ts';
import { createStreams } from './streams.ts';
import { type ThreadCalls, threadCalls } from './thread-calls.ts';
import { threadTable } from './thread-table.ts';
import { createTotals, type PeerTotals } from './totals.ts';
import { createViews } from './views.ts';
import { createWatches } from './watches.ts';
import { createWorkers } from './workers.ts';

/** All that the app, a shell's calls and other services are given of conversations. */
export interface Conversations extends Connections {
  /** Every call about threads, messages, search and attachments; to be spread into CallHandlers. */
  readonly handlers: ConversationHandlers;
  /** The thread as windows see it; null where it is gone or deleted. */
  threadView(id: ThreadId): ThreadView | null;
  /** For what may carry a waiting message in a link's place. */
  readonly handOff: HandOff;
  /** Broadcasts and groups, as windows see them. */
  readonly broadcasts: Pick<
    Broadcasts,
    'groups' | 'group' | 'newest' | 'view' | 'row' | 'hear' | 'heard' | 'isKnown' | 'look'
  >;
  messageView(id: MessageId): MessageView | null;
  /** Delegations that we gave to others. */
  readonly outgoing: Omit<OutgoingDelegations, 'handlers'>;
  /**
   * As a message of ours would be.
   * @param anyway although it looks like a secret.
   * @throws CodedError message.too_large, message.looks_secret
   */
  checkText(text: string, anyway?: boolean): void;
  /** Across threads. */
  readonly reading: Reading;
  /** Newest activity first. */
  threadsOf(peerId: PeerId): ThreadView[];
  startThread: ThreadCalls['start'];
  peerTotal(peerId: PeerId): PeerTotals;
  /** Only peers with threads. */
  peerTotals(): ReadonlyMap<PeerId, PeerTotals>;
  /** What was on its way when the last run ended becomes unknown; nothing else is read. */
  start(): Promise<void>;
  /** Resolves when all is written. */
  stop(): Promise<void>;
  /** A window or a control client is gone. */
  connectionClosed(connectionId: string): void;
  /** Deletes a peer's threads for good, in pieces; call it before the peer's row goes. */
  purgePeer(peerId: PeerId): Promise<void>;
  /** Applies the retention setting now. @returns how many messages went. */
  applyRetention(): Promise<number>;
}

/** Builds conversations over an open store. Nothing is sent before {@link Conversations.start}. */
export function createConversations(options: ConversationsOptions): Conversations {
  const { store, clock } = options;
  const stop = new AbortController();
  const messages = messageTable(store);
  const threads = threadTable(store);
  const attachments = attachmentTable(store);
  const { changed } = options;
  const ledger = createLedger({ ...options, messages, threads, changed });
  const group = groupedWrites(ledger, clock, options.log);
  const streams = createStreams(clock, (stream) =>
    group.add(() => {
      const row = messages.byId(stream.answerId);
      if (row?.open) messages.savePartial.run(row.id, storable(stream.text));
    }),
  );
  const stopping = stop.signal;
  const files = attachmentFiles(options.attachmentsFolder, attachments);
  const { setAttachments } = messages;
  const answerFiles = createAnswerFiles(files, attachments, clock, setAttachments, options.log);
  const tables = { ledger, messages, threads };
  const askers = askersTable(store);
  const delegations = outgoingTable(store);
  const tracker = createTracker({
    table: delegations,
    now: clock.now,
    worksAtOnce: (threadId) => {
      const thread = threads.byId(threadId);
      const linkId = thread && linkIdOf(parts, thread);
      return linkId ? options.link(linkId)?.kind === 'gateway' : false;
    },
  });
  ledger.onCommitting(tracker.follow);
  const shared = { options, clock, ...tables, answerFiles };
  const parts: Parts = { ...shared, streams, askers, tracker, stopping };
  const totals = createTotals(threads);
  const deadlines = createDeadlines(parts);
  const wake = (threadId: ThreadId): void => {
    if (!stop.signal.aborted) workers.wake(threadId);
  };
  const ask = (threadId: ThreadId): void => {
    if (!stop.signal.aborted) workers.catchUp(threadId);
  };
  const receiver = createReceiver(parts, group, ask);
  const watches = createWatches(parts, (thread) => thread.waiting > 0 || totals.running(thread.id));
  const watch = (place: Place): void => void watches.ensure(place);
  const chains = createChains(store, options.chains);
  const outbox = createOutbox({
    ...{ parts, files, watch, wake },
    chain: chains.of,
    running: totals.running,
  });
  const catchUp = createCatchUp(parts, receiver, ask);
  const workers = createWorkers({
    step: outbox.step,
    catchUp: async (threadId) => {
      await catchUp.run(threadId);
      await stops.run(threadId);
    },
    failed: (threadId, error) => {
      options.log(`a lane stumbled: ${String(error)}`);
      if (!stop.signal.aborted) outbox.stumble(threadId);
    },
  });
  const stops = createStops({
    ...{ parts, store, again: ask },
    perform: ({ id, whole, message_id }, signal) =>
      whole === 1
        ? cancelWork(parts, delegations, id as DelegationId, signal)
        : stopRun(parts, message_id, signal),
  });
  const drafts = createDrafts(threads);
  const views = createViews(attachments, streams, totals, askers, stops, messages, drafts);
  const pages = createPages(messages, views);
  const gone = (threadId: ThreadId, peerId: PeerId): void => {
    for (const row of messages.openOf.all(threadId)) deadlines.forget(row.id);
    streams.dropThread(threadId);
    drafts.forget(threadId);
    watches.drop(threadId);
    outbox.forget(threadId);
    outbox.eased();
    totals.gone(threadId, peerId);
  };
  const broadcasts = createBroadcasts(
    parts,
    freeLanes({ ...{ parts, outbox, workers, watch }, running: totals.running }),
  );
  const old = broadcasts.forgetBefore;
  const purge = createPurge({ parts, attachments, files, gone, old });
  const attached = attachmentCalls(parts, attachments, files);
  const cancels: (() => void)[] = [];
  const sending = createSending(parts, attachments, files, chains);
  const threadDesk = threadCalls({
    parts,
    pages,
    views,
    watches,
    purge,
    drafts,
    wake,
    catchUp: ask,
  });
  const messageHandlers = messageCalls({ parts, sending, stops });
  const outgoing = outgoingDelegations({
    parts,
    table: delegations,
    sending,
    stops,
    newThread: threadDesk.handlers['thread.create'],
  });

  ledger.onMoved((moved) => {
    totals.moved(moved);
    deadlines.note(moved.after);
    if (!isOwnStep(moved)) wake(moved.after.thread_id);
    if (stops.wanted(moved.after.thread_id)) ask(moved.after.thread_id);
    if (moved.after.open === 0 || moved.after.state === 'queued') outbox.eased();
  });
  ledger.onPeer((peerId) => totals.peerChanged(peerId));

  const connections = createConnections({
    ...{ parts, watches, outbox, catchUp, receiver, stops, totals },
    ...{ wake, ask },
  });

  return {
    handlers: {
      ...threadDesk.handlers,
      ...messageHandlers,
      ...outgoing.handlers,
      ...searchCalls(parts),
      ...broadcasts.handlers,
      ...messagePreview(parts),
      ...attached.handlers,
    },
    outgoing,
    broadcasts,
    handOff: createHandOff(parts),
    checkText: (text, anyway = false) => void sending.check(text, anyway),
    threadView: (id) => {
      const row = threads.byId(id);
      return row ? views.thread(row) : null;
    },
    messageView: (id) => {
      const row = messages.withBody.get(id);
      return row ? views.message(row) : null;
    },
    reading: createReading(store, messages, views, askers),
    startThread: threadDesk.start,
    threadsOf: (peerId) => threads.ofPeer.all(peerId).map((row) => views.thread(row)),
    peerTotal: (peerId) => totals.of(peerId),
    peerTotals: () => totals.all(),
    start: async () => {
      await recover({ parts, totals, stops, deadlines });
      await broadcasts.start();
      purge.start();
      attached.start().catch((error) => options.log(`clearing attachments: ${String(error)}`));
      deadlines.check();
      cancels.push(
        clock.onWake(() => deadlines.check()),
        watchSilentRuns({
          ...{ clock, ask },
          running: totals.runningThreads,
          heardAt: receiver.heardAt,
        }),
        // What could not be stored while the disk was full is still in the histories.
        store.onTrouble((error) => {
          if (error) return;
          for (const thread of threads.waiting.all()) wake(thread.id);
          for (const threadId of totals.runningThreads()) ask(threadId);
        }),
      );
      for (const thread of threads.waiting.all()) wake(thread.id);
    },
    stop: async () => {
      stop.abort();
      for (const cancel of cancels) cancel();
      outbox.stop();
      catchUp.stop();
      stops.stop();
      deadlines.stop();
      broadcasts.stop();
      watches.stop();
      await workers.idle();
      await receiver.stop();
      await purge.stop();
    },
    ...connections,
    connectionClosed: (connectionId) => watches.connectionClosed(connectionId),
    purgePeer: (peerId) => purge.peer(peerId),
    applyRetention: () => purge.retain(),
  };
}
