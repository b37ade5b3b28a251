import { Waypoints } from 'lucide-react';
import { useState } from 'react';
import type { z } from 'zod';
import type { OutgoingMessageView } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { useClient } from '../../store/hooks.ts';
import { HookRunNote, runWords } from './hook-run.tsx';
import { useHook } from './use-hook.ts';
import './hook.css';

/** Below a message that waits: the offer to hand it to the fallback hook, where one is set. */
export default function HookOffer({ message }: { message: z.infer<typeof OutgoingMessageView> }) {
  const client = useClient();
  const messageId = message.id;
  const { found, look } = useHook(messageId, message.state);
  const [busy, setBusy] = useState(false);
  const [last] = found?.runs ?? [];
  const hand = async () => {
    setBusy(true);
    const done = await client.act('hook.handOver', { messageId });
    setBusy(false);
    if (done) client.toasts.say(runWords(done.run));
    await look();
  };
  if (!found?.hook) return null;
  return (
    <div className="hook-offer">
      {found.offered ? (
        <Button size="small" icon={Waypoints} busy={busy} onClick={() => void hand()}>
          Hand it to the fallback hook
        </Button>
      ) : null}
      {last ? <HookRunNote run={last} /> : null}
    </div>
  );
}
