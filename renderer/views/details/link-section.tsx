import { EllipsisVertical, KeyRound, Pencil, RefreshCw, Trash2 } from 'lucide-react';
import { isDevicePin, type LinkView, printOfPin } from '../../../electron/contract/index.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { CopyField } from '../../components/copy-field.tsx';
import { Menu, MenuItem, MenuLine } from '../../components/menu.tsx';
import { StatusMark } from '../../components/status-mark.tsx';
import { useClient, useLadder, useMirror } from '../../store/hooks.ts';
import { limitsSentence } from '../../words/agent-limits.ts';
import { grouped } from '../../words/fingerprint.ts';
import { linkShape, linkWord } from '../../words/states.ts';
import { ErrorNote, RemedyButtons } from '../error-note.tsx';
import { AgentPicker, SessionPicker } from './agent-picker.tsx';
import { Ladder } from './ladder.tsx';
import { LinkTimer } from './link-timer.tsx';

/** One way to the peer: its state with what to do, its ladder, and where it leads. */
export function LinkSection({ link }: { link: LinkView }) {
  const ladder = useLadder(link.id);
  const { state } = link;
  return (
    <section className="section" aria-label={`Link to ${link.url}`}>
      <div className="link-head">
        <StatusMark shape={linkShape(state.kind)} size={14} />
        <h3 className="link-head__word">{linkWord[state.kind]}</h3>
        <LinkTimer state={state} />
        <span className="bar__gap" />
        <LinkMenu link={link} />
      </div>
      <p className="link-text">{link.stateText}</p>
      {state.kind === 'needs_approval' ? (
        <Approval link={link} command={state.command} requestId={state.requestId} />
      ) : link.error ? (
        <ErrorNote error={link.error}>
          <StateButton link={link} />
        </ErrorNote>
      ) : null}
      {ladder ? <Ladder ladder={ladder} saidAbove={saidAbove(link)} /> : null}
      <LinkFacts link={link} />
    </section>
  );
}

/** What a link waits for is said above its ladder, with all that can be done. */
const saidAbove = ({ state, error }: LinkView): string | null =>
  state.kind === 'needs_approval' ? 'link.needs_approval' : (error?.code ?? null);

interface ApprovalProps {
  link: LinkView;
  command: string;
  requestId: string;
}

/** What the person over there has to run; it goes on by itself once they did. */
function Approval({ link, command, requestId }: ApprovalProps) {
  const client = useClient();
  const copy = (text: string) => void client.copy(text);
  // The command has a button of its own, and a check of the health tries the link too.
  const more = link.error?.remedy?.actions.filter(
    (action) => action.kind === 'copy' && action.text !== command,
  );
  return (
    <div className="stack">
      <CopyField label="Send them this command" text={command} onCopy={copy} />
      <CopyField label="Request" text={requestId} onCopy={copy} />
      <div className="stack__row">
        {link.error?.remedy && more ? (
          <RemedyButtons remedy={{ ...link.error.remedy, actions: more }} />
        ) : null}
        <code className="error-code">link.needs_approval</code>
      </div>
    </div>
  );
}

/** A button for what only the window can do, beside those that the failure names itself. */
function StateButton({ link }: { link: LinkView }) {
  const client = useClient();
  const { peerId, id: linkId } = link;
  const { kind } = link.state;
  if (kind === 'identity_changed') {
    return (
      <Button
        size="small"
        look="primary"
        onClick={() => client.navigation.show({ kind: 'trust', peerId, linkId })}
      >
        Compare
      </Button>
    );
  }
  if (link.error?.remedy?.actions.length) return null;
  return (
    <Button size="small" onClick={() => void client.act('link.reconnect', { linkId })}>
      Try now
    </Button>
  );
}

function LinkMenu({ link }: { link: LinkView }) {
  const client = useClient();
  const { peerId, id: linkId } = link;
  return (
    <Menu
      trigger={<IconButton icon={EllipsisVertical} size="small" label="More about this link" />}
    >
      <MenuItem icon={RefreshCw} onSelect={() => void client.act('link.reconnect', { linkId })}>
        Reconnect now
      </MenuItem>
      {link.kind === 'relay' ? null : (
        <>
          <MenuItem
            icon={Pencil}
            onSelect={() => client.navigation.show({ kind: 'edit_link', peerId, linkId })}
          >
            Change address
          </MenuItem>
          <MenuItem
            icon={KeyRound}
            onSelect={() => client.navigation.show({ kind: 'credential', peerId, linkId })}
          >
            {link.kind === 'a2a' ? 'Replace token' : 'Replace token or password'}
          </MenuItem>
          <MenuLine />
        </>
      )}
      <MenuItem
        icon={Trash2}
        danger
        onSelect={() => client.navigation.show({ kind: 'remove_link', peerId, linkId })}
      >
        Remove this link
      </MenuItem>
    </Menu>
  );
}

/** What a relay passes on, and what that is worth. */
function RelayFacts({ link }: { link: LinkView }) {
  const client = useClient();
  return (
    <>
      <dt>Agent</dt>
      <dd className="selectable facts__code">{link.agentId}</dd>
      <dt>Trust</dt>
      <dd>
        {link.pinnedIdentity
          ? 'The relay reads everything. What is signed with the key that you compared is surely theirs.'
          : 'The relay reads everything and can write in their name. What they ask for always waits for you.'}{' '}
        <Button
          size="small"
          look="quiet"
          onClick={() => client.navigation.showPage({ kind: 'relays' })}
        >
          Show the relay
        </Button>
      </dd>
    </>
  );
}

function LinkFacts({ link }: { link: LinkView }) {
  const { state } = link;
  const connected = state.kind === 'online' || state.kind === 'degraded';
  return (
    <dl className="facts">
      <dt>Address</dt>
      <dd className="selectable facts__code">{link.url}</dd>
      <dt>Proof</dt>
      <dd>
        <Proof link={link} />
      </dd>
      {link.kind === 'a2a' ? (
        <>
          <CardFacts card={link.card} />
          <UncomparedDevice link={link} />
        </>
      ) : link.kind === 'relay' ? (
        <RelayFacts link={link} />
      ) : (
        <>
          <dt>Agent</dt>
          <dd>
            <AgentPicker link={link} />
          </dd>
          <dt>Session</dt>
          <dd>
            <SessionPicker link={link} />
          </dd>
        </>
      )}
      {connected && link.kind === 'gateway' ? (
        <>
          <dt>OpenClaw</dt>
          <dd className="numbers">{state.serverVersion}</dd>
          <dt>May</dt>
          <dd>{scopeWords(state.scopes)}</dd>
        </>
      ) : null}
      {link.pinnedIdentity ? (
        <>
          <dt>Identity</dt>
          <dd className="facts__print selectable">{grouped(printOfPin(link.pinnedIdentity))}</dd>
        </>
      ) : null}
      {link.pinnedTls ? (
        <>
          <dt>Certificate</dt>
          <dd className="facts__print selectable">{grouped(link.pinnedTls)}</dd>
        </>
      ) : null}
    </dl>
  );
}

/** Another Peerage whose device key nobody compared: said, and the way out of it. */
function UncomparedDevice({ link }: { link: LinkView }) {
  const client = useClient();
  const { peerId, id: linkId, pinnedIdentity } = link;
  if (!link.card?.peerage || (pinnedIdentity !== null && isDevicePin(pinnedIdentity))) return null;
  return (
    <>
      <dt>Trust</dt>
      <dd>
        Its device key was never compared: whoever answers at this address with the same card counts
        as this peer.{' '}
        <Button
          size="small"
          onClick={() => client.navigation.show({ kind: 'compare_device', peerId, linkId })}
        >
          Compare keys
        </Button>
      </dd>
    </>
  );
}

/** An agent's own words about itself. All of it is said by the other side. */
function CardFacts({ card }: { card: LinkView['card'] }) {
  if (!card) return null;
  return (
    <>
      <dt>Agent</dt>
      <dd dir="auto" className="selectable">
        {card.name}
        {card.description ? `: ${card.description}` : null}
      </dd>
      {card.provider ? (
        <>
          <dt>Provider</dt>
          <dd dir="auto">{card.provider}</dd>
        </>
      ) : null}
      <dt>Version</dt>
      <dd className="numbers">{`${card.version || 'Not said'}, A2A ${card.protocol}`}</dd>
      {card.skills.length > 0 ? (
        <>
          <dt>Skills</dt>
          <dd dir="auto">{card.skills.map((skill) => skill.name).join(', ')}</dd>
        </>
      ) : null}
      {card.limits.length > 0 ? (
        <>
          <dt>Limits</dt>
          <dd>{limitsSentence(card.limits)}</dd>
        </>
      ) : null}
    </>
  );
}

const kindWord = { token: 'Token', password: 'Password', setup: 'An invite’s code' } as const;

/** How we prove ourselves on this link, and where that secret is. */
function Proof({ link }: { link: LinkView }) {
  const status = useMirror((mirror) => mirror.app?.secrets.status);
  if (link.kind === 'relay') return 'The token of the relay';
  if (link.credential === 'none') return 'None';
  const kind = kindWord[link.credential];
  if (status === 'session_only') return `${kind}, for this session only`;
  if (status === 'read_only_folder') return `${kind}, from the secrets folder`;
  return `${kind}, in the keychain`;
}

function scopeWords(scopes: readonly string[]): string {
  if (scopes.length === 0) return 'Nothing';
  return scopes.map((scope) => scope.replace(/^operator\./, '')).join(', ');
}
