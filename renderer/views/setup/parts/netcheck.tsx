import { useState } from 'react';
import type { NetcheckView } from '../../../../electron/contract/index.ts';
import { Button } from '../../../components/button.tsx';
import { useClient } from '../../../store/hooks.ts';
import { ErrorNote } from '../../error-note.tsx';
import { ask } from '../ask.ts';
import { useWork } from '../use-work.ts';
import { Facts } from './facts.tsx';

/** What kind of network this machine is in, on demand. */
export function Netcheck() {
  const client = useClient();
  const work = useWork();
  const [found, setFound] = useState<NetcheckView | null>(null);
  const look = async () =>
    setFound(await work.run('netcheck', () => ask(client, 'tailnet.netcheck', {})));
  return (
    <div className="netcheck">
      <Button size="small" busy={work.busy === 'netcheck'} onClick={() => void look()}>
        Look at my network
      </Button>
      {work.busy ? <p className="hint-text">This takes up to half a minute.</p> : null}
      {found ? (
        <>
          <ul className="netcheck__meaning">
            {found.meaning.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
          <Facts
            facts={[
              { term: 'UDP', value: found.udp ? 'works' : 'is blocked' },
              { term: 'IPv6', value: found.ipv6 ? 'works' : 'is not there' },
              {
                term: 'Nearest relays',
                value:
                  found.relays
                    .slice(0, 3)
                    .map((relay) => `${relay.region} ${Math.round(relay.ms)} ms`)
                    .join(', ') || 'none answered',
              },
            ]}
          />
        </>
      ) : null}
      {work.failure ? <ErrorNote error={work.failure} announce /> : null}
    </div>
  );
}
