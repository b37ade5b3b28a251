/**
 * Listens to the sessions of the own gateway, so that work which came in through somebody's own write
 * access is seen; and reads the last turns of one, to be attached to a message. Only while the gateway
 * of this machine is one of the person's own peers: then we hold a link to it anyway.
 */
import * as z from 'zod';
import type { Cancel, Clock } from '../clock/clock.ts';
import {
  type CallHandlers,
  CodedError,
  codedError,
  type DelegationId,
  ok,
} from '../contract/index.ts';
import {
  type AdminConnection,
  readSessionList,
  readWatchedHistory,
  readWatchedRow,
} from '../links/gateway/index.ts';
import type { UnaskedBook } from '../reception/index.ts';
import type { AppState } from './app-state.ts';
import type { AdminDoor } from './own-gateway-admin.ts';

const FIRST_WAIT_MS = 5_000;
const LONGEST_WAIT_MS = 60_000;
const SEEN = 'own_sessions_seen';
/** After a start, this many of the newest sessions are looked through for what came meanwhile. */
const LOOKED = 20;
const ROWS = 50;
/** How often it is written down up to when was listened, ms. */
const NOTE_EVERY_MS = 60_000;

/** What listening needs: the way to the own gateway, and the book of what was seen there. */
export interface OwnSessionsOptions {
  readonly clock: Clock;
  readonly door: Pick<AdminDoor, 'open' | 'within' | 'links'>;
  readonly state: AppState;
  readonly book: UnaskedBook;
  /** The person ended it: nothing about it asks for attention any more. */
  ended(id: DelegationId): void;
  readonly log: (line: string) => void;
}

/** The ear at the own gateway's sessions, and the calls that read or stop what runs there. */
export interface OwnSessions {
  readonly handlers: Pick<
    CallHandlers,
    'unasked.stop' | 'unasked.end' | 'ownSession.list' | 'ownSession.turns'
  >;
  /** Peers changed: begins to listen where the own gateway is among them now, or stops. */
  look(): void;
  stop(): void;
}

/** Builds the listener, which does nothing before {@link OwnSessions.look}. */
export function createOwnSessions(options: OwnSessionsOptions): OwnSessions {
  const { clock, door, state, book, log } = options;
  let running: AbortController | null = null;
  let retry: Cancel | null = null;
  let failures = 0;
  /** Rows are taken in one after the other. */
  let queue: Promise<void> = Promise.resolve();

  const then = (work: () => Promise<void>): void => {
    queue = queue.then(work).catch((error: unknown) => log(`own sessions: ${String(error)}`));
  };

  let notedAt = Number.NEGATIVE_INFINITY;
  /** What was seen twice is taken once, so this need not be exact. */
  const noteSeen = async (): Promise<void> => {
    if (clock.monotonic() - notedAt < NOTE_EVERY_MS) return;
    notedAt = clock.monotonic();
    await state.set(SEEN, clock.now());
  };

  /** What was said while nobody listened. */
  const catchUp = async (admin: AdminConnection): Promise<void> => {
    const since = state.get(SEEN, z.number());
    const listed = readSessionList(await admin.request('sessions.list', { limit: LOOKED }));
    // The first time, what is old is not news.
    const moved = since === null ? [] : listed.filter((one) => (one.updatedAt ?? 0) > since);
    const keys = new Set([...book.openSessions(), ...moved.map((one) => one.key)]);
    for (const sessionKey of keys) {
      const answer = await admin.request('chat.history', { sessionKey, limit: ROWS });
      const rows = readWatchedHistory(sessionKey, answer);
      const open = new Set(book.openSessions());
      await book.take(
        open.has(sessionKey) ? rows : rows.filter((row) => (row.at ?? 0) > (since ?? 0)),
      );
    }
    await state.set(SEEN, clock.now());
  };

  const listen = async (signal: AbortSignal): Promise<void> => {
    const admin = await door.open([], {
      signal,
      onEvent: (event, payload) => {
        const row = event === 'session.message' ? readWatchedRow(payload) : null;
        if (!row) return;
        then(async () => {
          await book.take([row]);
          await noteSeen();
        });
      },
    });
    signal.addEventListener('abort', () => void admin.close(), { once: true });
    if (signal.aborted) return admin.close();
    await admin.request('sessions.subscribe', {});
    failures = 0;
    then(() => catchUp(admin));
    await admin.ended;
  };

  const attempt = (signal: AbortSignal): void => {
    retry = null;
    listen(signal)
      .catch((error: unknown) => {
        if (!(error instanceof CodedError)) log(`own sessions: ${String(error)}`);
      })
      .finally(() => {
        if (signal.aborted) return;
        const wait = Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS);
        failures = Math.min(failures + 1, 10);
        retry = clock.after(wait, () => attempt(signal));
      });
  };

  const stop = (): void => {
    running?.abort();
    running = null;
    retry?.();
    retry = null;
    failures = 0;
  };

  return {
    look: () => {
      const wanted = door.links().length > 0;
      if (!wanted) stop();
      else if (!running) {
        running = new AbortController();
        attempt(running.signal);
      }
    },
    stop,
    handlers: {
      'unasked.stop': async ({ delegationId }) => {
        const { sessionKey } = found(book, delegationId);
        await door.within(['operator.write'], (admin) =>
          admin.request('chat.abort', { sessionKey }),
        );
        await book.end(delegationId, 'cancelled');
        options.ended(delegationId);
        return ok({});
      },
      'unasked.end': async ({ delegationId }) => {
        await book.end(delegationId, 'completed');
        options.ended(delegationId);
        return ok({});
      },
      'ownSession.list': async () =>
        ok({
          sessions: await door.within([], async (admin) =>
            readSessionList(await admin.request('sessions.list', { limit: 50 })),
          ),
        }),
      'ownSession.turns': async ({ sessionKey, count }) => {
        const answer = await door.within([], (admin) =>
          admin.request('chat.history', { sessionKey, limit: count * 4 }),
        );
        const turns = readWatchedHistory(sessionKey, answer)
          .filter((row) => row.role !== 'other' && row.text.trim() !== '')
          .slice(-count)
          .map(({ role, text, at }) => ({
            from: role === 'user' ? ('person' as const) : ('agent' as const),
            text: text.slice(0, 100_000).toWellFormed(),
            at,
          }));
        return ok({ turns });
      },
    },
  };
}

function found(book: UnaskedBook, id: DelegationId) {
  const view = book.view(id);
  if (view) return view;
  throw codedError('reception.delegation_not_found', 'It is not known here.');
}
