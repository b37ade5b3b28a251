/** The three lowest rungs: Tailscale here, the machine in the tailnet, and the path to it. Pure. */
import {
  type AppError,
  appError,
  type RungId,
  type TailnetPath,
  type TailnetPeer,
} from '../contract/index.ts';
import { addressOf } from './address.ts';
import type { Reach } from './lower-rungs.ts';
import { follows, found, type LadderInput, notChecked, type RungDraft } from './rung-draft.ts';
import { tailnetRole } from './tailnet-role.ts';

type TailnetRungs = Record<
  Extract<RungId, 'tailscale_running' | 'tailnet_peer' | 'tailnet_path'>,
  RungDraft
>;

const notNeeded = (why: string): RungDraft => follows('not_needed', why);
const all = (draft: RungDraft): TailnetRungs => ({
  tailscale_running: draft,
  tailnet_peer: draft,
  tailnet_path: draft,
});

/** @param reach what the link itself proves: what answers is there, whatever the tailnet says */
export function tailnetRungs(input: LadderInput, reach: Reach): TailnetRungs {
  const { tailnet, evidence } = input;
  if (tailnet === undefined) return all(notChecked('Not checked yet'));
  const { state, program } = tailnet.view;
  const role = tailnetRole(addressOf(input.target.url), tailnet);
  const proven = reach !== 'unknown';
  switch (role.kind) {
    case 'elsewhere':
      return all(notNeeded('Its address is not one of a tailnet'));
    case 'unseen': {
      if (proven) return all(notNeeded('The connection stands without it'));
      if (!('error' in state)) return all(notChecked('Not checked yet'));
      return {
        tailscale_running: follows(
          PERSON.has(state.kind) ? 'needs_you' : 'failed',
          state.error.title,
          state.error,
        ),
        tailnet_peer: notChecked('Not checked yet'),
        tailnet_path: notChecked('Not checked yet'),
      };
    }
    case 'self':
    case 'peer':
    case 'missing':
      break;
  }
  const name = state.kind === 'running' ? state.self.name : '';
  const here = follows('ok', `Running${program ? ` (${program.version})` : ''}, as ${name}`);
  switch (role.kind) {
    case 'self':
      return {
        tailscale_running: here,
        tailnet_peer: follows('ok', 'It is this machine'),
        tailnet_path: notNeeded('It is this machine'),
      };
    case 'missing': {
      const unknown = appError('setup.tailnet_peer_unknown', '');
      return {
        tailscale_running: here,
        tailnet_peer: proven
          ? notNeeded('Reached, though it is not in the list of your tailnet')
          : follows('failed', 'It is not in the list', unknown),
        tailnet_path: notChecked('Not checked yet'),
      };
    }
    case 'peer':
      return {
        tailscale_running: here,
        tailnet_peer: presence(role.peer, proven),
        tailnet_path: evidence.path ? withRemedy(evidence.path) : pathRung(role.peer.path),
      };
  }
}

/** States that only a person ends. */
const PERSON: ReadonlySet<string> = new Set([
  'not_installed',
  'not_usable',
  'needs_login',
  'needs_approval',
  'stopped',
]);

function presence(peer: TailnetPeer, proven: boolean): RungDraft {
  const owner = peer.owner?.login ?? peer.tags[0] ?? '';
  const who = owner === '' ? peer.name : `${peer.name}, of ${owner}`;
  if (peer.expired && !proven) {
    return follows('failed', `${who}: its login has ended`, error('setup.tailnet_peer_expired'));
  }
  if (peer.online) return follows('ok', `Online: ${who}${ending(peer)}`);
  if (proven) return follows('ok', `${who} answers, though its login server does not hear it`);
  const since = peer.lastSeen === null ? '' : `, last seen ${minute(peer.lastSeen)}`;
  return follows('failed', `${who} is offline${since}`, error('link.tailnet_offline'));
}

const error = (code: 'setup.tailnet_peer_expired' | 'link.tailnet_offline'): AppError =>
  appError(code, '');
const minute = (at: number): string => `${new Date(at).toISOString().slice(0, 16)}Z`;
const ending = ({ keyExpiresAt }: TailnetPeer): string =>
  keyExpiresAt === null ? '' : `; its login is good until ${minute(keyExpiresAt).slice(0, 10)}`;

/** How a path is said. */
export function pathText(path: TailnetPath): string {
  switch (path.kind) {
    case 'direct':
      return 'Direct';
    case 'peer_relay':
      return 'Through another machine of the tailnet';
    case 'relayed':
      return path.region === null ? 'Through a relay' : `Through the relay ${path.region}`;
    case 'unknown':
      return 'Not known: nothing was sent to it lately';
  }
}

function pathRung(path: TailnetPath): RungDraft {
  if (path.kind === 'unknown') return notChecked(pathText(path));
  return { ...follows('ok', pathText(path)), durationMs: path.ms, at: path.pingedAt };
}

const withRemedy = (finding: NonNullable<LadderInput['evidence']['path']>): RungDraft =>
  found(finding, finding.code === null ? null : NO_PATH);

const NO_PATH =
  appError('setup.tailnet_no_path', '', {
    remedy: { actions: [{ kind: 'go', label: 'Look at my network', to: 'setup/tailnet' }] },
  }).remedy ?? null;
