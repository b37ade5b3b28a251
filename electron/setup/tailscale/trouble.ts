/** What a command of Tailscale that did not work says, as one of our errors. */
import { type AppError, appError, type ErrorCode } from '../../contract/index.ts';
import type { ProgramEnd } from './program.ts';
import { firstLine, plainOutput } from './words.ts';

/** A failure, with what was said as it was said. */
export interface Trouble {
  readonly error: AppError;
  readonly output: string;
}

/** Sources: cmd/tailscale/cli/{diag,up,ping}.go, client/local and ipn/ipnserver of v1.102.3. */
const SIGNS: readonly { readonly sign: RegExp; readonly code: ErrorCode }[] = [
  // The macOS bundle's own words: issues 7140 and 16063 of tailscale/tailscale.
  { sign: /Tailscale GUI failed to start|Tailscale\.CLIError/i, code: 'setup.tailscale_gui_error' },
  { sign: /already in use by/i, code: 'setup.tailscale_other_user' },
  {
    sign: /failed to connect to local (?:tailscaled|Tailscale)/i,
    code: 'setup.tailscale_not_running',
  },
  { sign: /access denied/i, code: 'setup.tailscale_denied' },
  { sign: /can't change --login-server/i, code: 'setup.join_server_differs' },
  { sign: /timeout waiting for Tailscale service/i, code: 'setup.join_timed_out' },
  {
    // The last three are headscale's (hscontrol/types of v0.29.2).
    sign: /invalid (?:pre ?)?(?:auth ?)?key|API key \S+ not valid|authkey (?:expired|already used|not found)|key not found/i,
    code: 'setup.join_key_refused',
  },
];

/** Whether it is a sign of the macOS app's window part speaking instead of its command line. */
export const isGuiError = (text: string): boolean => SIGNS[0]?.sign.test(text) ?? false;

/** Reads why a command failed; for one that ended well, why its answer is of no use. */
export function troubleOf(end: ProgramEnd): Trouble {
  const output = plainOutput(end.stderr, end.stdout);
  const trouble = (code: ErrorCode, detail: string): Trouble => ({
    error: appError(code, detail),
    output,
  });
  switch (end.kind) {
    case 'timed_out':
      return trouble('setup.tailscale_hangs', 'Its command did not end in time and was stopped.');
    case 'too_much':
      return trouble('setup.tailscale_unreadable', 'It said far more than its command ever says.');
    case 'stopped':
      return trouble('call.cancelled', 'It was stopped.');
    case 'unstartable':
      return end.code === 'ENOENT'
        ? trouble('setup.tailscale_not_installed', 'The program is not there any more.')
        : trouble('setup.tailscale_failed', `The program could not be started (${end.code}).`);
    case 'exited': {
      const text = `${end.stderr}\n${end.stdout}`;
      const known = SIGNS.find(({ sign }) => sign.test(text));
      const said = firstLine(end.stderr) || firstLine(end.stdout);
      const words = plainOutput(said) || `It ended with code ${end.code} and said nothing.`;
      return trouble(known?.code ?? 'setup.tailscale_failed', words);
    }
  }
}
