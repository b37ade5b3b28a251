import { useCallback, useEffect, useState } from 'react';
import type { AppError, TailnetView } from '../../../electron/contract/index.ts';
import { useClient, useMirror } from '../../store/hooks.ts';
import type { Look } from './use-look.ts';

/** Tailscale on this machine: told by the app as it changes, and looked at when the setup opens. */
export function useTailnet(): Look<TailnetView> {
  const client = useClient();
  const view = useMirror((mirror) => mirror.tailnet);
  const [error, setError] = useState<AppError | null>(null);
  const again = useCallback(() => {
    void client
      .call('tailnet.check', {})
      .then((result) => setError(result.ok ? null : result.error));
  }, [client]);
  useEffect(() => again(), [again]);
  const value = view.state.kind === 'unchecked' ? null : view;
  return { value, error, looking: view.checking, again };
}
