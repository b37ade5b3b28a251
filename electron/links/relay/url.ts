/** Addresses of relays as people type them, made into the one form that is stored. */
import { appError, fail, ok, type Result } from '../../contract/index.ts';
import { normaliseA2aUrl } from '../a2a/url.ts';

/** Where the published relay listens unless told otherwise. */
export const RELAY_PORT = 9077;

/** The port is written out, also where it is the scheme's own. */
const HAS_PORT = /^(?:[a-z][a-z\d+.-]*:\/\/)?(?:\[[^\]]*\]|[^/:?#]*):\d+/i;

/**
 * Makes an origin of what was typed: `http(s)://host:port`, the port being 9077 where none is named.
 * Plain `http` only to this machine, private networks, `.local` and the tailnet: the token would be
 * read by anyone on the way.
 */
export function normaliseRelayUrl(typed: string): Result<{ url: string; plain: boolean }> {
  const found = normaliseA2aUrl(typed);
  if (!found.ok) {
    const { code, detail } = found.error;
    const text =
      code === 'link.url_credentials'
        ? 'Put the token into its own field, so that it is kept in the keychain.'
        : 'Give an address of the relay, for example 192.168.1.20:9077 or https://relay.example.org.';
    return fail({ ...found.error, detail, remedy: { text, actions: [] } });
  }
  const url = new URL(found.value.url);
  if (url.pathname !== '/')
    return fail(appError('link.url_invalid', 'A relay stands at the root of its address.'));
  const named = HAS_PORT.test(typed.trim());
  if (!named && url.protocol === 'http:') url.port = String(RELAY_PORT);
  return ok({ url: url.origin, plain: url.protocol === 'http:' });
}
