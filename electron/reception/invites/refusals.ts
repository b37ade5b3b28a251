/** Why an inviter says no, and to whom. */
import type { ExchangeAnswer } from '../http/door.ts';
import type { Origin } from '../http/listener.ts';
import type { RefusalReason } from './protocol.ts';

const STATUS_OF: Readonly<Record<RefusalReason, ExchangeAnswer['status']>> = {
  unknown: 404,
  expired: 410,
  used: 409,
  other_machine: 403,
  not_now: 409,
  malformed: 400,
};

/** What a redeemer is told. Guessing a code is like guessing a token; the others know a right one. */
export const refusal = (reason: RefusalReason): ExchangeAnswer => ({
  status: STATUS_OF[reason],
  body: { reason },
  ...(reason === 'unknown' || reason === 'malformed' ? { counts: true } : {}),
});

/** Whether a caller is the only machine that may: by its address, or by the name that Tailscale knows. */
export function isFrom(only: string, origin: Origin): boolean {
  if (only === origin.remote) return true;
  const { proof } = origin;
  const node = proof.kind === 'tailnet' ? proof.node.toLowerCase().replace(/\.$/, '') : null;
  const name = only.toLowerCase().replace(/\.$/, '');
  return node !== null && (node === name || node.startsWith(`${name}.`));
}
