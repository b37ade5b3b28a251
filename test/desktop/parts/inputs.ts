/** Inputs that the contract takes, made from its own schemas: what a page would send that knows them. */
import * as z from 'zod';

/** What a page can learn: ids and places, by the name of the field that takes them. */
export type Known = Readonly<Record<string, string>>;

type Schema = z.core.JSONSchema.JSONSchema;

const NOBODY = '0199aaaa-0000-7000-8000-000000000000';
/** For fields that take only texts of a certain shape: a fingerprint, a time of day, a date. */
const SHAPED = ['0'.repeat(64), '08:30', '2030-01-01'];

function textFor(field: string, schema: Schema, known: Known): string {
  if (known[field] !== undefined) return known[field];
  if (schema.format === 'uuid') return NOBODY;
  if (schema.format === 'base64') return 'eA==';
  const { pattern } = schema;
  const shaped = pattern === undefined ? undefined : SHAPED.find((one) => one.match(pattern));
  return (shaped ?? 'target').padEnd(schema.minLength ?? 0, 'x').slice(0, schema.maxLength ?? 100);
}

/** One value for each way in which a schema can be met, so that every branch of a union is in one. */
function valuesOf(field: string, schema: Schema, known: Known): unknown[] {
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches) return branches.flatMap((one) => valuesOf(field, one as Schema, known));
  if (schema.const !== undefined) return [schema.const];
  if (schema.enum) return [...schema.enum];
  switch (schema.type) {
    case 'string':
      return [textFor(field, schema, known)];
    case 'integer':
    case 'number':
      return [Math.max(schema.minimum ?? 1, 1)];
    case 'boolean':
      return [true, false];
    case 'null':
      return [null];
    case 'array': {
      const items = valuesOf(field.replace(/s$/, ''), (schema.items ?? {}) as Schema, known);
      return [items.slice(0, Math.max(schema.minItems ?? 1, 1))];
    }
    case 'object':
      return objectsOf(schema, known);
    default:
      return ['target'];
  }
}

/** As many objects as its richest field has values: each value of each field is in one of them. */
function objectsOf(schema: Schema, known: Known): Record<string, unknown>[] {
  const fields = Object.entries(schema.properties ?? {}).map(
    ([name, one]) => [name, valuesOf(name, one as Schema, known)] as const,
  );
  const most = Math.max(1, ...fields.map(([, values]) => values.length));
  return Array.from({ length: most }, (_, n) =>
    Object.fromEntries(fields.map(([name, values]) => [name, values[n % values.length]])),
  );
}

/** Inputs that `schema` takes; every branch and every choice of it is in at least one of them. */
export function inputsFor(schema: z.ZodType, known: Known): readonly unknown[] {
  const told = z.toJSONSchema(schema, { io: 'input', reused: 'inline' }) as Schema;
  return valuesOf('', told, known).filter((input) => schema.safeParse(input).success);
}
