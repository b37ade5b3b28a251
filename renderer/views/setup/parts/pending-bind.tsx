import type { GatewayExposure, GatewaySettings } from '../../../../electron/contract/index.ts';
import { Callout } from '../../../components/callout.tsx';

interface PendingBindProps {
  settings: GatewaySettings | null | undefined;
  exposure: GatewayExposure;
}

/** Says where the settings will open or close an address only with the gateway's next start. */
export function PendingBind({ settings, exposure }: PendingBindProps) {
  const text = settings ? pendingBind(settings, exposure) : null;
  if (text === null) return null;
  return (
    <Callout tone="warning" title="Its settings say otherwise">
      <p>{text} The process that runs was started before, and a new one will do as they say.</p>
    </Callout>
  );
}

/** What the settings say, where what answers differs from it; null where both agree. Pure. */
export function pendingBind(
  { bind, customAddress }: Pick<GatewaySettings, 'bind' | 'customAddress'>,
  { addresses }: Pick<GatewayExposure, 'addresses'>,
): string | null {
  // A forwarder opens an address whatever the gateway's settings are.
  const open = addresses.filter(({ state, forwarded }) => state === 'open' && !forwarded);
  if (open.length === 0) return null;
  const outside = open.filter(({ kind }) => kind !== 'loopback');
  switch (bind ?? 'loopback') {
    case 'loopback':
      return outside.length > 0 ? 'They let only this machine reach it.' : null;
    case 'tailnet': {
      if (outside.some(({ kind }) => kind !== 'tailnet'))
        return 'They let only this machine and its tailnet reach it.';
      const here = addresses.some(({ kind }) => kind === 'tailnet');
      return here && outside.length === 0 ? 'They let machines of your tailnet reach it.' : null;
    }
    case 'custom':
      return customAddress !== null && open.every(({ address }) => address !== customAddress)
        ? `They let whoever can reach ${customAddress} reach it.`
        : null;
    case 'lan':
      return outside.length === 0 ? 'They open it to every network of this machine.' : null;
    default:
      return null;
  }
}
