import * as fs from 'node:fs';
import * as path from 'node:path';

/** A log file is rolled over at this size, bytes; one older file is kept. */
const ROLL_BYTES = 2 * 1024 * 1024;

/** The app's own log. Writing is synchronous, so that the last line before a crash is there. */
export interface LogFile {
  /** Adds one line; what `redact` knows as a secret never reaches the file. Never throws. */
  write(line: string): void;
  close(): void;
}

/** Opens `<home>/logs/peerage.log` (0600 in a 0700 folder). A log that cannot be written is no reason to stop. */
export function openLogFile(
  home: string,
  now: () => number,
  redact: (text: string) => string,
): LogFile {
  const folder = path.join(home, 'logs');
  const file = path.join(folder, 'peerage.log');
  let handle: number | null = null;
  let size = 0;
  try {
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    handle = fs.openSync(file, 'a', 0o600);
    size = fs.fstatSync(handle).size;
  } catch {
    handle = null;
  }
  const roll = (): void => {
    if (handle === null) return;
    fs.closeSync(handle);
    fs.renameSync(file, `${file}.1`);
    handle = fs.openSync(file, 'a', 0o600);
    size = 0;
  };
  return {
    write: (line) => {
      if (handle === null) return;
      try {
        const text = `${new Date(now()).toISOString()} ${redact(line).replaceAll('\n', ' ⏎ ')}\n`;
        size += Buffer.byteLength(text);
        fs.writeSync(handle, text);
        if (size > ROLL_BYTES) roll();
      } catch {
        // A full disk is told by the store; the log just stays behind.
      }
    },
    close: () => {
      if (handle !== null) fs.closeSync(handle);
      handle = null;
    },
  };
}
