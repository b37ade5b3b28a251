import type { Clock } from '../clock/clock.ts';
import type { ChildSpawner, Redactor } from '../secrets/index.ts';
import type { TailscalePlace } from '../setup/index.ts';
import type { CommandFiles } from './skill-calls.ts';

/** What an entry (desktop or browser) gives to the app. */
export interface AppOptions {
  /** The home folder, absolute; made with mode 0700 where it is missing. */
  readonly home: string;
  readonly version: string;
  readonly shell: 'desktop' | 'browser';
  /** `--config FILE`: peers and links provisioned from outside; null = none. */
  readonly configFile: string | null;
  /** `--secrets DIR`: a mounted folder that is only read; null = the keychain. */
  readonly secretsFolder: string | null;
  /** Starts the keychain's child process. */
  readonly keychainChild: ChildSpawner;
  /** Shared with the shell, so that its texts are cleaned of the same secrets. */
  readonly redactor: Redactor;
  readonly log: (line: string) => void;
  /** The command line and its skill, as they lie beside this start; absent = none to install. */
  readonly command?: CommandFiles;
  /** Where Tailscale is; default: as PEERAGE_TAILSCALE and PEERAGE_TAILSCALE_SOCKET say. */
  readonly tailscale?: TailscalePlace;
  /** Default: the system's. A test of the whole app gives one in which hours can be skipped. */
  readonly clock?: Clock & { stop(): void; wake?(gapMs: number): void };
}
