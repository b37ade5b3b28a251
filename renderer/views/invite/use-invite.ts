import type { InviteId, InviteView } from '../../../electron/contract/index.ts';
import { useMirror } from '../../store/hooks.ts';

/** One invite as the app tells of it; null where there is none, or none told yet. */
export const useInvite = (id: InviteId | null): InviteView | null =>
  useMirror((mirror) => (id === null ? null : (mirror.invites.get(id) ?? null)));
