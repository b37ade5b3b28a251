/** What a method of the practice gateway is given, and what it gives back. */
import type { Clock } from '../clock/clock.ts';
import type { Connection } from './connection.ts';
import type { Devices } from './devices.ts';
import type { Json } from './frames.ts';
import type { Runs } from './runs.ts';
import type { Transcripts } from './transcripts.ts';

/** An agent as `agents.list` names it; one script speaks for all of them. */
export interface PracticeAgent {
  readonly id: string;
  readonly name: string;
}

/** What the methods work on. */
export interface MethodContext {
  readonly clock: Clock;
  readonly identity: { readonly deviceId: string; readonly publicKey: string };
  readonly agents: readonly PracticeAgent[];
  readonly transcripts: Transcripts;
  readonly devices: Devices;
  readonly runs: Runs;
  readonly startedAt: number;
  readonly maxAttachmentBytes: number;
  /** `tools.exec.mode` of all agents. */
  readonly execMode: string;
  /** Closes the sockets of a device. */
  readonly dropDevice: (deviceId: string) => void;
  readonly changed: () => void;
}

/** The answer, and what happens right after it was written. */
export interface MethodAnswer {
  readonly payload: Json;
  readonly after?: () => void;
}

/** One method. Throws a {@link Refusal} for an answer with `ok: false`; `params` fit the schema. */
export type Handler = (
  context: MethodContext,
  params: Json,
  connection: Connection,
) => MethodAnswer | Promise<MethodAnswer>;
