/** The reception inside the app: what it needs of its neighbours, and who hears of it. */
import * as z from 'zod';
import type { Clock } from '../clock/clock.ts';
import {
  assertNever,
  type ChangeKey,
  type ChangeSink,
  codedError,
  DelegationId,
  type NoticeAction,
  type OwnGatewayView,
  placeText,
  ReceptionListen,
  type Settings,
  type WaitingView,
} from '../contract/index.ts';
import type { Notifications } from '../notifications/index.ts';
import type { PeerBook } from '../peers/index.ts';
import {
  type Attention,
  createReception,
  type Identity,
  type Reception,
  type ReceptionConfig,
  type Whois,
} from '../reception/index.ts';
import type { SecretStore } from '../secrets/index.ts';
import type { Store } from '../store/store.ts';
import type { AppState } from './app-state.ts';
import type { Device } from './device.ts';
import { createExecCheck } from './exec-check.ts';
import { createAdminDoor } from './own-gateway-admin.ts';
import type { GatewayDesk } from './own-gateway-desk.ts';
import { letOwnDeviceIn, type OwnRequest } from './own-gateway-let-in.ts';
import { createPeerPlaces } from './peer-places.ts';
import { receptionAgents } from './reception-agents.ts';
import { receptionPartners } from './reception-partners.ts';
import type { TailnetKeeper } from './tailnet-keeper.ts';

/** The neighbours whose narrow sides are handed to the reception. */
export interface ReceptionKeeperOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly changed: ChangeSink;
  readonly state: AppState;
  readonly settings: () => Settings;
  readonly tailnet: TailnetKeeper;
  readonly secrets: SecretStore;
  readonly homeId: string;
  readonly device: Device;
  readonly peers: PeerBook;
  readonly notifications: Pick<Notifications, 'offer' | 'settle' | 'end'>;
  readonly ownGateway: () => OwnGatewayView;
  readonly desk: Pick<GatewayDesk, 'handlers' | 'code'>;
  readonly displayName: string;
  readonly appVersion: string;
  readonly log: (line: string) => void;
}

/** The reception with its wiring: the app holds this, and reads the rest through it. */
export interface ReceptionKeeper {
  readonly reception: Reception;
  /** What waits for the person, as the app's view names it. */
  waiting(): readonly WaitingView[];
  /** Something changed that the reception must hear of. */
  hear(key: ChangeKey): void;
  stop(): Promise<void>;
}

const Config = z.object({ listen: ReceptionListen, port: z.number().int().min(0).max(65_535) });
const OFF: ReceptionConfig = { listen: 'off', port: 0 };
const STATE = 'reception';
/** So many wait: from here on one notice stands for all. */
const MANY = 4;
const ALL = 'delegations';

/** How much it presses, by what the caller wishes. */
const URGENCY = {
  low: 'low',
  normal: 'normal',
  high: 'normal',
  urgent: 'critical',
} as const;

const subjectOf = (kind: 'delegation' | 'invite', id: string): string => `${kind}:${id}`;

/** As on the cards: the safe one first. */
const decisions = (delegationId: string): NoticeAction[] => [
  {
    kind: 'call',
    id: 'decline',
    label: 'Decline',
    call: 'delegation.decline',
    input: { delegationId, reason: '' },
  },
  {
    kind: 'call',
    id: 'accept',
    label: 'Accept',
    call: 'delegation.accept',
    input: { delegationId },
  },
];

/** Opens the reception of this home. It listens after `reception.start`. */
export function createReceptionKeeper(options: ReceptionKeeperOptions): ReceptionKeeper {
  const { clock, state, tailnet, device, notifications, log } = options;
  const door = createAdminDoor(options);
  const unasked = createExecCheck(door, log);
  const letIn = (request: OwnRequest) => letOwnDeviceIn(door, request);
  const agents = receptionAgents({ ...options, unasked, letIn });

  const attention: Attention = {
    delegation: ({ id, caller, text, peerId, priority, quiet }) => {
      const many = reception.view().waiting >= MANY;
      notifications.offer({
        kind: 'message',
        subject: many ? ALL : subjectOf('delegation', id),
        title: many ? 'Several ask for work' : `${caller} asks for work`,
        text: many ? `${caller}: ${text}` : text,
        peerId,
        threadId: null,
        messageId: null,
        muted: false,
        quiet,
        quietInFocus: true,
        urgency: URGENCY[priority],
        to: placeText({
          kind: 'inbox',
          delegationId: many ? null : (DelegationId.safeParse(id).data ?? null),
        }),
        actions: many ? [] : decisions(id),
      });
    },
    invite: ({ id, name }) =>
      notifications.offer({
        kind: 'message',
        subject: subjectOf('invite', id),
        title: 'An invite was used',
        text: `${name} used it. Compare the six words before you confirm.`,
        to: placeText({ kind: 'setup', step: 'peer' }),
        peerId: null,
        threadId: null,
        messageId: null,
        muted: false,
        actions: [],
      }),
    chainEnded: ({ peerId, caller, text }) =>
      notifications.offer({
        kind: 'problem',
        subject: `chain:${peerId}`,
        title: `${caller}: a chain of agents was ended`,
        text,
        peerId,
        threadId: null,
        messageId: null,
        muted: false,
        actions: [],
      }),
    ended: ({ peerId, name }) =>
      notifications.offer({
        kind: 'message',
        subject: `ended:${peerId}`,
        title: `${name} ended the partnership`,
        text: 'It can ask you for nothing any more, and the link to its reception is removed. What was said stays.',
        peerId,
        threadId: null,
        messageId: null,
        muted: false,
        actions: [],
      }),
    settle: (kind, id) => {
      notifications.end(subjectOf(kind, id));
      if (kind === 'delegation' && reception.view().waiting === 0) notifications.settle(ALL);
    },
  };

  const whois = async (address: string, port: number): Promise<Whois | null> => {
    const host = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
    const found = await tailnet.tailscale.whois(host);
    if (!found.ok) throw new Error(found.error.code);
    const caller = found.value;
    return (
      caller && {
        nodeId: caller.nodeId,
        node: caller.node,
        user: caller.owner?.login ?? caller.tags.join(', '),
      }
    );
  };

  const addresses = (): readonly string[] => {
    const view = tailnet.view();
    return view.state.kind === 'running' ? view.state.self.addresses : [];
  };

  const names = (): readonly string[] => {
    const view = tailnet.view();
    if (view.state.kind !== 'running') return [];
    const { dnsName, name } = view.state.self;
    return [dnsName ?? '', name].filter((one) => one !== '');
  };

  const identity = async (): Promise<Identity> => {
    const found = await device.get();
    if (found.kind === 'ready') return found.signer;
    switch (found.reason) {
      case 'locked':
        throw codedError('secrets.locked', 'The key of this device cannot be read.');
      case 'absent':
        throw codedError('secrets.identity_missing', 'The key of this device is gone.');
      case 'unavailable':
        throw codedError('secrets.no_service', 'The key of this device cannot be read.');
      default:
        return assertNever(found.reason);
    }
  };

  const places = createPeerPlaces({
    ...options,
    tailnet: tailnet.view,
    hasGateway: () => options.ownGateway().kind === 'found',
    gateway: options.desk.handlers,
  });

  const reception = createReception({
    store: options.store,
    clock,
    changed: options.changed,
    config: {
      read: () => state.get(STATE, Config) ?? OFF,
      write: (config) => state.set(STATE, config),
    },
    settings: options.settings,
    tailnet: { addresses, names, whois },
    identity,
    partners: { ...receptionPartners(options), noteDevice: places.noteDevice },
    places,
    agents,
    attention,
    ownGateway: async () => outsideGateway(options),
    gatewayCode: options.desk.code,
    displayName: options.displayName,
    appVersion: options.appVersion,
    log,
  });

  const look = (): void => {
    reception.look().catch((error: unknown) => log(`reception: ${String(error)}`));
  };

  return {
    reception,
    waiting: () =>
      reception
        .delegations()
        .filter((d) => d.state === 'proposed' && (d.snoozedUntil ?? 0) <= clock.now())
        .map((d) => ({
          kind: 'delegation',
          id: d.id,
          title: `${d.caller} asks for work`,
          to: placeText({ kind: 'inbox', delegationId: d.id }),
        })),
    hear: (key) => {
      if (key.type === 'tailnet' || key.type === 'settings') look();
      if (key.type === 'peer') agents.look();
    },
    stop: async () => {
      await reception.stop();
      await agents.stop();
    },
  };
}

/** The own gateway where another machine can reach it; null while it listens on this one only. */
function outsideGateway(options: ReceptionKeeperOptions) {
  const seen = options.ownGateway();
  if (seen.kind !== 'found' || !URL.canParse(seen.url)) return null;
  const host = new URL(seen.url).hostname;
  if (host === 'localhost' || host === '[::1]' || /^127\./.test(host)) return null;
  const own = seen.peerIds.flatMap((peerId) => options.peers.linksOf(peerId));
  const link = own.find((one) => one.url === seen.url) ?? own[0];
  return {
    url: seen.url,
    identity: link?.pinnedIdentity ?? null,
    tls: link?.pinnedTls ?? null,
  };
}
