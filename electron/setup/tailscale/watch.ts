/** One long-lived `debug watch-ipn`, started again when it ends, the later the more often it does. */
import type { Cancel, Clock } from '../../clock/clock.ts';
import type { Cli } from './cli.ts';
import { jsonObjects } from './json-objects.ts';
import { type Notice, readNotice } from './notices.ts';
import type { ProgramEnd } from './program.ts';

/** `polling`: this Tailscale has no such command, or it tells nothing. */
export type WatchMode = 'live' | 'polling' | 'off';

/** Who watches: what it is told, and what the pace depends on. */
export interface WatchHost {
  readonly clock: Clock;
  notice(notice: Notice): void;
  modeChanged(mode: WatchMode): void;
  /** It ended though it had told something before: perhaps the daemon is gone. */
  lost(): void;
  /** Somebody looks: then it is started again sooner. */
  attended(): boolean;
}

/**
 * The watching process, if any; `mode` says whether it tells something or must be asked instead.
 */
export interface Watch {
  readonly mode: WatchMode;
  /** Watches by this program; the same one that is watched by already is left alone. */
  use(cli: Cli | null): void;
  /** The machine woke, or Tailscale answers again: if it waits to start, it starts now. */
  hurry(): void;
  /** A person asks: it also tries again what was not there before. */
  retry(): void;
  stop(): void;
}

const FIRST_MS = 1_000;
const LONGEST_MS = 300_000;
const LONGEST_ATTENDED_MS = 30_000;
/** Said by versions without the command or the flag (Go's flag package; ffcli's usage). */
const UNSUPPORTED = /flag provided but not defined|unknown (?:sub)?command|USAGE/i;

/** Begins to watch when it is told by which program. */
export function createWatch(host: WatchHost): Watch {
  const { clock } = host;
  let cli: Cli | null = null;
  let mode: WatchMode = 'off';
  let run: AbortController | null = null;
  let misses = 0;
  let cancelWait: Cancel = () => {};
  let waits = false;

  const setMode = (next: WatchMode): void => {
    if (next === mode) return;
    mode = next;
    host.modeChanged(next);
  };

  const again = (delayMs: number): void => {
    waits = true;
    cancelWait = clock.after(delayMs, begin);
  };

  const ended = (end: ProgramEnd, told: boolean): void => {
    if (end.kind === 'stopped') return;
    const unsupported =
      !told && end.kind === 'exited' && (end.code === 2 || UNSUPPORTED.test(end.stderr));
    setMode('polling');
    if (unsupported) return;
    misses = told ? 0 : misses + 1;
    const longest = host.attended() ? LONGEST_ATTENDED_MS : LONGEST_MS;
    again(Math.min(FIRST_MS * 2 ** Math.min(misses, 10), longest));
    if (told) host.lost();
  };

  const begin = (): void => {
    waits = false;
    const by = cli;
    if (by === null) return;
    const own = new AbortController();
    run = own;
    const stream = jsonObjects();
    let told = false;
    const onOutput = (text: string): void => {
      for (const object of stream.push(text)) {
        const notice = own.signal.aborted ? null : readNotice(object);
        if (notice === null) continue;
        told = true;
        setMode('live');
        host.notice(notice);
      }
    };
    const args = ['debug', 'watch-ipn', '--initial'];
    void by.run(args, { timeoutMs: null, signal: own.signal, onOutput }).then((end) => {
      if (run !== own) return;
      run = null;
      ended(end, told);
    });
  };

  const halt = (): void => {
    cancelWait();
    waits = false;
    const was = run;
    run = null;
    was?.abort();
  };

  return {
    get mode() {
      return mode;
    },
    use: (next) => {
      if (next?.path === cli?.path) return;
      halt();
      cli = next;
      misses = 0;
      if (next === null) setMode('off');
      else {
        setMode('polling');
        begin();
      }
    },
    hurry: () => {
      if (!waits) return;
      cancelWait();
      begin();
    },
    retry: () => {
      if (run !== null || cli === null) return;
      cancelWait();
      begin();
    },
    stop: () => {
      halt();
      cli = null;
    },
  };
}
