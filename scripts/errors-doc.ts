/** Writes docs/errors.md from the registry of errors. `--check` only looks whether it is up to date. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type ErrorEntry, errorRegistry } from '../electron/contract/index.ts';

/** Where the document is, in the repository. */
export const ERRORS_DOC = join(import.meta.dirname, '..', 'docs', 'errors.md');

const AREAS: Readonly<Record<string, string>> = {
  call: 'At the boundary: frames and calls',
  app: 'The app itself',
  link: 'Between us and a peer’s gateway',
  secrets: 'The keychain',
  store: 'The home folder and its database',
  peer: 'Peers',
  thread: 'Threads',
  message: 'Messages',
  attachment: 'Attachments',
  practice: 'The practice peer',
  setup: 'Setting up',
};

/** The text of the document. */
export function errorsDocument(registry: Readonly<Record<string, ErrorEntry>>): string {
  const areas = new Map<string, [string, ErrorEntry][]>();
  for (const [code, entry] of Object.entries(registry)) {
    const area = code.slice(0, code.indexOf('.'));
    areas.set(area, [...(areas.get(area) ?? []), [code, entry]]);
  }
  const parts = [...areas].map(([area, entries]) => {
    const rows = entries.map(
      ([code, { title, remedy, severity, retryable }]) =>
        `| \`${code}\` | ${cell(title)} | ${cell(remedy)} | ${severity} | ${retryable ? 'yes' : 'no'} |`,
    );
    return [
      `## ${AREAS[area] ?? area}`,
      '',
      '| Code | What happened | What to do | Severity | Can trying again help |',
      '|---|---|---|---|---|',
      ...rows,
      '',
    ].join('\n');
  });
  return [
    '# Errors',
    '',
    'Every failure that Peerage shows has a code. This list is made from the registry in',
    '`electron/contract/errors` by `node scripts/errors-doc.ts`; a better remedy may be given where',
    'a failure happens.',
    '',
    ...parts,
  ].join('\n');
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

if (import.meta.main) {
  const wanted = errorsDocument(errorRegistry);
  if (process.argv.includes('--check')) {
    let present = '';
    try {
      present = readFileSync(ERRORS_DOC, 'utf8');
    } catch {
      // Absent counts as out of date.
    }
    if (present !== wanted) {
      console.error('docs/errors.md is out of date: run node scripts/errors-doc.ts');
      process.exitCode = 1;
    }
  } else {
    mkdirSync(dirname(ERRORS_DOC), { recursive: true });
    writeFileSync(ERRORS_DOC, wanted);
  }
}
