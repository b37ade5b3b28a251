/** How a connection to a relay begins: with what we prove ourselves, and as whom we register. */
import type { SecretNeed } from '../../contract/index.ts';
import { failureOf, RelayError } from './failures.ts';
import type { RelayHubOptions, RelaySelf } from './options.ts';
import type { RelayDoor, RelayInfo, RelayRequests } from './requests.ts';

/** Token and secret as they are now, or which of them the keychain keeps back. */
export type Credentials =
  | {
      readonly kind: 'had';
      readonly door: RelayDoor;
      /** We have a token to show. */
      readonly proven: boolean;
    }
  | { readonly kind: 'unavailable'; readonly reason: SecretNeed };

/** Fetches what proves us, anew each time. */
export async function credentials(
  { clock, url, token: readToken, secret: readSecret }: RelayHubOptions,
  tls: string | null,
): Promise<Credentials> {
  const token = await readToken();
  if (token.kind === 'unavailable') return token;
  const secret = await readSecret();
  if (secret === null) return { kind: 'unavailable', reason: 'unavailable' };
  const value = token.kind === 'token' ? token.value : null;
  return {
    kind: 'had',
    door: { url, tls, token: value, secret, clock },
    proven: token.kind === 'token',
  };
}

/**
 * Registers, also where we are known: name, capabilities and description may have changed.
 * @param knew whether it knew us once.
 * @returns whether it knew us until now.
 * @throws RelayError not_us where our id is somebody else's there; and what the requests throw.
 */
export async function introduce(
  requests: RelayRequests,
  self: RelaySelf,
  knew: boolean,
  { guarded }: RelayInfo,
  signal: AbortSignal,
): Promise<boolean> {
  try {
    const knows = knew && (await requests.heartbeat(self.agentId, signal));
    await requests.register(self, signal);
    return knows;
  } catch (error) {
    // The token was good enough for the question before.
    const refused = failureOf(error).kind === 'unauthorized';
    throw guarded && refused ? new RelayError({ kind: 'not_us' }) : error;
  }
}
