import type { TailnetState } from '../../../../electron/contract/index.ts';
import { Callout, type Tone } from '../../../components/callout.tsx';
import { useNow } from '../../../components/use-now.ts';
import { ago, exactTime } from '../../../words/time.ts';
import { RemedyButtons } from '../../error-note.tsx';
import { Facts } from './facts.tsx';
import { Netcheck } from './netcheck.tsx';

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
