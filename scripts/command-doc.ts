/**
 * Writes the forms of `--json` into docs/command-json.md, from their schemas. `--check` only looks
 * whether they are up to date.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as z from 'zod';
import {
  COMMAND_FORMS,
  CommandFailure,
  type CommandForm,
} from '../electron/contract/command-forms.ts';

/** Where the document is, in the repository. */
export const COMMAND_DOC = join(import.meta.dirname, '..', 'docs', 'command-json.md');

const BEGIN = '<!-- forms: written by scripts/command-doc.ts -->';
const END = '<!-- end of forms -->';
const ONE_LINE = 84;

type Schema = z.core.$ZodTypes;

/** A schema as a type that people read: TypeScript, with `text` and `time` for strings. */
export function typeText(schema: z.core.$ZodType, indent = ''): string {
  const { def } = (schema as Schema)._zod;
  switch (def.type) {
    case 'string':
      return 'format' in def && def.format === 'datetime' ? 'time' : 'text';
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'literal':
      return def.values.map((value) => JSON.stringify(value)?.replaceAll('"', "'")).join(' | ');
    case 'enum':
      return wrapped(
        Object.values(def.entries).map((value) => `'${value}'`),
        indent,
      );
    case 'nullable':
      return `${typeText(def.innerType, indent)} | null`;
    case 'optional':
      return typeText(def.innerType, indent);
    case 'array': {
      const of = typeText(def.element, indent);
      return / \| /.test(of) && !of.startsWith('{') ? `(${of})[]` : `${of}[]`;
    }
    case 'union':
      return def.options.map((option) => typeText(option, indent)).join(' | ');
    case 'object':
      return objectText(def.shape, indent);
    default:
      throw new Error(`${def.type} has no words yet`);
  }
}

/** Words of a choice, several lines where they are many. */
function wrapped(words: readonly string[], indent: string): string {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 3 <= ONE_LINE - indent.length - 24) {
      lines[lines.length - 1] = `${last} | ${word}`;
    } else lines.push(word);
  }
  return lines.join(`\n${indent}    | `);
}

function objectText(shape: Readonly<Record<string, z.core.$ZodType>>, indent: string): string {
  const deeper = `${indent}  `;
  const fields = Object.entries(shape).map(([name, of]) => {
    const optional = (of as Schema)._zod.def.type === 'optional' ? '?' : '';
    return `${name}${optional}: ${typeText(of, deeper)}`;
  });
  const line = `{ ${fields.join(', ')} }`;
  if (indent !== '' && !line.includes('\n') && indent.length + line.length <= ONE_LINE) return line;
  return `{\n${fields.map((field) => `${deeper}${field}`).join('\n')}\n${indent}}`;
}

const nameOf = ({ verb, when }: CommandForm): string => `\`${`${verb} ${when}`.trim()}\``;

/** What stands between the marks. */
export function formsText(forms: readonly CommandForm[] = COMMAND_FORMS): string {
  const groups = new Map<z.ZodType, CommandForm[]>();
  for (const one of forms) groups.set(one.form, [...(groups.get(one.form) ?? []), one]);
  const parts = [...groups].map(
    ([form, of]) => `${of.map(nameOf).join(', ')}\n\n\`\`\`ts\n${typeText(form)}\n\`\`\``,
  );
  const failure = `Every command, where it fails before it has more to say\n\n\`\`\`ts\n${typeText(CommandFailure)}\n\`\`\``;
  return [BEGIN, ...parts, failure, END].join('\n\n');
}

/** The document with the forms as they are now. @throws Error where the marks are gone */
export function commandDocument(text: string): string {
  const from = text.indexOf(BEGIN);
  const to = text.indexOf(END);
  if (from === -1 || to === -1) throw new Error('docs/command-json.md has lost its marks');
  return text.slice(0, from) + formsText() + text.slice(to + END.length);
}

if (import.meta.main) {
  const before = readFileSync(COMMAND_DOC, 'utf8');
  const after = commandDocument(before);
  if (process.argv.includes('--check')) {
    if (before !== after) {
      console.error('docs/command-json.md is not up to date: run node scripts/command-doc.ts.');
      process.exitCode = 1;
    }
  } else writeFileSync(COMMAND_DOC, after);
}
