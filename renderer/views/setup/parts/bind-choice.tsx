import type { BindChoice, GatewayExposure } from '../../../../electron/contract/index.ts';
import { PickField } from '../../../components/field.tsx';
import { SwitchRow } from '../../../components/switch-row.tsx';
import { ChoiceCards } from './choice-cards.tsx';

/** What the person wants, before the plan is made. */
export interface BindWish {
  readonly choice: BindChoice;
  readonly address: string | null;
  readonly askLocal: boolean;
  readonly tunnel: boolean;
}

const choices: readonly {
  readonly value: BindChoice;
  readonly title: string;
  readonly text: string;
  readonly tag?: string;
}[] = [
  {
    value: 'loopback',
    title: 'Only this machine',
    text: 'Peers knock at Peerage’s reception, and never reach the gateway. Best for other people’s agents.',
    tag: 'Recommended',
  },
  {
    value: 'loopback_serve',
    title: 'This machine, and your tailnet over Tailscale Serve',
    text: 'Your own other machines reach it at an https address. The machine’s name becomes public in certificate logs.',
  },
  {
    value: 'tailnet',
    title: 'This machine and its tailnet address, with a token',
    text: 'Machines of your tailnet can knock; each device still needs your approval, and you are told when one asks.',
  },
  {
    value: 'custom',
    title: 'One private address, with a token',
    text: 'For pods and local networks: everyone in that network can knock.',
  },
];

interface BindChoiceFieldsProps {
  wish: BindWish;
  exposure: GatewayExposure | null;
  onChange: (wish: BindWish) => void;
}

/** The four ways, and what goes with them. */
export function BindChoiceFields({ wish, exposure, onChange }: BindChoiceFieldsProps) {
  const addresses = (exposure?.addresses ?? []).filter(
    (one) => one.kind !== 'loopback' && !one.address.includes(':'),
  );
  return (
    <div className="bind">
      <ChoiceCards
        label="Who should reach your gateway"
        value={wish.choice}
        options={choices}
        onChange={(choice) =>
          onChange({
            ...wish,
            choice,
            address: choice === 'custom' ? (addresses[0]?.address ?? null) : null,
          })
        }
      />
      {wish.choice === 'custom' ? (
        <PickField
          label="Address"
          value={wish.address ?? ''}
          options={addresses.map((one) => ({
            value: one.address,
            text: `${one.address} (${one.interfaceName})`,
          }))}
          help="0.0.0.0 is not offered: it would open the gateway to every network of this machine."
          onPick={(address) => onChange({ ...wish, address })}
        />
      ) : null}
      <SwitchRow
        label="Ask me about new devices of this machine too"
        help="Otherwise any program here that can read the token becomes a trusted device unseen."
        checked={wish.askLocal || wish.tunnel || wish.choice === 'loopback_serve'}
        disabled={wish.tunnel || wish.choice === 'loopback_serve'}
        onChange={(askLocal) => onChange({ ...wish, askLocal })}
      />
      <SwitchRow
        label="An SSH tunnel or forwarder leads to this machine"
        help="What comes through it looks as if it came from here, so devices are always asked about then."
        checked={wish.tunnel}
        onChange={(tunnel) => onChange({ ...wish, tunnel })}
      />
    </div>
  );
}
