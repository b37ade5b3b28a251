import type { LadderView, Place, RungView } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { useClient, useDetail } from '../../store/hooks.ts';

interface RungStepProps {
  ladder: LadderView;
  rung: RungView;
}

/** A way from a rung that is broken to the page or the step of the setup that mends it. */
export function RungStep({ ladder, rung }: RungStepProps) {
  const client = useClient();
  const own = useDetail(ladder.peerId)?.own ?? false;
  const way = wayOf(rung, own);
  if (!way) return null;
  return (
    <Button size="small" onClick={() => void client.navigation.goTo(way.place)}>
      {way.label}
    </Button>
  );
}

/** Null where no page helps, or where the failure names a place itself. */
function wayOf(rung: RungView, own: boolean): { label: string; place: Place } | null {
  // The setup reads the token of the own gateway anew; nobody has to look it up and type it.
  if (own && rung.id === 'handshake' && rung.status === 'needs_you')
    return { label: 'Set up my gateway', place: { kind: 'setup', step: 'gateway' } };
  if (rung.remedy?.actions.some((action) => action.kind === 'go')) return null;
  switch (rung.id) {
    case 'tailscale_running':
      return { label: 'Set up Tailscale', place: { kind: 'setup', step: 'tailnet' } };
    case 'tailnet_peer':
    case 'tailnet_path':
      return { label: 'Show the tailnet', place: { kind: 'tailnet' } };
    case 'tcp_port':
    case 'http_health':
      return own ? { label: 'Set up my gateway', place: { kind: 'setup', step: 'gateway' } } : null;
    case 'approval':
      return own ? { label: 'Show who asks', place: { kind: 'own_gateway' } } : null;
    case 'handshake':
    case 'identity':
    case 'agent':
    case 'last_answer':
      return null;
  }
}
