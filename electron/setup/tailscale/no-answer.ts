/** The states in which Tailscale itself says nothing of its state. Pure. */
import { type AppError, assertNever, type TailnetState } from '../../contract/index.ts';
import type { Found } from './find.ts';
import { installWays, startCommand } from './install-ways.ts';
import { tailscaleError } from './state.ts';
import type { Trouble } from './trouble.ts';

/** No program was accepted. */
export function noProgramState(
  found: Exclude<Found, { kind: 'found' }>,
  platform: NodeJS.Platform,
): TailnetState {
  const install = installWays(platform);
  switch (found.kind) {
    case 'none':
      return {
        kind: 'not_installed',
        error: tailscaleError(
          'setup.tailscale_not_installed',
          'No tailscale command is in the places where it is usually put.',
        ),
        lookedAt: [...found.lookedAt],
        install,
      };
    case 'unusable':
      return {
        kind: 'not_usable',
        error: found.error,
        path: found.path,
        output: found.output,
        install,
      };
    default:
      return assertNever(found);
  }
}

/** An accepted program whose question for the state failed. */
export function noAnswerState(
  { error, output }: Trouble,
  by: { platform: NodeJS.Platform; path: string; strange: AppError | null },
): TailnetState {
  switch (error.code) {
    case 'setup.tailscale_not_running':
      return {
        kind: 'daemon_unreachable',
        error: tailscaleError('setup.tailscale_not_running', error.detail),
        output,
        command: startCommand(by.platform),
      };
    case 'setup.tailscale_other_user':
      return {
        kind: 'in_use_other_user',
        error: tailscaleError('setup.tailscale_other_user', error.detail),
      };
    default:
      return {
        kind: 'not_usable',
        // That its version is a strange one explains more than that it was not understood.
        error: by.strange === null ? error : { ...by.strange, detail: error.detail },
        path: by.path,
        output,
        install: installWays(by.platform),
      };
  }
}
