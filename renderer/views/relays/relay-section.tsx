import { EllipsisVertical, Files, Megaphone, Pencil, RefreshCw, Trash2 } from 'lucide-react';
import type { LinkState, RelayView } from '../../../electron/contract/index.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Menu, MenuItem, MenuLine } from '../../components/menu.tsx';
import { StatusMark } from '../../components/status-mark.tsx';
import { useNow } from '../../components/use-now.ts';
import { useClient } from '../../store/hooks.ts';
import { grouped } from '../../words/fingerprint.ts';
import type { Shape } from '../../words/states.ts';
import { ago } from '../../words/time.ts';
import { startDraft } from '../broadcast/draft.ts';
import { ErrorNote } from '../error-note.tsx';
import { RelayAgents } from './relay-agents.tsx';

interface RelaySectionProps {
  relay: RelayView;
  /** The fingerprint of our own key. */
  ours: string | null;
}

/** One relay: how it stands, what it can do to us, and who is on it. */
export function RelaySection({ relay, ours }: RelaySectionProps) {
  const client = useClient();
  const now = useNow(30_000);
  const { state } = relay;
  const changed = state.kind === 'identity_changed' ? state : null;
  return (
    <section className="relay" aria-label={relay.name}>
      <div className="relay__head">
        <StatusMark shape={shapeOf(state)} label={relay.stateText} />
        <div className="relay__words">
          <h3>{relay.name}</h3>
          <p className="soft">{relay.stateText}</p>
        </div>
        <div className="relay__actions">
          <Button
            size="small"
            icon={Megaphone}
            aria-label={`Tell all on ${relay.name}`}
            onClick={() => {
              startDraft(client, { to: 'relay', relayId: relay.id });
              client.navigation.showPage({ kind: 'broadcast', tab: 'write', broadcastId: null });
            }}
          >
            Tell all
          </Button>
          <Button
            size="small"
            icon={Files}
            onClick={() => client.navigation.showPage({ kind: 'files', file: null })}
          >
            Files
          </Button>
          <IconButton
            icon={RefreshCw}
            size="small"
            label={`Connect to ${relay.name} again`}
            onClick={() => void client.act('relay.reconnect', { relayId: relay.id })}
          />
          <Menu
            align="end"
            trigger={
              <IconButton icon={EllipsisVertical} size="small" label={`More about ${relay.name}`} />
            }
          >
            <MenuItem
              icon={Pencil}
              onSelect={() => client.navigation.show({ kind: 'edit_relay', relayId: relay.id })}
            >
              Change
            </MenuItem>
            <MenuLine />
            <MenuItem
              icon={Trash2}
              danger
              onSelect={() => client.navigation.show({ kind: 'remove_relay', relayId: relay.id })}
            >
              Remove
            </MenuItem>
          </Menu>
        </div>
      </div>
      {relay.error ? (
        <ErrorNote error={relay.error}>
          {changed ? (
            <Button
              size="small"
              onClick={() =>
                void client.act('relay.trust', { relayId: relay.id, seen: changed.seen })
              }
            >
              Trust the new certificate
            </Button>
          ) : null}
          {state.kind === 'bad_credential' ? (
            <Button
              size="small"
              onClick={() => client.navigation.show({ kind: 'edit_relay', relayId: relay.id })}
            >
              Enter another token
            </Button>
          ) : null}
        </ErrorNote>
      ) : null}
      <dl className="relay__facts">
        <dt>Address</dt>
        <dd className="selectable numbers">{relay.url}</dd>
        <dt>Here as</dt>
        <dd className="selectable">
          {relay.agentName} <span className="soft">({relay.agentId})</span>
        </dd>
        <dt>Trust</dt>
        <dd>{trustWords(relay)}</dd>
        {relay.tls ? (
          <>
            <dt>Certificate</dt>
            <dd className="selectable numbers">{grouped(relay.tls.slice(0, 32))}…</dd>
          </>
        ) : null}
        {ours ? (
          <>
            <dt>Your key</dt>
            <dd className="selectable numbers">{grouped(ours.slice(0, 32))}…</dd>
          </>
        ) : null}
        <dt>Messages</dt>
        <dd>{incomingWords(relay)}</dd>
      </dl>
      {relay.forgotAt !== null ? (
        <p className="hint-text">
          It was started anew {ago(relay.forgotAt, now)} and had forgotten everything. Peerage
          registered again, and sent again what had no answer.
        </p>
      ) : null}
      <RelayAgents relay={relay} />
    </section>
  );
}

function shapeOf(state: LinkState): Shape {
  switch (state.kind) {
    case 'online':
      return 'up';
    case 'connecting':
    case 'starting':
    case 'restarting':
    case 'rate_limited':
    case 'degraded':
      return 'partial';
    case 'needs_approval':
    case 'needs_secret':
    case 'bad_credential':
      return 'needs_you';
    case 'identity_changed':
    case 'revoked':
    case 'protocol_mismatch':
      return 'blocked';
    case 'idle':
    case 'offline':
      return 'down';
  }
}

function trustWords({ guarded, url, state }: RelayView): string {
  const open = url.startsWith('http:') ? ' It is not encrypted: the network reads along.' : '';
  // What it does about its agents it says when it is connected.
  if (state.kind !== 'online') return `It reads everything and can write in anybody’s name.${open}`;
  return guarded
    ? `It reads everything and can write in anybody’s name. Other agents on it cannot.${open}`
    : `It reads everything, and it and every agent on it can write in anybody’s name.${open}`;
}

function incomingWords({ incoming }: RelayView): string {
  switch (incoming) {
    case 'socket':
      return 'Come as they are sent.';
    case 'polling':
      return 'Are fetched every few seconds: its socket cannot be used.';
    case 'none':
      return 'Do not come while it is away. What you write waits here.';
  }
}
