/** What electron-updater says when something fails, as errors of the registry. */
import { type AppError, appError } from '../../contract/index.ts';

/** Codes of electron-updater 6.8 (`newError` in its sources) and of Node. */
const NOT_GENUINE: ReadonlySet<string> = new Set([
  'ERR_UPDATER_INVALID_SIGNATURE',
  'ERR_CHECKSUM_MISMATCH',
  'ERR_UPDATER_NO_CHECKSUM',
]);
const NOT_WRITABLE: ReadonlySet<string> = new Set([
  'EACCES',
  'EPERM',
  'EROFS',
  'ERR_UPDATER_OLD_FILE_NOT_FOUND',
]);
/** Squirrel.Mac and the NSIS verifier put it in words only. */
const SIGNATURE_WORDS =
  /code signature|not signed by the application owner|sha512 checksum mismatch/i;
const DETAIL_UNITS = 300;

/** The coded error for a failure in one of the three steps. The detail is one line, without folders. */
export function updateError(step: 'check' | 'download' | 'install', error: unknown): AppError {
  const code = String((error as { code?: unknown } | null)?.code ?? '');
  const said = error instanceof Error ? error.message : String(error);
  const detail = firstLine(said);
  if (NOT_GENUINE.has(code) || SIGNATURE_WORDS.test(said)) {
    return appError('update.not_genuine', detail);
  }
  if (code === 'ENOSPC') return appError('update.no_room', detail);
  if (NOT_WRITABLE.has(code)) return appError('update.not_writable', detail);
  switch (step) {
    case 'check':
      return appError('update.check_failed', detail);
    case 'download':
      return appError('update.download_failed', detail);
    case 'install':
      return appError('update.install_failed', detail);
  }
}

/** Servers answer with whole pages; headers and bodies are nobody's help. */
function firstLine(said: string): string {
  const line = said.split('\n', 1)[0]?.trim() ?? '';
  const plain = line.replace(/(?<![\w:/])(?:[A-Za-z]:)?[\\/](?:[^\s'"\\/]+[\\/])+/g, '…/');
  return plain === '' ? 'No reason was given.' : plain.slice(0, DETAIL_UNITS).toWellFormed();
}
