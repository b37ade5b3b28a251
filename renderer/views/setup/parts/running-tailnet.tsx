import { useState } from 'react';
import type { NetcheckView, TailnetState } from '../../../../electron/contract/index.ts';
import { Button } from '../../../components/button.tsx';
import { Callout, type Tone } from '../../../components/callout.tsx';
import { useNow } from '../../../components/use-now.ts';
import { useClient } from '../../../store/hooks.ts';
import { ago, exactTime } from '../../../words/time.ts';
import { ErrorNote, RemedyButtons } from '../../error-note.tsx';
import { ask } from '../ask.ts';
import { useWork } from '../use-work.ts';
import { Facts } from './facts.tsx';

type Running = Extract<TailnetState, { kind: 'running' }>;

const DAY_MS = 86_400_000;

/** This machine as its tailnet knows it. */
export function RunningTailnet({ state }: { state: Running }) {
  const now = useNow(60_000);
  const { self } = state;
  const days = self.keyExpiresAt === null ? null : (self.keyExpiresAt - now) / DAY_MS;
  return (
    <>
      <Callout tone="good" title={`This machine is in the tailnet ${state.tailnet}`}>
        <p>
          {state.peers.length === 0
            ? 'It is the only machine there so far.'
            : `It sees ${state.peers.length} other ${state.peers.length === 1 ? 'machine' : 'machines'} there.`}
        </p>
      </Callout>
      <Facts
        facts={[
          { term: 'Name', value: self.dnsName || self.name, code: true },
          { term: 'Addresses', value: self.addresses.join(', '), code: true },
          { term: 'Belongs to', value: self.owner?.login ?? (self.tags.join(', ') || 'nobody') },
          {
            term: 'Its key',
            value:
              self.keyExpiresAt === null || days === null
                ? 'does not expire'
                : days < 0
                  ? `expired ${ago(self.keyExpiresAt, now)}`
                  : `expires in ${Math.floor(days)} days (${exactTime(self.keyExpiresAt)})`,
          },
        ]}
      />
      {state.warnings.map((warning) => (
        <Callout
          key={`${warning.code}/${warning.nodeId ?? ''}`}
          tone={tones[warning.severity]}
          title={warning.title}
          actions={
            warning.remedy?.actions.length ? <RemedyButtons remedy={warning.remedy} /> : null
          }
        >
          <p>{warning.detail}</p>
          {warning.remedy ? <p>{warning.remedy.text}</p> : null}
        </Callout>
      ))}
      <Netcheck />
    </>
  );
}

const tones: Readonly<Record<'info' | 'warning' | 'problem', Tone>> = {
  info: 'info',
  warning: 'warning',
  problem: 'problem',
};

/** What kind of network this machine is in, on demand. */
function Netcheck() {
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
