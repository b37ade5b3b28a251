/**
 * The only two things that a call answers with. An error is data: a code of the registry, what
 * happened, why, what to do, and, where one exists, the action behind the button.
 */
import * as z from 'zod';

/** What a button beside an error does. `call` names a call of the contract with its input. */
export const RemedyAction = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('call'), label: z.string(), name: z.string(), input: z.unknown() }),
  /** A place in the window, for example `peer/<id>/edit`, `settings/secrets`. */
  z.object({ kind: z.literal('go'), label: z.string(), to: z.string() }),
  z.object({ kind: z.literal('copy'), label: z.string(), text: z.string() }),
  /** Opened only by a click, and only where the shell's allow-list has the origin. */
  z.object({ kind: z.literal('link'), label: z.string(), url: z.string() }),
]);
export type RemedyAction = z.infer<typeof RemedyAction>;

/** What to do about an error; each action becomes a button. */
export const Remedy = z.object({
  /** What to do, in one or two plain sentences. */
  text: z.string(),
  actions: z.array(RemedyAction).default([]),
});
export type Remedy = z.infer<typeof Remedy>;

/** What went wrong, ready to be shown as it is, in a window and at the command line. */
export const AppError = z.object({
  /** `area.reason`, one of the registry in contract/errors. */
  code: z.string(),
  /** What happened, at most about 60 characters, without the word error. */
  title: z.string(),
  /** Why, as far as it is known. Never holds a secret. */
  detail: z.string(),
  remedy: Remedy.optional(),
  /** Present where trying again can help; `afterMs` where the other side named a time. */
  retry: z.object({ afterMs: z.number().int().nonnegative().optional() }).optional(),
});
export type AppError = z.infer<typeof AppError>;

/** What a call answers. It never rejects for what it foresaw: that is an error in here. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: AppError };

/** Wraps a value as a success. */
export const ok = <T>(value: T): Result<T> => ({ ok: true, value });

/** Wraps an error as a failure. */
export const fail = <T = never>(error: AppError): Result<T> => ({ ok: false, error });

/**
 * An {@link AppError} that travels as an exception inside one process, for places that cannot
 * return a result. The contract's boundary turns it back into data.
 */
export class CodedError extends Error {
  readonly error: AppError;
  constructor(error: AppError, options?: { cause?: unknown }) {
    super(`${error.code}: ${error.title}. ${error.detail}`, options);
    this.name = 'CodedError';
    this.error = error;
  }
}

/** For the last branch of a switch over a union: a new member fails to compile here. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
