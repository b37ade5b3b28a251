/** Calls about the relay that this app can be. All of them need a window. */
import * as z from 'zod';
import { RelayServerConfig, RelayServerView } from '../views/index.ts';
import { nothing } from './app-calls.ts';
import { command, query } from './call.ts';

/** Shorter tokens can be guessed. */
export const RELAY_TOKEN_MIN = 16;

/** Starting, stopping and watching it. The token goes in and never comes back out. */
export const relayServerCalls = {
  /** How it stands. Asked again while somebody looks. */
  'relayServer.view': query('window', nothing, RelayServerView),
  /**
   * Starts it, and again with each start of the app. With `token` null the one that is kept is used.
   * Fails: `relay_server.no_token`, `.port_taken`, `.listen_failed`, `.foreign_address`, and as the
   * keychain does.
   */
  'relayServer.start': command(
    'window',
    z.object({
      config: RelayServerConfig,
      token: z
        .string()
        .min(RELAY_TOKEN_MIN, `At least ${RELAY_TOKEN_MIN} characters.`)
        .max(256, 'At most 256 characters.')
        .regex(/^[\x21-\x7e]*$/, 'Letters, digits and signs, without spaces.')
        .nullable(),
    }),
    RelayServerView,
  ),
  /** Ends it in order, and keeps it off. */
  'relayServer.stop': command('window', nothing, RelayServerView),
} as const;
