/** What a request to a relay came to, in words for whoever asked. */
import type { AppError } from '../contract/index.ts';
import { errorOf, type RelayFailure } from '../links/relay/index.ts';
import type { Source } from './incoming.ts';
import type { RelaysOptions } from './options.ts';

/** A relay that is not connected says why it is not. */
export function failedAt(
  { hub, record }: Source,
  failure: RelayFailure,
  describe: RelaysOptions['describe'],
): AppError {
  const { error: down } = describe(hub.state, record.url);
  if (failure.kind === 'stopped' && down) return down;
  return errorOf(failure, new URL(record.url).host);
}
