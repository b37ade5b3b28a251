/**
 * The fallback hook: off unless set. Offered for a message whose peer was out of reach for ten minutes,
 * and automatic only where the person chose so for that peer. While a hook has a message, no link sends
 * it: it stands as *handed* from before the run begins, whatever happens to the app meanwhile.
 */
import type { Cancel, Clock } from '../clock/clock.ts';
import {
  type AppError,
  appError,
  type CallHandlers,
  codedError,
  HookCommand,
  type HookRun,
  type HookView,
  type MessageId,
  ok,
  type PeerId,
} from '../contract/index.ts';
import type { Store } from '../store/store.ts';
import { checkProgram, runHook } from './run-hook.ts';
import { type HookRow, hookTable, type RunRow } from './table.ts';

/** How long a peer must have been out of reach, ms. */
const OUT_OF_REACH_MS = 10 * 60_000;
const LOOK_EVERY_MS = 30_000;
/** Hooks that run by themselves at the same time. */
const AT_ONCE = 4;

/** A message that waits, as far as a hook goes. */
export interface WaitingMessage {
  readonly id: MessageId;
  readonly peerId: PeerId;
  readonly peerName: string;
  readonly text: string;
  readonly files: number;
  /** It waits for ten minutes or more. */
  readonly late: boolean;
  /** Its link is connected: it waits for something else. */
  readonly reachable: boolean;
}

/** What the hook needs of conversations, and no more. */
export interface FallbackOutbox {
  /** Every queued message, without its text. */
  queued(): readonly Pick<WaitingMessage, 'id' | 'peerId' | 'late' | 'reachable'>[];
  /** Null where it does not wait. */
  waiting(id: MessageId): WaitingMessage | null;
  /**
   * Takes a queued message out of the outbox and runs `also` in the same transaction.
   * @returns false where it is no longer queued.
   */
  hand(id: MessageId, also: () => void): Promise<boolean>;
  /** Puts it back with the reason. */
  giveBack(id: MessageId, error: AppError, also: () => void): Promise<void>;
  /** It stays handed, with this to be said. */
  keep(id: MessageId, error: AppError | null, also: () => void): Promise<void>;
}

/** What the fallback hook needs of its neighbours. */
export interface FallbackOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly outbox: FallbackOutbox;
  readonly peerName: (peerId: PeerId) => string | null;
  readonly log: (line: string) => void;
}

/** The person's own programs that take what no link could carry. */
export interface Fallback {
  readonly handlers: Pick<CallHandlers, Extract<keyof CallHandlers, `hook.${string}`>>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const TEST_TEXT = 'This is a test of the fallback hook of Peerage. There is nothing to do.';

/** Builds the hooks over an open store. Nothing is run before {@link Fallback.start}. */
export function createFallback(options: FallbackOptions): Fallback {
  const { store, clock, outbox, log } = options;
  const table = hookTable(store);
  const stopping = new AbortController();
  const running = new Map<MessageId, Promise<HookRun>>();
  /** Since when a peer with late messages is out of reach, monotonic ms. */
  const away = new Map<PeerId, number>();
  let cancel: Cancel | null = null;

  const hookOf = (peerId: PeerId): HookView | null => {
    const row = table.of.get(peerId);
    return row ? hookView(row) : null;
  };

  const handOver = (
    message: WaitingMessage,
    hook: HookView,
    byItself: boolean,
  ): Promise<HookRun> => {
    const there = running.get(message.id);
    if (there) return there;
    const work = carry(message, hook, byItself).finally(() => running.delete(message.id));
    running.set(message.id, work);
    return work;
  };

  const carry = async (
    message: WaitingMessage,
    hook: HookView,
    byItself: boolean,
  ): Promise<HookRun> => {
    const { id } = message;
    let runId = 0;
    const begin = (): void => {
      runId = table.begin.get(id, hook.program, byItself ? 1 : 0, clock.now())?.id ?? 0;
    };
    if (!(await outbox.hand(id, begin))) {
      throw codedError('hook.not_now', 'It went on in the meantime.');
    }
    const { peerName, text } = message;
    const end = await runHook({ command: hook, text, peerName, clock, signal: stopping.signal });
    // What was not seen stays open in the table: the next start says so.
    if (end.outcome !== 'unseen') {
      const also = (): void => {
        table.end.run(clock.now(), end.outcome, end.exitCode, end.output, runId);
      };
      if (end.outcome === 'done') await outbox.keep(id, null, also);
      else if (end.outcome === 'timed_out') {
        // It was ended in the middle of its work, which may have been done already.
        const detail = `It was ended after ${hook.timeoutSeconds} seconds.`;
        await outbox.keep(id, appError('hook.unseen', detail), also);
      } else {
        const detail =
          end.exitCode === null ? 'It could not be run.' : `Exit code ${end.exitCode}.`;
        await outbox.giveBack(id, appError('hook.failed', detail), also);
      }
    }
    const row = table.run.get(runId);
    if (!row) throw codedError('message.not_found', 'It was deleted in the meantime.');
    return runView(row, new Set());
  };

  /** Who is out of reach for long enough; and what is theirs by itself. */
  const look = (): void => {
    const seen = new Set<PeerId>();
    for (const { id, peerId, late, reachable } of outbox.queued()) {
      if (reachable) continue;
      seen.add(peerId);
      if (!away.has(peerId)) away.set(peerId, clock.monotonic());
      const hook = hookOf(peerId);
      // Of all peers at once nobody can mean it: only a peer's own hook goes by itself.
      if (!late || !isAway(peerId) || hook?.mode !== 'automatic' || hook.peerId === null) continue;
      if (running.size >= AT_ONCE || wasTried(id)) continue;
      const message = outbox.waiting(id);
      if (!message || message.files > 0) continue;
      handOver(message, hook, true).catch((error: unknown) =>
        log(`a fallback hook stumbled: ${String(error)}`),
      );
    }
    for (const peerId of [...away.keys()]) if (!seen.has(peerId)) away.delete(peerId);
  };

  const isAway = (peerId: PeerId): boolean =>
    clock.monotonic() - (away.get(peerId) ?? Number.POSITIVE_INFINITY) >= OUT_OF_REACH_MS;

  /** A hook that refused a message is not asked again by itself. */
  const wasTried = (id: MessageId): boolean => table.runsOf.all(id).length > 0;

  const waiting = (messageId: MessageId): WaitingMessage => {
    const message = outbox.waiting(messageId);
    if (!message) throw codedError('hook.not_now', 'It does not wait in the outbox.');
    return message;
  };

  const set = async (peerId: PeerId | null, hook: HookView | null): Promise<void> => {
    if (hook) checkProgram(hook.program);
    await store.write(() => {
      const key = peerId ?? '';
      if (!hook) table.remove.run(key);
      else {
        const args = JSON.stringify(hook.arguments);
        table.set.run(key, hook.program, args, hook.timeoutSeconds, hook.mode);
      }
    });
  };

  return {
    start: async () => {
      for (const row of table.open.all()) {
        const error = appError('hook.unseen', 'The app stopped while the hook ran.');
        await outbox.keep(row.message_id, error, () => {
          table.end.run(clock.now(), 'unseen', null, row.output, row.id);
        });
      }
      cancel = clock.every(LOOK_EVERY_MS, look);
    },
    stop: async () => {
      cancel?.();
      stopping.abort();
      await Promise.allSettled(running.values());
    },
    handlers: {
      'hook.list': () => ok({ hooks: table.all.all().map(hookView) }),
      'hook.set': async ({ peerId, hook }) => {
        if (peerId === null && hook?.mode === 'automatic') {
          throw codedError('call.invalid_input', 'Only the hook of one peer can go by itself.');
        }
        await set(peerId, hook && { ...hook, peerId });
        return ok({});
      },
      'hook.test': async ({ command, peerId }) => {
        checkProgram(command.program);
        const startedAt = clock.now();
        const peerName = (peerId && options.peerName(peerId)) || 'Test';
        const { signal } = stopping;
        const end = await runHook({ command, text: TEST_TEXT, peerName, clock, signal });
        const { program } = command;
        const common = { messageId: null, program, byItself: false, startedAt };
        return ok({ run: { ...common, endedAt: clock.now(), ...end } });
      },
      'hook.of': ({ messageId }) => {
        const message = outbox.waiting(messageId);
        const hook = message && hookOf(message.peerId);
        const offered =
          hook !== null && message?.late === true && !message.reachable && message.files === 0;
        const runs = table.runsOf.all(messageId).map((row) => runView(row, running));
        return ok({ hook, offered, runs });
      },
      'hook.handOver': async ({ messageId }) => {
        const message = waiting(messageId);
        const hook = hookOf(message.peerId);
        if (!hook) throw codedError('hook.not_set', message.peerName);
        if (message.files > 0) throw codedError('hook.has_files', `It has ${message.files}.`);
        if (message.reachable) throw codedError('hook.not_now', 'Its peer can be reached.');
        return ok({ run: await handOver(message, hook, false) });
      },
    },
  };
}

function hookView(row: HookRow): HookView {
  const command = HookCommand.parse({
    program: row.program,
    arguments: JSON.parse(row.arguments),
    timeoutSeconds: row.timeout_seconds,
  });
  return { ...command, peerId: row.peer_id === '' ? null : row.peer_id, mode: row.mode };
}

const runView = (row: RunRow, running: { has(id: MessageId): boolean }): HookRun => ({
  messageId: row.message_id,
  program: row.program,
  byItself: row.by_itself === 1,
  startedAt: row.started_at,
  endedAt: row.ended_at,
  outcome: row.outcome ?? (running.has(row.message_id) ? 'running' : 'unseen'),
  exitCode: row.exit_code,
  output: row.output,
});
