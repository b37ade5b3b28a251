/**
 * The boundary: every call of every transport goes through here and nowhere else. Name, door, input
 * and output are checked against the contract; whatever goes wrong comes back as a coded error.
 */
import type * as z from 'zod';
import type { Clock } from '../../clock/clock.ts';
import { deadline } from '../../clock/deadline.ts';
import {
  AppError,
  appError,
  type Call,
  type CallerContext,
  type CallHandlers,
  type CallName,
  CodedError,
  calls,
  fail,
  isCallName,
  ok,
  type Result,
} from '../../contract/index.ts';
import type { Refusals } from './refusals.ts';

/** Handlers of the shell itself, for calls that only it can answer; they go before the app's. */
export type LocalHandlers = Partial<CallHandlers>;

/**
 * One call as it came in: nothing of name and input is checked yet. `local` goes before the app's
 * handlers.
 */
export interface CallRequest {
  readonly name: string;
  readonly input: unknown;
  readonly context: CallerContext;
  readonly local?: LocalHandlers;
}

/** What the boundary stands before, and who hears of refusals and of unexpected errors. */
export interface DispatcherOptions {
  readonly handlers: CallHandlers;
  readonly clock: Clock;
  readonly refusals: Refusals;
  readonly log: (line: string) => void;
  /** Takes secrets out of the text of an unexpected error. */
  readonly redact: (text: string) => string;
}

/** A call that waits longer is cancelled. Some wait for a person, or for a whole ladder. */
const LIMIT_MS = 60_000;
const LONGER: Partial<Record<CallName, number>> = {
  'secrets.unlock': 180_000,
  'secrets.recheck': 180_000,
};
const MAX_DETAIL = 600;

type AnyHandler = (input: unknown, context: CallerContext) => unknown;

/** Checks calls and runs their handlers, for every window and the control socket of one app. */
export class Dispatcher {
  readonly #options: DispatcherOptions;
  #stopping = false;

  constructor(options: DispatcherOptions) {
    this.#options = options;
  }

  /** From now on every call is answered `app.stopping`. */
  stop(): void {
    this.#stopping = true;
  }

  /** Answers a call. Never rejects. */
  async dispatch(request: CallRequest): Promise<Result<unknown>> {
    const { name, context } = request;
    if (this.#stopping) return fail(appError('app.stopping', ''));
    if (!isCallName(name)) {
      return this.#refuse(
        appError('call.unknown', `No call ${JSON.stringify(name.slice(0, 64))}.`),
      );
    }
    const call: Call<z.ZodType, z.ZodType> = calls[name];
    if (call.door === 'window' && context.door !== 'window') {
      return this.#refuse(appError('call.not_allowed', `${name} is for the window only.`));
    }
    const input = call.input.safeParse(request.input ?? {});
    if (!input.success) {
      return this.#refuse(appError('call.invalid_input', describeIssues(input.error)));
    }
    const handler = (request.local?.[name] ?? this.#options.handlers[name]) as AnyHandler;
    const answer = await this.#withinLimit(name, context, (limited) =>
      this.#run(name, () => handler(input.data, limited)),
    );
    return this.#checked(name, call, answer);
  }

  async #run(name: CallName, work: () => unknown): Promise<unknown> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof CodedError) return fail(error.error);
      return fail(this.#internal(name, error));
    }
  }

  #internal(name: CallName, error: unknown): AppError {
    const { log, redact } = this.#options;
    const told = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    log(redact(`${name} failed: ${error instanceof Error ? (error.stack ?? told) : told}`));
    return appError('app.internal', `${name}: ${redact(told).slice(0, MAX_DETAIL)}`);
  }

  /** Ends the wait when the caller is gone or the time is up, and tells the handler by its signal. */
  async #withinLimit(
    name: CallName,
    context: CallerContext,
    work: (context: CallerContext) => Promise<unknown>,
  ): Promise<unknown> {
    const limitMs = LONGER[name] ?? LIMIT_MS;
    const { signal, done } = deadline(this.#options.clock, limitMs, context.signal);
    let hear: (() => void) | undefined;
    const ended = new Promise<Result<never>>((resolve) => {
      hear = () => {
        const why = context.signal.aborted
          ? `${name} was given up by its window.`
          : `${name} did not end within ${limitMs / 1000} s.`;
        resolve(fail(appError('call.cancelled', why)));
      };
      if (signal.aborted) hear();
      else signal.addEventListener('abort', hear, { once: true });
    });
    try {
      return await Promise.race([work({ ...context, signal }), ended]);
    } finally {
      done();
      if (hear) signal.removeEventListener('abort', hear);
    }
  }

  /** What leaves is what the contract lists, and no field more. */
  #checked(name: CallName, call: Call<z.ZodType, z.ZodType>, answer: unknown): Result<unknown> {
    const { log, redact } = this.#options;
    if (isFailure(answer)) {
      const error = AppError.safeParse(answer.error);
      if (error.success) return fail(error.data);
    } else if (isSuccess(answer)) {
      const value = call.output.safeParse(answer.value);
      if (value.success) return ok(value.data);
      const detail = redact(describeIssues(value.error));
      log(`${name} answered outside the contract: ${detail}`);
      return this.#refuse(appError('call.invalid_output', `${name}: ${detail}`));
    }
    log(`${name} answered with something that is no result`);
    return this.#refuse(appError('call.invalid_output', `${name} gave no result.`));
  }

  #refuse(error: AppError): Result<never> {
    this.#options.refusals.count(error.code);
    return fail(error);
  }
}

const isSuccess = (answer: unknown): answer is { ok: true; value: unknown } =>
  typeof answer === 'object' && answer !== null && 'ok' in answer && answer.ok === true;

const isFailure = (answer: unknown): answer is { ok: false; error: unknown } =>
  typeof answer === 'object' &&
  answer !== null &&
  'ok' in answer &&
  answer.ok === false &&
  'error' in answer;

/** One line per field, `field: what is wrong`, without the value: it may be a secret. */
function describeIssues(error: z.ZodError): string {
  const lines = error.issues.slice(0, 5).map((issue) => {
    const path = issue.path.map(String).join('.');
    return path === '' ? issue.message : `${path}: ${issue.message}`;
  });
  return lines.join('\n').slice(0, MAX_DETAIL);
}
