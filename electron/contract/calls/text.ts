/** Text fields, with the limits that every form shares. Lengths are in UTF-16 units unless said. */
import * as z from 'zod';

/** Controls, line ends included, and the bidirectional overrides that can disguise a name. */
const CONTROLS = /[\p{Cc}\p{Bidi_Control}]/u;

/** A single line: a name, a tag. Trimmed; no control or direction-changing characters. */
export const line = (max: number): z.ZodType<string, string> =>
  z
    .string()
    .trim()
    .max(max, `At most ${max} characters.`)
    .refine((text) => !CONTROLS.test(text), {
      message: 'One line, without control characters.',
    });

/** A line that must not be empty. */
export const requiredLine = (max: number): z.ZodType<string, string> =>
  line(max).refine((text) => text.length > 0, { message: 'Must not be empty.' });

/** Several lines: notes. */
export const paragraph = (max: number): z.ZodType<string, string> =>
  z.string().max(max, `At most ${max} characters.`);

/** The most UTF-16 units that a message may have at the boundary: far above the setting's limit. */
export const MESSAGE_TEXT_LIMIT = 12_000_000;

/** A message as typed. NUL is refused; lone surrogates cannot be written as UTF-8 and are too. */
export const messageText = z
  .string()
  .max(MESSAGE_TEXT_LIMIT)
  .refine((text) => !text.includes('\u0000'), { message: 'Holds a NUL character.' })
  .refine((text) => text.isWellFormed(), { message: 'Holds broken characters.' });
