import type { PeerId } from '../../../electron/contract/index.ts';
import { useDetail } from '../../store/hooks.ts';

/** The one sentence before the first message to a peer. Sending is agreeing to it. */
export function FirstUse({ peerId }: { peerId: PeerId }) {
  const detail = useDetail(peerId);
  // Where no link is, nothing is sent.
  if (!detail || detail.firstUseAcknowledged || detail.links.length === 0) return null;
  return (
    <p className="first-use" id="first-use">
      {detail.practice
        ? 'This is a practice peer on this machine: a script answers, and nothing leaves this machine.'
        : detail.own
          ? `What you send runs as ${detail.name}, an agent of your own gateway on this machine, with all that it may do here, and stays in its history.`
          : `What you send runs as ${detail.name}’s agent on their machine, with all that it may do there, and stays in that agent’s history.`}
    </p>
  );
}
