import { type AppError, appError, CodedError } from '../contract/index.ts';

/** Primary result codes of SQLite (sqlite.org/rescode.html). */
const SQLITE_READONLY = 8;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;

/** The primary result code of an error of node:sqlite; null for any other error. */
function resultCode(error: unknown): number | null {
  if (typeof error !== 'object' || error === null || !('errcode' in error)) return null;
  return typeof error.errcode === 'number' ? error.errcode & 0xff : null;
}

/** True where the file itself is damaged, or is not a database. */
export function isDamage(error: unknown): boolean {
  const code = resultCode(error);
  return code === SQLITE_CORRUPT || code === SQLITE_NOTADB;
}

/** The store's own errors among what SQLite and the file system throw; null where it is another. */
export function storeError(error: unknown): AppError | null {
  const code = resultCode(error);
  const text = error instanceof Error ? error.message : String(error);
  const system =
    typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (code === SQLITE_FULL || system === 'ENOSPC' || system === 'EDQUOT')
    return appError('store.disk_full', `The database could not grow: ${text}.`);
  if (
    code === SQLITE_READONLY ||
    code === SQLITE_CANTOPEN ||
    code === SQLITE_IOERR ||
    system === 'EACCES' ||
    system === 'EROFS' ||
    system === 'EPERM'
  )
    return appError('store.not_writable', `The system said: ${text}.`);
  return null;
}

/** Rethrows what SQLite said as a coded error where it is one of the store's, as it was otherwise. */
export function asStoreError(error: unknown): unknown {
  if (error instanceof CodedError) return error;
  const known = storeError(error);
  return known ? new CodedError(known, { cause: error }) : error;
}
