/** Calls about peers, their links, the practice peer and the own gateway. */
import * as z from 'zod';
import { LinkId, PeerId } from '../ids.ts';
import { AppError } from '../result.ts';
import {
  AgentCardView,
  AgentView,
  LadderView,
  LinkState,
  OwnGatewayView,
  PeerDetail,
  PeerRow,
  SessionView,
  ThreadView,
} from '../views/index.ts';
import { nothing } from './app-calls.ts';
import { command, query } from './call.ts';
import { line, paragraph, requiredLine } from './text.ts';

/** A secret on its way in. It goes to the keychain and never comes back out. */
const secretText = z.string().min(1).max(2048);

/** What a link proves itself with at a gateway, in plain text, only on its way to the keychain. */
export const CredentialInput = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('token'), value: secretText }),
  z.object({ kind: z.literal('password'), value: secretText }),
  z.object({ kind: z.literal('none') }),
]);
export type CredentialInput = z.infer<typeof CredentialInput>;

/** As typed; links/gateway normalises it and refuses it with a reason (`link.url_*`). */
const urlText = z.string().trim().min(1).max(2048);
const agentId = z.string().min(1).max(200).nullable();
const sessionKey = z.string().min(1).max(400).nullable();

/** An OpenClaw gateway. Null `agentId`: its default agent; null `sessionKey`: one per thread. */
export const GatewayLinkInput = z.object({
  kind: z.literal('gateway'),
  url: urlText,
  credential: CredentialInput,
  agentId,
  sessionKey,
});
export type GatewayLinkInput = z.infer<typeof GatewayLinkInput>;

/** Where an A2A agent is, or its card, or its endpoint; its token is sent as a bearer token. */
export const A2aLinkInput = z.object({
  kind: z.literal('a2a'),
  url: urlText,
  credential: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('token'), value: secretText }),
    z.object({ kind: z.literal('none') }),
  ]),
});
export type A2aLinkInput = z.infer<typeof A2aLinkInput>;

/** One way to reach a peer, as a person gives it. */
export const LinkInput = z.discriminatedUnion('kind', [GatewayLinkInput, A2aLinkInput]);
export type LinkInput = z.infer<typeof LinkInput>;

/** What one careful connection attempt found, before anything is stored. */
export const ProbeResult = z.object({
  /** The URL as it will be stored: scheme and port filled in. */
  url: z.string(),
  state: LinkState,
  stateText: z.string(),
  error: AppError.nullable(),
  agents: z.array(AgentView),
  sessions: z.array(SessionView),
  identity: z.string().nullable(),
  tlsFingerprint: z.string().nullable(),
  /** Of an A2A agent. */
  card: AgentCardView.nullable(),
  durationMs: z.number(),
});
export type ProbeResult = z.infer<typeof ProbeResult>;

const peerFields = {
  name: requiredLine(80),
  nickname: line(40).nullable(),
  group: line(40).nullable(),
  notes: paragraph(10_000),
  capabilities: z.array(requiredLine(40)).max(64),
};

/** SHA-256 of a device key, lower-case hex. */
const keyPrint = z.string().regex(/^[0-9a-f]{64}$/);

/** Trying, adding, changing and removing peers and links; their health; practice; own gateway. */
export const peerCalls = {
  /** Tries a URL and credential once, within 15 s, and stores nothing. */
  'link.probe': command(
    'window',
    z.object({
      url: urlText,
      credential: CredentialInput,
      kind: z.enum(['gateway', 'a2a']).default('gateway'),
    }),
    ProbeResult,
  ),
  'peer.add': command(
    'window',
    z.object({ ...peerFields, link: LinkInput }).partial({
      nickname: true,
      group: true,
      notes: true,
      capabilities: true,
    }),
    z.object({ peerId: PeerId }),
  ),
  'peer.update': command(
    'window',
    z.object({
      peerId: PeerId,
      changes: z.object({ ...peerFields, favourite: z.boolean() }).partial(),
    }),
    nothing,
  ),
  /** Hides it at once; the row and its secrets go for good when the undo runs out (`undoMs`). */
  'peer.remove': command(
    'window',
    z.object({ peerId: PeerId }),
    z.object({ undoMs: z.number().int() }),
  ),
  'peer.restore': command('window', z.object({ peerId: PeerId }), nothing),
  /** Opens a peer's page: its detail, threads and ladders; patches for them follow until closed. */
  'peer.open': query(
    'window',
    z.object({ peerId: PeerId }),
    z.object({
      detail: PeerDetail,
      threads: z.array(ThreadView),
      ladders: z.array(LadderView),
    }),
  ),
  'peer.close': command('window', z.object({ peerId: PeerId }), nothing),
  /** Finds a peer by what a person types: exact name, then nickname, then unique prefix. */
  'peer.resolve': query(
    'any',
    z.object({ text: requiredLine(80) }),
    z.object({ matches: z.array(PeerRow) }),
  ),
  'peer.list': query('any', nothing, z.object({ peers: z.array(PeerRow) })),
  'peer.acknowledgeFirstUse': command('window', z.object({ peerId: PeerId }), nothing),

  'link.add': command(
    'window',
    z.object({ peerId: PeerId, link: LinkInput }),
    z.object({ linkId: LinkId }),
  ),
  'link.update': command(
    'window',
    z.object({
      linkId: LinkId,
      changes: z
        .object({ url: urlText, credential: CredentialInput, agentId, sessionKey })
        .partial(),
    }),
    nothing,
  ),
  'link.remove': command('window', z.object({ linkId: LinkId }), nothing),
  /** Tries now, also where the link had stopped trying by itself. */
  'link.reconnect': command('window', z.object({ linkId: LinkId }), nothing),
  /** The person compared the new identity and trusts it. `seen` guards against a second change. */
  'link.trustIdentity': command(
    'window',
    z.object({ linkId: LinkId, seen: z.string().min(1).max(200) }),
    nothing,
  ),
  /**
   * Has the Peerage at a link prove its device key now. `ours` = what they see of us; null while the
   * keychain is locked. Nothing is sent or kept.
   */
  'link.deviceKey': query(
    'window',
    z.object({ linkId: LinkId }),
    z.object({ fingerprint: keyPrint, ours: keyPrint.nullable() }),
  ),
  /** The person compared that key: from now on it has to be proven before anything goes there. */
  'link.pinDevice': command('window', z.object({ linkId: LinkId, fingerprint: keyPrint }), nothing),
  'link.agents': query(
    'any',
    z.object({ linkId: LinkId }),
    z.object({ agents: z.array(AgentView) }),
  ),
  'link.sessions': query(
    'any',
    z.object({ linkId: LinkId, agentId }),
    z.object({ sessions: z.array(SessionView) }),
  ),

  /** Check now: the whole ladder, at once. Answers when it is done, within 30 s. */
  'health.check': command('any', z.object({ linkId: LinkId }), z.object({ ladder: LadderView })),
  /** The ladder as plain text for a bug report, without secrets. */
  'health.report': query('any', z.object({ linkId: LinkId }), z.object({ text: z.string() })),

  /** Starts the built-in practice peer, once; a second call gives the same peer. */
  'practice.start': command('window', nothing, z.object({ peerId: PeerId })),
  /** Tells the practice peer how to behave from now on. */
  'practice.behave': command(
    'window',
    z.object({
      behaviour: z.enum([
        'well',
        'slow',
        'refuse_token',
        'needs_approval',
        'restart',
        'disconnect',
        'fail_answers',
      ]),
    }),
    nothing,
  ),
  /** Looks for the OpenClaw config of this user; reads no secret. */
  'ownGateway.detect': command('window', nothing, OwnGatewayView),
  /** The click: reads the credential into the keychain, and makes a peer of the gateway's agent. */
  'ownGateway.connect': command(
    'window',
    z.object({ name: requiredLine(80), agentId, credential: CredentialInput.nullable() }),
    z.object({ peerId: PeerId }),
  ),
  /**
   * Gives our links to the own gateway what its configuration says now: the port, and the token or
   * password, which goes from the file into the keychain. Fails as `ownGateway.connect`.
   */
  'ownGateway.readAgain': command('window', nothing, z.object({ links: z.number().int() })),
} as const;
