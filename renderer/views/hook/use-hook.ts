import { useCallback, useEffect, useState } from 'react';
import type { CallOutput, MessageId } from '../../../electron/contract/index.ts';
import { useClient } from '../../store/hooks.ts';

/** How often it is asked whether a message may go to its hook by now, ms. */
const ASK_EVERY_MS = 30_000;

/** What the hook can do, or did, for a message. `key`: ask again when it changes. */
export function useHook(messageId: MessageId, key: string) {
  const client = useClient();
  const [found, setFound] = useState<CallOutput<'hook.of'> | null>(null);
  const look = useCallback(async () => {
    const result = await client.call('hook.of', { messageId });
    if (result.ok) setFound(result.value);
  }, [client, messageId]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says that something changed
  useEffect(() => {
    void look();
    const timer = setInterval(() => void look(), ASK_EVERY_MS);
    return () => clearInterval(timer);
  }, [look, key]);
  return { found, look };
}
