/**
 * Calls that take peers over from files of other tools, and that give ours out. The app reads the
 * files: a token goes from the file into the keychain and never through a window.
 */
import * as z from 'zod';
import { ImportFile, ImportPlace, ImportPreview, ImportResult } from '../views/import-view.ts';
import { nothing } from './app-calls.ts';
import { command, query } from './call.ts';
import { requiredLine } from './text.ts';

const filePath = z.string().trim().min(1).max(4096);
const previewId = z.string().min(1).max(64);

/** From a look at the usual places to chosen rows. Eight previews are held: `import.expired`. */
export const importCalls = {
  /** Which of the usual places hold a file. Reads none of them. */
  'import.places': query('window', nothing, z.object({ places: z.array(ImportPlace) })),
  /** Reads the files, at most 1 MB each, and says per row what would happen. Changes nothing. */
  'import.preview': command(
    'window',
    z.object({ paths: z.array(filePath).min(1).max(8) }),
    ImportPreview,
  ),
  /** Adds the chosen rows under the given names. A file that changed meanwhile is refused. */
  'import.apply': command(
    'window',
    z.object({
      previewId,
      rows: z.array(z.object({ id: z.string().max(64), name: requiredLine(80) })).max(1000),
    }),
    z.object({ results: z.array(ImportResult) }),
  ),
  /** Takes the rights of group and others away from a file of the preview. */
  'import.protectSource': command(
    'window',
    z.object({ previewId, path: filePath }),
    z.object({ file: ImportFile }),
  ),
  /** Overwrites and deletes a file of the preview; `text` says what that reaches and what not. */
  'import.deleteSource': command(
    'window',
    z.object({ previewId, path: filePath }),
    z.object({ text: z.string() }),
  ),
  /** All peers as JSON, without secrets, threads and what was learnt by connecting. */
  'export.peers': query(
    'window',
    nothing,
    z.object({ fileName: z.string(), text: z.string(), peers: z.number().int() }),
  ),
} as const;
