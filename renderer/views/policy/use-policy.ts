import { useEffect } from 'react';
import type { PeerDetail, PeerPolicy, PolicyView } from '../../../electron/contract/index.ts';
import type { Client } from '../../store/client.ts';
import { useClient } from '../../store/hooks.ts';
import { ask } from '../setup/ask.ts';
import { useLook } from '../setup/use-look.ts';

/** How long a change can be taken back with one click, ms. */
const UNDO_MS = 10_000;
/** What of today's budget is used is looked at this often, ms. */
const LOOK_MS = 30_000;

/** A peer's policy as it is now; looked at again whenever the peer's page changed. */
export function usePolicy(detail: PeerDetail) {
  const client = useClient();
  const look = useLook(() => ask(client, 'policy.view', { peerId: detail.id }), LOOK_MS);
  const { again } = look;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of the policy comes as a new detail
  useEffect(again, [detail, again]);
  return look;
}

/** Sets a policy, and offers to take it back. */
export async function setPolicy(
  client: Client,
  { peerId }: Pick<PolicyView, 'peerId'>,
  policy: PeerPolicy,
  said: string,
) {
  const result = await client.call('policy.set', { peerId, policy });
  if (result.ok) {
    const { before } = result.value;
    const undo = () => void client.act('policy.set', { peerId, policy: before });
    client.toasts.offerUndo(said, UNDO_MS, undo);
  }
  return result;
}
