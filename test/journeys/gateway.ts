/** A gateway, fake or real, as the journeys see it. */
import type { Line } from './line.ts';

/** Holds a streamed answer in the middle until it is let go. */
export interface Hold {
  readonly until: Promise<void>;
  release(): void;
}

const holds = new Set<Hold>();

/** A hold that is shut. */
export function shut(): Hold {
  const { promise, resolve } = Promise.withResolvers<void>();
  const made: Hold = { until: promise, release: resolve };
  holds.add(made);
  return made;
}

/** Lets go of everything: a run that hangs would keep its gateway from stopping. */
export function releaseAll(): void {
  for (const { release } of holds) release();
  holds.clear();
}

export interface ModelReply {
  readonly text?: string;
  readonly chunkMs?: number;
  /** Waits after the first word. */
  readonly hold?: Hold;
  readonly fails?: true;
}

/** What became of the prompts that contain a certain text. */
export interface Prompts {
  /** How often the model was asked: the measure of work done. */
  readonly calls: number;
  /** The session of each of these runs. */
  readonly sessions: readonly string[];
  /** Resolves when the model was asked for the first time. */
  readonly asked: Promise<void>;
}

export interface Gateway {
  readonly name: string;
  /** The address of the line before it. */
  readonly url: string;
  readonly line: Line;
  readonly token: string;
  /** Path of its configuration file, as the OpenClaw of this user has one. */
  readonly configFile: string;
  /** How long one step may take: a real one needs seconds where the fake needs none. */
  readonly patienceMs: number;
  /** What the model says to prompts that contain `match`. */
  script(match: string, reply?: ModelReply): Prompts;
  /** Ends the process without a word. */
  kill(): Promise<void>;
  /** Starts it again. */
  revive(): Promise<void>;
  /** Says that it goes, and comes back. */
  restart(): Promise<void>;
  /** Whatever was done to it: it runs, and its line is a good one. */
  mend(): Promise<void>;
  /** Resolves when an answer stands in a session's history over there. */
  answered(sessionKey: string): Promise<void>;
  /** The ids of the devices that were let in. */
  devices(): Promise<readonly string[]>;
  /** The ids of the requests that wait for its person. */
  waiting(): Promise<readonly string[]>;
  approve(requestId: string): Promise<void>;
  revoke(deviceId: string): Promise<void>;
}

let words = 0;

/** A word that stands in no other journey, so that model calls and search hits can be told apart. */
export const word = (): string => `word${++words}x${Date.now().toString(36)}`;
