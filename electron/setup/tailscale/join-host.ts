import type { Clock } from '../../clock/clock.ts';
import type { AppError, Result } from '../../contract/index.ts';
import type { Cli } from './cli.ts';
import type { RawStatus } from './status-format.ts';

/** What joining needs of its surroundings. */
export interface JoinHost {
  readonly clock: Clock;
  cli(): Promise<Result<Cli>>;
  /** Asks Tailscale now. */
  status(): Promise<Result<RawStatus>>;
  /** A folder of this user for the key's own folder. */
  readonly keyFolder: string;
  /** A secret that no log may ever hold. */
  protect(secret: string): void;
  changed(): void;
  /** Something was done: the state must be read again. */
  done(): void;
  /** Refused for want of rights. */
  denied(error: AppError): void;
  adminUrl(): string | null;
}
