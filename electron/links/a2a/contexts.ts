/** What the contexts of our threads are called at an agent. */
import type { Task } from '@a2a-js/sdk';
import type { Clock } from '../../clock/clock.ts';
import { ASK_MS, within } from '../http/limits.ts';
import type { OutgoingEnvelope } from '../link.ts';
import type { Standing } from './connector.ts';
import { classify } from './failures.ts';
import type { Follower } from './follow.ts';
import type { Place } from './send.ts';
import { isTaskId, phaseOf } from './task-states.ts';
import { isMessageRun } from './unacknowledged.ts';

/** Names of contexts by our session key, in memory; after a restart the last task tells them. */
export class Contexts {
  /** By session; ours unless the agent gave another name. */
  readonly #names = new Map<string, string>();
  readonly #follower: Pick<Follower, 'askedIn' | 'noteAsked'>;
  readonly #clock: Clock;

  constructor(clock: Clock, follower: Pick<Follower, 'askedIn' | 'noteAsked'>) {
    this.#follower = follower;
    this.#clock = clock;
  }

  /** The agent calls it so; an empty name says nothing. */
  learn(sessionKey: string, contextId: string): void {
    if (contextId) this.#names.set(sessionKey, contextId);
  }

  /** One task as it stands. @throws whatever the client throws */
  ask(live: Standing, id: string, signal: AbortSignal): Promise<Task> {
    return within(this.#clock, ASK_MS, signal, (inner) =>
      live.client.getTask({ tenant: '', id }, { signal: inner }),
    );
  }

  /** What was learnt of a context in this run of the app, or what its last task tells. */
  async placeOf(live: Standing, envelope: OutgoingEnvelope, signal: AbortSignal): Promise<Place> {
    const { sessionKey, lastRunId } = envelope;
    const known = this.#names.get(sessionKey);
    if (known === undefined && lastRunId && isTaskId(lastRunId) && !isMessageRun(lastRunId)) {
      await this.#recall(live, sessionKey, lastRunId, signal);
    }
    return {
      contextId: this.#names.get(sessionKey) ?? sessionKey,
      taskId: this.#follower.askedIn(sessionKey)?.taskId ?? null,
    };
  }

  async #recall(
    live: Standing,
    sessionKey: string,
    id: string,
    signal: AbortSignal,
  ): Promise<void> {
    try {
      const task = await this.ask(live, id, signal);
      this.learn(sessionKey, task.contextId || sessionKey);
      if (phaseOf(task.status, live.waitsForPerson) === 'asks') {
        this.#follower.noteAsked(sessionKey, task);
      }
    } catch (error) {
      const { kind } = classify(error);
      if (kind !== 'task_unknown' && kind !== 'unsupported' && kind !== 'refused') throw error;
      this.learn(sessionKey, sessionKey);
    }
  }
}
