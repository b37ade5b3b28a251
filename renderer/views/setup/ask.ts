import type { CallInput, CallName, CallOutput, Result } from '../../../electron/contract/index.ts';
import type { Client } from '../../store/client.ts';

/** Asks the app, for the steps of the setup. */
export function ask<N extends CallName>(
  client: Client,
  name: N,
  input: CallInput<N>,
): Promise<Result<CallOutput<N>>> {
  return client.call(name, input);
}
