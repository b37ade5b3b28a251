import type { ReceptionListen } from '../../../../electron/contract/index.ts';
import { Callout } from '../../../components/callout.tsx';
import { Segments } from '../../../components/segments.tsx';
import { useClient } from '../../../store/hooks.ts';
import { ErrorNote } from '../../error-note.tsx';
import { ask } from '../ask.ts';
import { useReception } from '../live.ts';
import { useWork } from '../use-work.ts';

const places = [
  { value: 'off', text: 'Nowhere' },
  { value: 'loopback', text: 'This machine' },
  { value: 'tailnet', text: 'My tailnet' },
] as const;

const words: Readonly<Record<ReceptionListen, string>> = {
  off: 'Nobody can ask you for anything, and you cannot make invites.',
  loopback: 'Only programs of this machine can ask. Enough where a tunnel leads here.',
  tailnet: 'Peers that you invited can ask, from the tailnet only. Each request waits for you.',
};

/** Where peers knock. Their requests are held until the person agrees. */
export function ReceptionChoice() {
  const client = useClient();
  const reception = useReception();
  const work = useWork();
  if (!reception) return null;
  const choose = (listen: ReceptionListen) =>
    void work.run('listen', () =>
      ask(client, 'reception.configure', { listen, port: reception.port }),
    );
  return (
    <section className="reception" aria-labelledby="reception-title">
      <h3 id="reception-title">Where peers knock</h3>
      <p className="hint-text">
        The reception takes what peers ask, and holds it until you accept. They never get the
        gateway’s token.
      </p>
      <Segments
        label="Where the reception listens"
        value={reception.listen}
        options={places}
        onChange={choose}
      />
      <p className="hint-text">{words[reception.listen]}</p>
      {reception.state === 'listening' && reception.addresses[0] ? (
        <Callout tone="good" title={`It listens at ${reception.addresses.join(', ')}`} />
      ) : null}
      {reception.error ? <ErrorNote error={reception.error} announce /> : null}
      {work.failure ? <ErrorNote error={work.failure} announce /> : null}
    </section>
  );
}
