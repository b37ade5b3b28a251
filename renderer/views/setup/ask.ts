import type * as z from 'zod';
import type { gatewayCalls } from '../../../electron/contract/calls/gateway-calls.ts';
import type { receptionCalls } from '../../../electron/contract/calls/reception-calls.ts';
import type { tailnetCalls } from '../../../electron/contract/calls/tailnet-calls.ts';
import type { CallInput, CallName, Result } from '../../../electron/contract/index.ts';
import { appError, isCallName } from '../../../electron/contract/index.ts';
import type { Client } from '../../store/client.ts';

type Asked = typeof tailnetCalls & typeof gatewayCalls & typeof receptionCalls;
type Name = keyof Asked;

/**
 * Asks about Tailscale, the own gateway or the reception. Where this app was built without one of
 * them, the answer says so.
 */
export async function ask<N extends Name>(
  client: Client,
  name: N,
  input: z.input<Asked[N]['input']>,
): Promise<Result<z.output<Asked[N]['output']>>> {
  if (!isCallName(name)) return { ok: false, error: appError('call.unknown', name) };
  const given = input as CallInput<CallName>;
  return (await client.call(name, given)) as Result<z.output<Asked[N]['output']>>;
}

/** Whether the app knows a call; steps that it has no part for are not shown. */
export const knows = (name: Name): boolean => isCallName(name);
