import { CodedError, type LinkKind } from '../contract/index.ts';
import { normaliseA2aUrl } from '../links/a2a/index.ts';
import { normaliseGatewayUrl } from '../links/gateway/index.ts';
import { normaliseRelayUrl } from '../links/relay/index.ts';

const NORMALISE = {
  gateway: normaliseGatewayUrl,
  a2a: normaliseA2aUrl,
  relay: normaliseRelayUrl,
} as const;

/** Fills in scheme and port as a kind of link wants it. @throws CodedError what is wrong with it */
export function urlOrThrow(text: string, kind: LinkKind): string {
  const result = NORMALISE[kind](text);
  if (!result.ok) throw new CodedError(result.error);
  return result.value.url;
}
