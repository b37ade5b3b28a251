import { useState } from 'react';
import type {
  AppError,
  RelayBroadcastPreview,
  RelayView,
} from '../../../electron/contract/index.ts';
import { useClient } from '../../store/hooks.ts';
import { counted } from '../../words/count.ts';
import { type BroadcastDraft, draftMark, relayInputOf, startDraft, tellingId } from './draft.ts';

interface TellOptions {
  draft: BroadcastDraft;
  /** Null while peers are meant. */
  relay: RelayView | null;
  onTold: () => void;
}

/** Telling all on a relay: first what would go, then it goes. */
export function useTell({ draft, relay, onTold }: TellOptions) {
  const client = useClient();
  const [preview, setPreview] = useState<RelayBroadcastPreview | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(false);
  const look = async () => {
    if (!relay) return;
    setBusy(true);
    const isSame = draftMark(client);
    const result = await client.call('relay.broadcastPreview', relayInputOf(draft, relay.id));
    setBusy(false);
    if (!isSame()) return;
    setError(result.ok ? null : result.error);
    if (result.ok) setPreview(result.value);
  };
  const send = async () => {
    if (!preview) return;
    const input = relayInputOf(draft, preview.relayId);
    const id = tellingId(client, JSON.stringify(input));
    setBusy(true);
    const anyway = preview.message.secrets.length > 0;
    const result = await client.call('relay.broadcast', { ...input, id, anyway });
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (!result.ok) return;
    const { recipients } = result.value;
    client.toasts.say(
      recipients === null
        ? `${preview.relay} had told it already`
        : `${preview.relay} passes it on to ${counted(recipients, 'agent')}`,
    );
    startDraft(client);
    onTold();
  };
  return {
    preview,
    error,
    busy,
    look,
    send: () => void send(),
    back: () => {
      setPreview(null);
      setError(null);
    },
  };
}
