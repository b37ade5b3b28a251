import type { DelegationId } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { useClient } from '../../store/hooks.ts';
import { ErrorNote } from '../error-note.tsx';
import { ask } from '../setup/ask.ts';
import { useWork } from '../setup/use-work.ts';

/** Stops what an agent here does for a peer. */
export function StopWork({ delegationId }: { delegationId: DelegationId }) {
  const client = useClient();
  const work = useWork();
  const stop = () => void work.run('stop', () => ask(client, 'delegation.stop', { delegationId }));
  return (
    <>
      <Button
        size="small"
        aria-keyshortcuts="X"
        title="Your agent stops, and they are told so"
        busy={work.busy === 'stop'}
        onClick={stop}
      >
        Stop
      </Button>
      {work.failure ? <ErrorNote error={work.failure} announce /> : null}
    </>
  );
}
