import type { CallInput } from '../../../electron/contract/index.ts';
import { useClient } from '../../store/hooks.ts';

/** Changes settings, and says so if that failed. */
export function useChangeSettings() {
  const client = useClient();
  return (changes: CallInput<'settings.update'>['changes']) =>
    void client.act('settings.update', { changes });
}
