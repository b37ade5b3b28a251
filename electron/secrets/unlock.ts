/** Asking a person to open the keychain, in a child process of its own. */

import { accountName, KEYCHAIN_SERVICE } from './account.ts';
import { KeychainChild, type SecretsTimer } from './keychain-conversation.ts';
import type { ChildSpawner } from './keychain-process.ts';
import type { KeychainRequest, UnlockOutcome } from './keychain-protocol.ts';
import type { SecretAccount } from './secret-store.ts';

/** What a caller may say about one attempt. */
export interface UnlockOptions {
  /** The entry to read where reading is what makes the system ask (macOS). */
  readonly account?: SecretAccount;
  /** Aborting it withdraws the question; the outcome is `cancelled`. */
  readonly signal?: AbortSignal;
  /** How long the person may take, ms. Default 120,000; then the outcome is `timed_out`. */
  readonly limitMs?: number;
}

/** How long the child may take to withdraw its question before it is killed. ms. */
const WITHDRAW_MS = 1_000;

/** Asks, and waits for the person. Never rejects; the child is gone when it resolves. */
export async function unlockKeychain(
  parts: {
    readonly spawnChild: ChildSpawner;
    readonly timer: SecretsTimer;
    readonly probe: boolean;
  },
  { account, signal, limitMs = 120_000 }: UnlockOptions,
): Promise<UnlockOutcome> {
  if (signal?.aborted) return { kind: 'cancelled' };
  const child = new KeychainChild(parts.spawnChild, parts.timer);
  let withdrawn: UnlockOutcome | undefined;
  let outcome: UnlockOutcome | undefined;
  let cancelKill = (): void => {};
  const withdraw = (because: UnlockOutcome): void => {
    if (withdrawn !== undefined) return;
    withdrawn = because;
    child.tell({ id: 1, op: 'cancel' });
    cancelKill = parts.timer.after(WITHDRAW_MS, () => child.kill());
  };
  const onAbort = (): void => withdraw({ kind: 'cancelled' });
  signal?.addEventListener('abort', onAbort, { once: true });
  const cancelLimit = parts.timer.after(limitMs, () => withdraw({ kind: 'timed_out' }));
  const request: KeychainRequest = {
    id: 1,
    op: 'unlock',
    service: KEYCHAIN_SERVICE,
    probe: parts.probe,
    ...(account ? { account: accountName(account) } : {}),
  };
  const ending = await child.request(request, limitMs + 2 * WITHDRAW_MS, (reply) => {
    if (reply.kind === 'unlock') outcome = reply.outcome;
  });
  cancelLimit();
  cancelKill();
  signal?.removeEventListener('abort', onAbort);
  child.kill();
  if (outcome?.kind === 'unlocked') return outcome;
  if (withdrawn !== undefined) return withdrawn;
  if (outcome !== undefined) return outcome;
  const cause =
    ending.kind === 'died'
      ? `The keychain process ${ending.cause}.`
      : 'The keychain process did not say how it ended.';
  return { kind: 'unavailable', status: { kind: 'broken', cause } };
}
