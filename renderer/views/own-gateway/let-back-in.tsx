import { Button } from '../../components/button.tsx';
import type { Client } from '../../store/client.ts';
import { useClient } from '../../store/hooks.ts';
import { ErrorNote } from '../error-note.tsx';
import { useWork } from '../setup/use-work.ts';

/** Has the reception ask for the agents again, before which it gets itself let in. Says what failed. */
export async function letBackIn(client: Client): Promise<boolean> {
  const asked = await client.act('delegation.agents', {});
  if (asked) client.toasts.say('The reception is let in again');
  return asked !== null;
}

/** The way back for a reception that was shut out. */
export function LetBackIn({ again }: { again: () => void }) {
  const client = useClient();
  const work = useWork();
  const act = async () => {
    const asked = await work.run('back', () => client.call('delegation.agents', {}));
    if (asked) again();
  };
  return (
    <>
      <Button size="small" busy={work.busy !== null} onClick={() => void act()}>
        Let it back in
      </Button>
      {work.failure ? <ErrorNote error={work.failure} announce /> : null}
    </>
  );
}
