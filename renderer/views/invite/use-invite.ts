import type { InviteId, InviteView } from '../../../electron/contract/index.ts';
import { useClient } from '../../store/hooks.ts';
import { ask } from '../setup/ask.ts';
import { type Look, useLook } from '../setup/use-look.ts';

/** An invite moves when the other side does, so it is looked at this often, ms. */
const EVERY_MS = 1_500;

/** All invites of the last day, kept fresh while this is on the screen. */
export function useInvites(wanted = true): Look<{ invites: InviteView[] }> {
  const client = useClient();
  return useLook(() => ask(client, 'invite.list', {}), EVERY_MS, wanted);
}

/** One invite, kept fresh. */
export function useInvite(id: InviteId | null): Look<InviteView | null> {
  const all = useInvites(id !== null);
  return { ...all, value: all.value?.invites.find((one) => one.id === id) ?? null };
}
