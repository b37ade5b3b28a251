/**
 * The streams of this process. Node's own streams take milliseconds to set up, so what is no terminal is
 * read and written directly, and they stand in where that is not possible.
 */
import { fstatSync, readSync, writeSync } from 'node:fs';
import type { ReadStdin } from './parse.ts';
import { cutTo, plainLine, type Terminal } from './terminal.ts';

const PIECE_BYTES = 65_536;

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** Files and pipes, but for those of Windows, which may be of a kind that cannot be waited for. */
function isDirect(fd: number): boolean {
  try {
    return process.platform !== 'win32' && !fstatSync(fd).isCharacterDevice();
  } catch {
    return false;
  }
}

/** One way out. Whoever reads no more (EPIPE) changes nothing about what was done. */
class Out {
  readonly #fd: 1 | 2;
  #direct: boolean;
  #stream: NodeJS.WriteStream | null = null;
  #left = Promise.resolve(true);
  #told = false;

  constructor(fd: 1 | 2) {
    this.#fd = fd;
    this.#direct = isDirect(fd);
  }

  /** Null where everything was written directly: nothing is under way. */
  get stream(): NodeJS.WriteStream | null {
    return this.#stream;
  }

  /** The stream; null where this is no terminal for sure. */
  get terminal(): NodeJS.WriteStream | null {
    return this.#direct ? null : this.#open();
  }

  /** Resolves when all of it left. False where something was not taken, and nothing will be any more. */
  get left(): Promise<boolean> {
    return this.#left;
  }

  write(text: string): void {
    const rest = this.#direct ? this.#writeNow(Buffer.from(text)) : text;
    if (rest.length === 0) return;
    this.#direct = false;
    const stream = this.#open();
    const written = new Promise<boolean>((resolve) => {
      if (stream.writable) stream.write(rest, (error) => resolve(!error));
      else resolve(false);
    });
    const before = this.#left;
    this.#left = written.then(async (now) => (await before) && now);
  }

  /** @returns what a reader that is behind did not take yet, of a pipe that does not wait for it */
  #writeNow(bytes: Buffer): Buffer {
    let from = 0;
    try {
      while (from < bytes.length) from += writeSync(this.#fd, bytes, from);
    } catch (error) {
      const code = codeOf(error);
      if (code === 'EAGAIN') return bytes.subarray(from);
      if (code !== 'EPIPE') this.#failed(code);
      this.#left = Promise.resolve(false);
      return Buffer.alloc(0);
    }
    return bytes.subarray(from);
  }

  /** What was done stays done; that it was not told is a failure of its own. */
  #failed(code: string | undefined): void {
    if (this.#fd === 1 && !this.#told) {
      console.error(`Not all of it could be printed (${code ?? 'unknown'}).`);
    }
    this.#told = true;
    process.exitCode = 1;
  }

  #open(): NodeJS.WriteStream {
    if (this.#stream) return this.#stream;
    const stream = this.#fd === 1 ? process.stdout : process.stderr;
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') this.#failed(error.code);
    });
    this.#stream = stream;
    return stream;
  }
}

/** The terminal of this process. */
export interface ProcessTerminal extends Terminal {
  /** Something was written, and all of it has left: the process may end at once. */
  hasWritten(): boolean;
}

/** Opens it. */
export function processTerminal(): ProcessTerminal {
  const { env } = process;
  const [out, err] = [new Out(1), new Out(2)];
  const screen = out.terminal?.isTTY === true ? out.terminal : null;
  let shown = false;
  let written = false;
  const clear = (): void => {
    if (!shown) return;
    shown = false;
    err.write('\r\u001b[K');
  };
  const write = (to: Out) => (text: string) => {
    clear();
    written = true;
    to.write(`${text}\n`);
  };
  return {
    out: write(out),
    flushed: () => out.left,
    err: write(err),
    // A terminal that does not know its size says 0.
    width: screen ? Math.max(40, screen.columns || 80) : 100_000,
    colour:
      screen !== null && (env.NO_COLOR === undefined || env.NO_COLOR === '') && env.TERM !== 'dumb',
    screen: screen !== null,
    progress: (text) => {
      clear();
      if (text === '' || env.TERM === 'dumb') return;
      const at = err.terminal;
      if (at?.isTTY !== true) return;
      at.write(cutTo(plainLine(text), (at.columns || 80) - 1));
      shown = true;
    },
    hasWritten: () => written && out.stream === null && err.stream === null,
  };
}

/** Reads stdin to its end, or until it has more than `maxBytes`. Null where a person sits at it. */
export const processStdin: ReadStdin = async (maxBytes) => {
  const pieces: Buffer[] = [];
  let bytes = 0;
  const take = (piece: Buffer): boolean => {
    pieces.push(piece);
    bytes += piece.length;
    return bytes < maxBytes;
  };
  if (!isDirect(0) || !readNow(take)) {
    if (process.stdin.isTTY) return null;
    try {
      for await (const piece of process.stdin) if (!take(piece as Buffer)) break;
    } catch {
      // A closed stdin gives nothing.
    }
  }
  return Buffer.concat(pieces);
};

/** @returns false where the rest is to be waited for */
function readNow(take: (piece: Buffer) => boolean): boolean {
  for (;;) {
    const piece = Buffer.allocUnsafe(PIECE_BYTES);
    try {
      const bytes = readSync(0, piece);
      if (bytes === 0 || !take(piece.subarray(0, bytes))) return true;
    } catch (error) {
      // Anything else is a closed stdin, which gives nothing.
      return codeOf(error) !== 'EAGAIN';
    }
  }
}
