import { useEffect, useState } from 'react';
import type { AppError, BroadcastId } from '../../../electron/contract/index.ts';
import { useClient, useMirror } from '../../store/hooks.ts';

/** Opens a broadcast: its rows are in the mirror, and change by themselves until it is left. */
export function useOpenBroadcast(broadcastId: BroadcastId): {
  readonly error: AppError | null;
  readonly loaded: boolean;
} {
  const client = useClient();
  // After a lost connection the app no longer knows what was open.
  const connected = useMirror((mirror) => mirror.connection.kind);
  const [error, setError] = useState<AppError | null>(null);
  const [loaded, setLoaded] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new connection opens it anew
  useEffect(() => {
    let left = false;
    const open = async () => {
      const result = await client.call('broadcast.open', { broadcastId });
      if (left) return;
      setError(result.ok ? null : result.error);
      if (!result.ok) return;
      const { broadcast, rows } = result.value;
      client.mirror.setState((mirror) => ({
        broadcasts: new Map(mirror.broadcasts).set(broadcast.id, broadcast),
        broadcastRows: new Map(rows.map((row) => [row.id, row])),
      }));
      setLoaded(true);
    };
    void open();
    return () => {
      left = true;
      void client.call('broadcast.close', { broadcastId });
    };
  }, [client, broadcastId, connected]);
  return { error, loaded };
}
