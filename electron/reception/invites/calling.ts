/** Calls to another reception, within limits: no redirects, no cookies, no long answers. */
import { BlockList, isIP } from 'node:net';
import type { Clock } from '../../clock/clock.ts';
import { within } from '../../clock/deadline.ts';
import { codedError, RECEPTION_PATHS } from '../../contract/index.ts';
import { Refusal, type RefusalReason } from './protocol.ts';

const LOOK_MS = 5_000;
const ANSWER_BYTES = 65_536;

/**
 * This machine, and the tailnet, which encrypts by itself: where a reception listens. Plain http is
 * spoken with no other, also not on a local network, where anybody may listen.
 */
const near = new BlockList();
near.addSubnet('127.0.0.0', 8, 'ipv4');
// Tailscale's own (tailscale.com/kb/1015, /kb/1033).
near.addSubnet('100.64.0.0', 10, 'ipv4');
near.addSubnet('fd7a:115c:a1e0::', 48, 'ipv6');
near.addAddress('::1', 'ipv6');

/** Whether plain http may go there: the wire itself is private. */
export function mayBePlain(origin: string): boolean {
  const host = new URL(origin).hostname.replace(/^\[|\]$/g, '');
  const version = isIP(host);
  if (version !== 0) return near.check(host, version === 4 ? 'ipv4' : 'ipv6');
  return host === 'localhost' || host.endsWith('.ts.net');
}

/** Why a call came to nothing. */
export type CallFailure =
  | { readonly kind: 'unreachable'; readonly detail: string }
  | { readonly kind: 'refused'; readonly reason: RefusalReason }
  | { readonly kind: 'strange'; readonly detail: string };

/** The answer as it was parsed, not yet opened or trusted; or why there is none. */
export type CallResult = { readonly kind: 'answer'; readonly body: unknown } | CallFailure;

async function limitedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > ANSWER_BYTES) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** One step of an exchange. Never rejects, but where `signal` aborts. */
export async function callInviter(
  origin: string,
  step: string,
  message: unknown,
  options: { readonly clock: Clock; readonly limitMs: number; readonly signal: AbortSignal },
): Promise<CallResult> {
  const { clock, limitMs, signal: outer } = options;
  if (origin.startsWith('http:') && !mayBePlain(origin)) {
    return {
      kind: 'unreachable',
      detail: `${origin} is outside, and would be called in plain text.`,
    };
  }
  try {
    return await within(clock, limitMs, outer, async (signal) => {
      const response = await fetch(`${origin}${RECEPTION_PATHS.invite}/${step}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(message),
        redirect: 'error',
        signal,
      });
      const body: unknown = JSON.parse(await limitedText(response));
      if (response.ok) return { kind: 'answer', body } as const;
      const said = Refusal.safeParse(body);
      if (said.success) return { kind: 'refused', reason: said.data.reason } as const;
      return { kind: 'strange', detail: `It answered ${response.status}.` } as const;
    });
  } catch (error) {
    if (outer.aborted) throw error;
    if (error instanceof SyntaxError) return { kind: 'strange', detail: 'It is not a reception.' };
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const code = (cause as { code?: unknown } | null)?.code;
    return { kind: 'unreachable', detail: `${origin}: ${String(code ?? 'no answer')}` };
  }
}

/** Whether a reception answers there, as far as its card tells. */
export async function answersAt(origin: string, clock: Clock): Promise<boolean> {
  if (origin.startsWith('http:') && !mayBePlain(origin)) return false;
  try {
    return await within(clock, LOOK_MS, null, async (signal) => {
      const response = await fetch(`${origin}${RECEPTION_PATHS.card}`, {
        redirect: 'error',
        signal,
      });
      await limitedText(response);
      return response.ok;
    });
  } catch {
    return false;
  }
}

/** The same failure as a person reads it. */
export function callError(failure: CallFailure): ReturnType<typeof codedError> {
  if (failure.kind === 'unreachable') return codedError('invite.unreachable', failure.detail);
  if (failure.kind === 'strange') return codedError('invite.protocol', failure.detail);
  switch (failure.reason) {
    case 'expired':
      return codedError('invite.expired', 'The inviter says that it has expired.');
    case 'used':
      return codedError('invite.used', 'Somebody else used it, or it was used before.');
    case 'other_machine':
      return codedError('invite.other_machine', 'The inviter made it for another machine.');
    case 'unknown':
      return codedError('invite.refused', 'The inviter does not know it.');
    case 'not_now':
    case 'malformed':
      return codedError('invite.protocol', `The inviter says: ${failure.reason}.`);
  }
}
