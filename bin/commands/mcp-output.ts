/**
 * What a tool of the MCP server gives: the forms of `--json` as one object, since the root of an output
 * schema is one (modelcontextprotocol.io, specification 2025-06-18, server/tools). What not every form has
 * is optional; an app of a later version may add fields.
 */
import * as z from 'zod';
import { COMMAND_FORMS, CommandFailure } from '../../electron/contract/command-forms.ts';
import { EXIT_WORDS } from '../exits.ts';

const EXITS = EXIT_WORDS.map(([code, words]) => `${code} ${words}`).join('; ');

/** @param when the cases of the verb, as COMMAND_FORMS names them */
export function outputOf(verb: string, when: readonly string[]): z.ZodObject {
  const forms = COMMAND_FORMS.filter((one) => one.verb === verb && when.includes(one.when));
  if (forms.length !== when.length) throw new Error(`${verb} has no such form`);
  const fields = new Map<string, Set<z.core.$ZodType>>();
  for (const form of [...forms.map((one) => one.form), CommandFailure]) {
    if (!(form instanceof z.ZodObject)) throw new Error(`a form of ${verb} is no object`);
    for (const [name, field] of Object.entries(form.shape)) {
      const of = field instanceof z.ZodOptional ? field.unwrap() : field;
      fields.set(name, (fields.get(name) ?? new Set()).add(of));
    }
  }
  const shape: Record<string, z.ZodType> = {};
  for (const [name, of] of fields) {
    const [first, ...others] = [...of].map(open);
    if (!first) continue;
    shape[name] = (others.length === 0 ? first : z.union([first, ...others])).optional();
  }
  return z.looseObject({
    ...shape,
    ok: z.boolean().describe('It happened'),
    exit: z.number().int().describe(EXITS),
    error: open(CommandFailure.shape.error)
      .optional()
      .describe('Where it did not happen: why, and what to do'),
  });
}

/** The same, and more fields are let through. */
function open(type: z.core.$ZodType): z.ZodType {
  if (type instanceof z.ZodObject) {
    return z.looseObject(
      Object.fromEntries(Object.entries(type.shape).map(([name, of]) => [name, open(of)])),
    );
  }
  if (type instanceof z.ZodArray) return z.array(open(type.element));
  if (type instanceof z.ZodNullable) return open(type.unwrap()).nullable();
  if (type instanceof z.ZodOptional) return open(type.unwrap()).optional();
  if (type instanceof z.ZodUnion) return z.union(type.options.map(open));
  return type as z.ZodType;
}
