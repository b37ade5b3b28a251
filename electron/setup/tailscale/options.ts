import type { Clock } from '../../clock/clock.ts';
import type { Environment } from '../openclaw/config-path.ts';
import type { ProgramEnd, ProgramOptions } from './program.ts';

/** Where Tailscale is, for tests and pods; null = where it usually is. */
export interface TailscalePlace {
  readonly program: string | null;
  /** The daemon's socket. */
  readonly socket: string | null;
}

/** What Tailscale's side of the setup is given. */
export interface TailscaleOptions extends TailscalePlace {
  readonly clock: Clock;
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  /** This user's name, for the operator step. */
  readonly user: string;
  /** A folder that only this user reads, where the folder of an auth key may be made. */
  readonly keyFolder: string;
  /** Tells what keeps logs clean of a secret. */
  protect(secret: string): void;
  log(line: string): void;
  /** For tests in which hours pass; default: starts programs. */
  readonly run?: (options: ProgramOptions) => Promise<ProgramEnd>;
  /** For tests of the operator step. */
  readonly trusted?: (file: string) => Promise<boolean>;
}
