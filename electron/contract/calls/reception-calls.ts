/** Calls about the reception: where it listens, invites, incoming work, and the end of it all. */
import * as z from 'zod';
import { RECEPTION_LIMITS } from '../a2a.ts';
import { DelegationId, InviteId, MessageId, PeerId, ThreadId } from '../ids.ts';
import {
  AgentView,
  DelegationTurn,
  DelegationView,
  InviteFor,
  InvitePreview,
  InviteView,
  PeerDevice,
  PeerMachineRelation,
  ReceptionListen,
  ReceptionView,
} from '../views/index.ts';
import { nothing } from './app-calls.ts';
import { command, query } from './call.ts';
import { line, messageText, paragraph, requiredLine } from './text.ts';

/** A file of an answer that a person gives by hand, whole. */
const answerFile = z.object({
  name: requiredLine(255),
  mediaType: z.string().max(200),
  /** Base64. */
  data: z.string().max(Math.ceil(RECEPTION_LIMITS.answerFilesBytes / 3) * 4 + 4),
});

/** The most UTF-16 units of an invite as pasted, white space included. */
export const INVITE_TEXT_LIMIT = 8_000;

/** How long an invite is good, and how long its words can be compared, in ms. */
export const INVITE_MS = 10 * 60_000;

const agentId = z.string().min(1).max(200);
const inviteText = z.string().max(INVITE_TEXT_LIMIT);
const one = z.object({ delegationId: DelegationId });
const invite = z.object({ inviteId: InviteId });

/** Where the reception listens; invites from both sides; decisions on incoming work. */
export const receptionCalls = {
  /** Listens as told from now on, also after a restart. `port` 0 = any free one, then kept. */
  'reception.configure': command(
    'window',
    z.object({ listen: ReceptionListen, port: z.number().int().min(0).max(65_535) }),
    ReceptionView,
  ),

  /**
   * Makes an invite, good for ten minutes and one use. The text is given once and not kept; a window
   * draws it as a QR code itself. `address`: only a caller from there may redeem it.
   */
  'invite.create': command(
    'window',
    z.object({
      for: InviteFor,
      peerName: line(80).optional(),
      address: z.string().trim().min(1).max(255).optional(),
    }),
    z.object({ invite: InviteView, text: z.string() }),
  ),
  'invite.cancel': command('window', invite, nothing),
  /** Reads an invite and calls nobody. Fails with exactly why it cannot be used: `invite.*`. */
  'invite.preview': query('window', z.object({ text: inviteText }), InvitePreview),
  /** Calls the inviter; resolves when both sides can compare the words. */
  'invite.redeem': command(
    'window',
    z.object({ text: inviteText, peerName: requiredLine(80) }),
    z.object({ invite: InviteView }),
  ),
  /** The person compared the six words: they are the same. `peerName`: how to call the peer here. */
  'invite.confirm': command('window', invite.extend({ peerName: line(80).optional() }), nothing),
  /** The words differ, or the person does not want it. Nothing is kept of it. */
  'invite.reject': command('window', invite, nothing),
  /** Newest first: what is open, and what ended within the last day. */
  'invite.list': query('window', nothing, z.object({ invites: z.array(InviteView) })),

  /** Newest first. `before`: the last one of the page that one has. */
  'delegation.list': query(
    'window',
    z.object({
      which: z.enum(['waiting', 'open', 'over', 'all']),
      search: line(200).optional(),
      peerId: PeerId.optional(),
      before: DelegationId.optional(),
      limit: z.number().int().min(1).max(200),
    }),
    z.object({ delegations: z.array(DelegationView), more: z.boolean() }),
  ),
  /** The whole of it: text, talk and answer in full. */
  'delegation.open': query(
    'window',
    one,
    z.object({ delegation: DelegationView, text: z.string(), turns: z.array(DelegationTurn) }),
  ),
  /** Lets it through to an agent of the own gateway. It may run commands here. `text`: as edited. */
  'delegation.accept': command(
    'window',
    one.extend({ agentId: agentId.optional(), text: messageText.optional() }),
    nothing,
  ),
  /** The agents of the own gateway, the default one first: to whom work can be let through. */
  'delegation.agents': query('window', nothing, z.object({ agents: z.array(AgentView) })),
  /** The reason is told to the caller. */
  'delegation.decline': command('window', one.extend({ reason: paragraph(2_000) }), nothing),
  /** Stops the agent's run, or takes back an accepted one that has not begun. */
  'delegation.stop': command('window', one, nothing),
  /** Sends an answer as a message of ours, to a peer that never comes for it. Needs a link to it. */
  'delegation.sendBack': command(
    'window',
    one,
    z.object({ threadId: ThreadId, messageId: MessageId }),
  ),
  /** Stops everything that came in and is with an agent, or on its way to one. */
  'delegation.stopAll': command(
    'window',
    nothing,
    z.object({
      stopped: z.number().int(),
      /** Those of which the gateway did not say that they stopped. */
      left: z.number().int(),
    }),
  ),
  /**
   * Answers it by hand, with the person's own words and files, whatever was decided before; what an agent
   * does with it is stopped. `stopped` false = the gateway did not say that it stopped; it is asked again. Refused with
   * `message.looks_secret` where the text or a text file looks like a secret, unless `anyway`.
   */
  'delegation.answer': command(
    'window',
    one.extend({
      text: messageText,
      files: z.array(answerFile).max(RECEPTION_LIMITS.answerFiles),
      anyway: z.boolean(),
    }),
    z.object({ stopped: z.boolean() }),
  ),
  /** Asks the caller something; the answer resumes the same delegation. */
  'delegation.askBack': command('window', one.extend({ text: paragraph(8_000) }), nothing),
  /** Keeps it out of the way until then (ms since the epoch); null = back again. */
  'delegation.snooze': command(
    'window',
    one.extend({ until: z.number().int().nullable() }),
    nothing,
  ),

  /** What an end of the partnership would do, and what it cannot undo. */
  'partnership.preview': query(
    'window',
    z.object({ peerId: PeerId }),
    z.object({
      /** The token with which the peer asks us. */
      theirToken: z.object({ issuedAt: z.number(), lastUsedAt: z.number().nullable() }).nullable(),
      /** Addresses at which we hold a token of theirs. */
      ourTokens: z.array(z.string()),
      /** Delegations of theirs that are open, and will be ended. */
      openDelegations: z.number().int(),
      /** Secrets of ours that the peer ever held, in plain words. */
      held: z.array(z.string()),
      /** Its places at the own gateway, as far as they can be told. */
      devices: z.array(PeerDevice),
      /** It may know the shared token of the own gateway, which should get a new value then. */
      knowsGatewayToken: z.boolean(),
      /** Its machine in the tailnet, where it is one: how it is got rid of there. */
      machine: z.object({ name: z.string(), relation: PeerMachineRelation }).nullable(),
    }),
  ),
  /** Revokes their token, ends what is open, forgets our tokens; says so to the peer if it can be reached. */
  'partnership.end': command(
    'window',
    z.object({
      peerId: PeerId,
      /** Also take the peer out of the book (with the usual undo, which does not bring tokens back). */
      removePeer: z.boolean(),
      /** Devices of the preview to be removed at the own gateway. */
      removeDevices: z.array(z.string().max(200)).max(50).optional(),
    }),
    z.object({
      /** What could not be done, in plain words; empty = all of it. */
      left: z.array(z.string()),
    }),
  ),
} as const;
