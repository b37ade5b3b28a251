/**
 * A2A's methods over our own durable delegations. The SDK parses and writes the wire; the tasks are
 * ours, since its own handler keeps what goes on in memory.
 */
import { type ListTasksResponse, type StreamResponse, type Task, TaskState } from '@a2a-js/sdk';
import {
  ExtendedAgentCardNotConfiguredError,
  PushNotificationNotSupportedError,
  RequestMalformedError,
  UnsupportedOperationError,
} from '@a2a-js/sdk/errors';
import type { A2ARequestHandler, ServerCallContext } from '@a2a-js/sdk/server';
import type { Clock } from '../../clock/clock.ts';
import { isOver, RECEPTION_LIMITS } from '../../contract/index.ts';
import { textAlone } from '../delegations/answer.ts';
import type { Caller } from '../delegations/caller.ts';
import type { Delegations } from '../delegations/delegations.ts';
import type { Delegation } from '../delegations/rows.ts';
import type { RunFile } from '../options.ts';
import { agentCard } from './card.ts';
import { NotNow } from './not-now.ts';
import { readMessage } from './read-message.ts';
import { taskArtifacts, taskOf, taskStatus } from './tasks.ts';

/** What the door puts into a call's context. */
export const CALLER = 'peerage.caller';
/** The {@link NotNow} that a call was refused with: HTTP tells it too. */
export const NOT_NOW = 'peerage.not_now';
/** An AbortSignal: the caller has gone. */
export const GONE = 'peerage.gone';

/** What the methods need, and what the card says of this app and its agents. */
export interface RequestHandlerOptions {
  readonly delegations: Delegations;
  readonly clock: Clock;
  readonly displayName: string;
  readonly capabilities: () => readonly string[];
  readonly appVersion: string;
  readonly paused: () => boolean;
}

/** When a caller may ask again while the person lets nothing in. */
const PAUSED_MS = 60_000;
const PAGE = 50;
const PAGE_MOST = 100;

/** States at which a blocking caller is answered: over, or its own turn. */
const settled = (d: Delegation): boolean => isOver(d.state) || d.state === 'asked_back';

const callerOf = (context: ServerCallContext): Caller => context.state.get(CALLER) as Caller;
const signalOf = (context: ServerCallContext): AbortSignal =>
  (context.state.get(GONE) as AbortSignal | undefined) ?? new AbortController().signal;

const noPush = (): never => {
  throw new PushNotificationNotSupportedError(
    'Nothing is pushed from here. Ask for the task later, or subscribe to it.',
  );
};

/** Makes the handler that the SDK's JSON-RPC transport calls. */
export function createRequestHandler(options: RequestHandlerOptions): A2ARequestHandler {
  const { delegations, clock } = options;
  const { table } = delegations.ledger;

  /** Read only where there are any. */
  const filesOf = (d: Delegation): RunFile[] =>
    d.answerParts.length === 0 ? [] : delegations.ledger.answerFiles.of(d.id);

  const task = (d: Delegation, historyLength: number | undefined): Task =>
    taskOf(d, table.turns(d.id), historyLength, filesOf(d));

  /** As a list names it: files by name alone, since a page of them would have no bound. */
  const listed = (d: Delegation, historyLength: number): Task =>
    taskOf(
      { ...d, answer: d.answer === null ? null : textAlone(d.answer, d.answerParts) },
      table.turns(d.id),
      historyLength,
      [],
    );

  const now = (d: Delegation): Delegation => table.byId(d.id) ?? d;

  const assertOpen = (): void => {
    if (!options.paused()) return;
    const text = 'The person here has paused incoming work. Nothing was taken in; ask again later.';
    throw new NotNow(503, PAUSED_MS, 'paused', text);
  };

  const takeIn = async (
    params: Parameters<A2ARequestHandler['sendMessage']>[0],
    context: ServerCallContext,
  ): Promise<Delegation> => {
    const modes = params.configuration?.acceptedOutputModes ?? [];
    try {
      assertOpen();
      if (params.configuration?.taskPushNotificationConfig?.url) noPush();
      return await delegations.admit(callerOf(context), readMessage(params.message, modes));
    } catch (error) {
      if (!(error instanceof NotNow)) throw error;
      context.state.set(NOT_NOW, error);
      throw error.asA2a();
    }
  };

  /** Resolves when it is settled, when the limit is over, or when the caller has gone. */
  const wait = (d: Delegation, signal: AbortSignal): Promise<Delegation> =>
    new Promise((resolve) => {
      const done = (): void => {
        cancel();
        forget();
        signal.removeEventListener('abort', done);
        resolve(now(d));
      };
      const forget = delegations.ledger.watch(d.id, (changed) => {
        if (settled(changed)) done();
      });
      const cancel = clock.after(RECEPTION_LIMITS.blockingMs, done);
      signal.addEventListener('abort', done);
      if (settled(now(d)) || signal.aborted) done();
    });

  /** The task, then every change of it, until it is settled. */
  async function* follow(
    d: Delegation,
    signal: AbortSignal,
    historyLength: number | undefined,
  ): AsyncGenerator<StreamResponse, void, undefined> {
    let changed = Promise.withResolvers<void>();
    const queue: Delegation[] = [];
    const forget = delegations.ledger.watch(d.id, (next) => {
      // A slow reader gets the newest state, not every one on the way.
      if (queue.length >= 16) queue.splice(0, queue.length - 8);
      queue.push(next);
      changed.resolve();
    });
    const wakeUp = (): void => changed.resolve();
    signal.addEventListener('abort', wakeUp);
    try {
      let told = now(d);
      yield { payload: { $case: 'task', value: task(told, historyLength) } };
      while (!settled(told) && !signal.aborted) {
        await changed.promise;
        changed = Promise.withResolvers<void>();
        for (const next of queue.splice(0)) {
          if (next.state === told.state && next.question === told.question) continue;
          told = next;
          const ids = { taskId: d.id, contextId: d.contextId, metadata: undefined };
          for (const artifact of taskArtifacts(next, filesOf(next))) {
            yield {
              payload: {
                $case: 'artifactUpdate',
                value: { ...ids, artifact, append: false, lastChunk: true },
              },
            };
          }
          yield { payload: { $case: 'statusUpdate', value: { ...ids, status: taskStatus(next) } } };
          if (settled(next)) return;
        }
      }
    } finally {
      forget();
      signal.removeEventListener('abort', wakeUp);
    }
  }

  const list: A2ARequestHandler['listTasks'] = async (params, context) => {
    const { peerId } = callerOf(context);
    const pageSize = Math.min(Math.max(params.pageSize ?? PAGE, 1), PAGE_MOST);
    const before = params.pageToken === '' ? Number.MAX_SAFE_INTEGER : Number(params.pageToken);
    if (!Number.isSafeInteger(before)) throw new RequestMalformedError('pageToken is not ours.');
    const found = table.newestOf(peerId, params.contextId, before, pageSize + 1);
    const page = found.slice(0, pageSize);
    const after = params.statusTimestampAfter ? Date.parse(params.statusTimestampAfter) : 0;
    const wanted = page
      .map((d) => ({ d, task: listed(d, params.historyLength ?? 0) }))
      .filter(
        ({ d, task: one }) =>
          d.changedAt >= after &&
          (params.status === TaskState.TASK_STATE_UNSPECIFIED ||
            one.status?.state === params.status),
      )
      .map(({ task: one }) => (params.includeArtifacts === true ? one : { ...one, artifacts: [] }));
    const answer: ListTasksResponse = {
      tasks: wanted,
      nextPageToken: found.length > pageSize ? String(page.at(-1)?.row ?? '') : '',
      pageSize,
      totalSize: table.totalOf(peerId, params.contextId),
    };
    return answer;
  };

  return {
    getAgentCard: async () =>
      agentCard('', options.displayName, options.appVersion, options.capabilities()),
    getAuthenticatedExtendedAgentCard: async () => {
      throw new ExtendedAgentCardNotConfiguredError('There is one card, and it is public.');
    },
    sendMessage: async (params, context) => {
      const d = await takeIn(params, context);
      const { returnImmediately, historyLength } = params.configuration ?? {};
      if (returnImmediately === true) return task(d, historyLength);
      return task(await wait(d, signalOf(context)), historyLength);
    },
    sendMessageStream: async function* (params, context) {
      const d = await takeIn(params, context);
      yield* follow(d, signalOf(context), params.configuration?.historyLength);
    },
    getTask: async (params, context) =>
      task(delegations.of(callerOf(context).peerId, params.id), params.historyLength),
    cancelTask: async (params, context) =>
      task(await delegations.cancel(callerOf(context).peerId, params.id), undefined),
    resubscribe: async function* (params, context) {
      const d = delegations.of(callerOf(context).peerId, params.id);
      if (isOver(d.state))
        throw new UnsupportedOperationError('The task is over. Ask for it once.');
      yield* follow(d, signalOf(context), undefined);
    },
    listTasks: list,
    createTaskPushNotificationConfig: async () => noPush(),
    getTaskPushNotificationConfig: async () => noPush(),
    listTaskPushNotificationConfigs: async () => noPush(),
    deleteTaskPushNotificationConfig: async () => noPush(),
  };
}
