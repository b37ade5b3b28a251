import type * as z from 'zod';

/**
 * Who may make a call. `window` = only a window that a person sits at (the desktop or the browser
 * shell). `any` = also the control socket, where agents knock: such a call can never consent for the
 * person, add peers, change policy or see a secret.
 */
export type Door = 'window' | 'any';

/** One call of the contract. A `query` changes nothing; a `command` may. */
export interface Call<I extends z.ZodType, O extends z.ZodType> {
  readonly kind: 'command' | 'query';
  readonly door: Door;
  readonly input: I;
  readonly output: O;
}

/** Declares a call that may change something. */
export const command = <I extends z.ZodType, O extends z.ZodType>(
  door: Door,
  input: I,
  output: O,
): Call<I, O> => ({ kind: 'command', door, input, output });

/** Declares a call that changes nothing. */
export const query = <I extends z.ZodType, O extends z.ZodType>(
  door: Door,
  input: I,
  output: O,
): Call<I, O> => ({ kind: 'query', door, input, output });
