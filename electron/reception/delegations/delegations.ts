/** Incoming work: taken in once, held until somebody decides, brought to an agent, answered. */
import {
  RequestMalformedError,
  TaskNotCancelableError,
  TaskNotFoundError,
  UnsupportedOperationError,
} from '@a2a-js/sdk/errors';
import { v7 } from 'uuid';
import {
  appError,
  DelegationId,
  type DelegationView,
  isOver,
  type PeerId,
} from '../../contract/index.ts';
import { NotNow } from '../a2a/not-now.ts';
import type { Intake } from '../a2a/read-message.ts';
import type { ReceptionOptions } from '../options.ts';
import type { Gate } from '../policy/gate.ts';
import type { Caller } from './caller.ts';
import { createLedger, type Ledger } from './ledger.ts';
import type { Delegation } from './rows.ts';
import { Runner } from './runner.ts';
import type { BoardFilter } from './table.ts';
import { delegationView } from './views.ts';

/** One peer may have this many waiting; more are refused, so that nobody is buried. */
const WAITING_PER_PEER = 50;
/** Nobody decided for this long, ms: then it expires. */
const EXPIRES_MS = 7 * 24 * 3_600_000;
const SWEEP_MS = 600_000;
/** How often the minutes of what runs without a person are looked at. */
const MINUTES_MS = 30_000;
/** When to come again where too much waits already. */
const TOO_MANY_MS = 60_000;
/** Named in a window's snapshot; the rest is paged. */
const NAMED = 200;

/** All incoming work of this home, from its taking in to its end. */
export interface Delegations {
  readonly ledger: Ledger;
  /** Takes up what the last run left. */
  start(): void;
  stop(): Promise<void>;
  /**
   * Takes a message in; what comes twice is taken once. Resolves when it is on the disk.
   * @throws A2AError the task is another's, over, or at a step that takes no message; too many wait.
   */
  admit(caller: Caller, intake: Intake): Promise<Delegation>;
  /** A caller's own. @throws TaskNotFoundError */
  of(peerId: PeerId, id: string): Delegation;
  /** @throws TaskNotFoundError, TaskNotCancelableError */
  cancel(peerId: PeerId, id: string): Promise<Delegation>;
  /** Ends all that is open of a peer. */
  endAllOf(peerId: PeerId): Promise<void>;
  /** Stops the run of a delegation, if one goes on. */
  halt(d: Delegation): Promise<boolean>;
  view(id: DelegationId): DelegationView | null;
  /** What is open, newest first, at most 200. */
  open(): DelegationView[];
  /** A page of the board, newest first. */
  board(filter: BoardFilter): DelegationView[];
  /** Looks for accepted work that can begin now. */
  wake(): void;
}

const notFound = (): TaskNotFoundError => new TaskNotFoundError('There is no such task.');

/** Opens the delegations of a home. */
export function createDelegations(options: ReceptionOptions, gate: Gate): Delegations {
  const { store, clock, partners, agents, attention, log } = options;
  const ledger = createLedger(store, clock, options.changed, gate.noted);
  const { table } = ledger;
  const runner = new Runner({
    ledger,
    clock,
    agents,
    paused: () => options.settings().incomingPaused,
    whyNot: gate.whyNot,
    held: (d) => call(d),
    log,
  });

  const view = (d: Delegation): DelegationView =>
    delegationView(d, d.peerId && partners.name(d.peerId), table.lastWord);

  const fresh = (caller: Caller, intake: Intake): Omit<Delegation, 'row'> => ({
    id: DelegationId.parse(v7({ msecs: clock.now() })),
    peerId: caller.peerId,
    caller: caller.name,
    proof: caller.proof,
    contextId: intake.contextId || v7({ msecs: clock.now() }),
    topic: intake.topic,
    text: intake.text,
    textBytes: intake.textBytes,
    bytes: intake.bytes,
    parts: intake.parts,
    priority: intake.priority,
    deadlineAt: intake.deadlineAt,
    expected: intake.expected,
    hops: intake.hops,
    turns: intake.turns ?? table.policyTurns(caller.peerId, intake.contextId),
    held: null,
    state: 'proposed',
    phase: 'none',
    agentId: null,
    sessionKey: null,
    editedText: null,
    decision: null,
    question: null,
    answer: null,
    answerAt: null,
    answerParts: [],
    takesData: intake.takesData,
    error: null,
    receivedAt: clock.now(),
    changedAt: clock.now(),
    startedAt: null,
    snoozedUntil: null,
  });

  /** Inside `store.write`. */
  const addTurn = (id: DelegationId, caller: Caller, intake: Intake): void => {
    const { messageId, text, files } = intake;
    table.addMessage(id, 'caller', caller.peerId, messageId, text, clock.now());
    const there = table.files(id).length;
    for (const [index, file] of files.entries()) table.addFile(id, there + index, file);
  };

  /** Inside `store.write`: a new task. */
  const propose = (caller: Caller, intake: Intake): DelegationId => {
    const waiting = table.openOf(caller.peerId).filter((d) => d.state === 'proposed').length;
    if (waiting >= WAITING_PER_PEER) {
      const text = `${WAITING_PER_PEER} tasks of yours wait already. Nothing was taken in.`;
      throw new NotNow(429, TOO_MANY_MS, 'too_many_waiting', text);
    }
    const made = fresh(caller, intake);
    table.insert(made);
    const judged = gate.judged(table, made);
    if (Object.keys(judged).length > 0) table.update({ ...made, row: 0, ...judged });
    addTurn(made.id, caller, intake);
    return made.id;
  };

  /** Inside `store.write`: more about a task that is there; what we asked back is answered by it. */
  const addTo = (caller: Caller, intake: Intake): DelegationId => {
    const d = table.byId(intake.taskId);
    if (!d || d.peerId !== caller.peerId) throw notFound();
    if (intake.contextId !== '' && intake.contextId !== d.contextId) {
      throw new RequestMalformedError('The task belongs to another context.');
    }
    // Only where we asked: what a person reads while deciding must be all that they let through.
    if (d.state !== 'asked_back') {
      throw new UnsupportedOperationError(
        isOver(d.state)
          ? 'It is over. Ask for more as work of its own.'
          : d.state === 'proposed'
            ? 'It waits for a person and takes no message now. Send what is new as work of its own.'
            : 'An agent works on it, and it takes no message now.',
      );
    }
    addTurn(d.id, caller, intake);
    table.update({
      ...d,
      parts: [...d.parts, ...intake.parts],
      bytes: d.bytes + intake.bytes,
      state: 'proposed',
      snoozedUntil: null,
      changedAt: clock.now(),
    });
    return d.id;
  };

  /** A person is wanted, sooner or later. */
  const call = (d: Delegation): void =>
    attention.delegation({
      id: d.id,
      caller: (d.peerId && partners.name(d.peerId)) ?? d.caller,
      text: d.topic ?? d.text,
      peerId: d.peerId,
      priority: d.priority,
      quiet: d.peerId !== null && gate.isQuiet(d.peerId),
    });

  const admit: Delegations['admit'] = async (caller, intake) => {
    gate.assertTaken(caller, intake.hops);
    const { id, isNew } = await store.write(() => {
      const before = table.delegationOfMessage(caller.peerId, intake.messageId);
      if (before) return { id: before, isNew: false };
      return {
        id: intake.taskId === '' ? propose(caller, intake) : addTo(caller, intake),
        isNew: true,
      };
    });
    const d = table.byId(id);
    if (!d) throw notFound();
    if (isNew) {
      ledger.tell(id);
      if (d.state === 'proposed') call(d);
      else runner.wake();
    }
    return d;
  };

  const of: Delegations['of'] = (peerId, id) => {
    const d = table.byId(id);
    if (!d || d.peerId !== peerId) throw notFound();
    return d;
  };

  const halt: Delegations['halt'] = (d) => runner.halt(d);

  /** Ends what is open; a run that cannot be stopped now is left to its end. */
  const end = async (id: DelegationId, changes: Partial<Delegation>): Promise<Delegation | null> =>
    ledger.change(id, (now) => (isOver(now.state) ? null : changes));

  const cancel: Delegations['cancel'] = async (peerId, id) => {
    const d = of(peerId, id);
    if (isOver(d.state)) throw new TaskNotCancelableError('The task is over.');
    if (!(await halt(d))) throw new TaskNotCancelableError('The agent cannot be stopped now.');
    const ended = await end(d.id, { state: 'cancelled', question: null });
    attention.settle('delegation', d.id);
    const now = ended ?? of(peerId, id);
    // The run's own end may have been noted first; what matters is which it was.
    if (now.state === 'cancelled') return now;
    throw new TaskNotCancelableError('The task ended before it could be stopped.');
  };

  const sweep = (): void => {
    const old = clock.now() - EXPIRES_MS;
    for (const d of table.open()) {
      if ((d.state !== 'proposed' && d.state !== 'asked_back') || d.changedAt > old) continue;
      const error = appError('reception.expired', 'It waited for seven days.');
      end(d.id, { state: 'expired', question: null, error }).catch((reason: unknown) =>
        log(String(reason)),
      );
      attention.settle('delegation', d.id);
    }
  };
  /** What runs without a person, and has used up its minutes, is stopped. */
  const sweepMinutes = (): void => {
    for (const d of table.open()) {
      if (d.state !== 'in_progress' || d.decision?.by !== 'policy' || d.peerId === null) continue;
      if (!gate.isUsedUp(table, d.peerId)) continue;
      const detail = 'The minutes that agents may work for this peer today are used up.';
      const error = appError('policy.minutes_used', detail);
      // Noted first: the run's own end is then known for what it is.
      ledger
        .change(d.id, (now) => (now.state === 'in_progress' ? { error } : null))
        .then(() => halt(d))
        .then((stopped) => (stopped ? end(d.id, { state: 'failed', error }) : null))
        .catch((reason: unknown) => log(String(reason)));
    }
  };
  let stopSweeping = (): void => undefined;
  let stopCounting = (): void => undefined;

  return {
    ledger,
    admit,
    of,
    cancel,
    halt,
    start: () => {
      stopSweeping = clock.every(SWEEP_MS, sweep);
      stopCounting = clock.every(MINUTES_MS, sweepMinutes);
      sweep();
      runner.wake();
    },
    stop: async () => {
      stopSweeping();
      stopCounting();
      await runner.stop();
    },
    endAllOf: async (peerId) => {
      for (const d of table.openOf(peerId)) {
        await halt(d);
        const error = appError('reception.peer_gone', 'The person here ended the partnership.');
        await end(d.id, { state: 'cancelled', question: null, error });
        attention.settle('delegation', d.id);
      }
    },
    view: (id) => {
      const d = table.byId(id);
      return d && view(d);
    },
    open: () => table.open().reverse().slice(0, NAMED).map(view),
    board: (filter) => table.board(filter).map(view),
    wake: () => runner.wake(),
  };
}
