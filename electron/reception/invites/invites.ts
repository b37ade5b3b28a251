/** Invites of both directions, as calls of the contract. */
import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import {
  appError,
  type CallHandlers,
  CodedError,
  codedError,
  INVITE_MS,
  InviteId,
  type InviteView,
  ok,
} from '../../contract/index.ts';
import { oneLine } from '../framing.ts';
import type { InviteDoor } from '../http/door.ts';
import { createInviteBook, isOpen } from './book.ts';
import { createGatewayOffers } from './gateway-offers.ts';
import { commitmentTo, hashOfCode, Inviter, newNonce } from './inviter.ts';
import { type InviteText, previewOf, readInvite, writeInvite } from './link-text.ts';
import { type ExchangeOptions, reachable } from './options.ts';
import { createPeerMaker } from './peer-maker.ts';
import { Redeemer } from './redeemer.ts';
import type { Invite } from './table.ts';

/** The calls of a person about invites, on whichever side. */
export type InviteHandlers = Pick<
  CallHandlers,
  | 'invite.create'
  | 'invite.cancel'
  | 'invite.preview'
  | 'invite.redeem'
  | 'invite.confirm'
  | 'invite.reject'
  | 'invite.list'
>;

/** Both halves of the exchange with the book between them; `door` answers the other side. */
export interface Invites {
  readonly handlers: InviteHandlers;
  readonly door: InviteDoor;
  start(): void;
  stop(): Promise<void>;
  view(id: InviteId): InviteView | null;
  recent(): InviteView[];
}

/** Invites that may be open here at the same time. */
const OPEN_MOST = 20;
const SWEEP_MS = 5_000;

/** Opens the invites of a home. */
export function createInvites(given: Omit<ExchangeOptions, 'book' | 'peers' | 'offers'>): Invites {
  const { reception, audit } = given;
  const { store, clock, attention, log } = reception;
  const book = createInviteBook(store, clock, reception.changed);
  const peers = createPeerMaker(reception, book);
  const options: ExchangeOptions = {
    ...given,
    book,
    peers,
    offers: createGatewayOffers(reception),
  };
  const inviter = new Inviter(options);
  const redeemer = new Redeemer(options);

  const blank = {
    origins: [],
    only: null,
    inviterKey: null,
    otherName: '',
    address: '',
    proof: null,
    ownNonce: '',
    otherNonce: '',
    plannedPeerId: null,
    words: null,
    confirmedThere: false,
    directions: null,
    gateway: null,
  };

  const shown = (id: InviteId): InviteView => {
    const found = book.view(id);
    if (!found) throw codedError('invite.not_found', 'No invite has this id.');
    return found;
  };

  const create: CallHandlers['invite.create'] = async ({ for: purpose, peerName, address }) => {
    const origins = reachable(given.ownOrigins());
    if (origins.length === 0) {
      throw codedError('reception.off', 'An invite leads to the reception, which is off.');
    }
    if (book.table.open().length >= OPEN_MOST) {
      throw codedError('invite.too_many', `${OPEN_MOST} are open already.`);
    }
    // Without one here, the other machine may still have one.
    const gateway = purpose === 'mine' ? await reception.ownGateway() : null;
    const identity = await reception.identity();
    const code = randomBytes(16).toString('base64url');
    const ownNonce = newNonce();
    const now = clock.now();
    const invite: Invite = {
      id: InviteId.parse(v7({ msecs: now })),
      direction: 'issued',
      purpose,
      state: 'open',
      peerName: peerName ?? '',
      codeHash: hashOfCode(code),
      createdAt: now,
      expiresAt: now + INVITE_MS,
      usedAt: null,
      boundIdentity: null,
      exchange: { ...blank, only: address ?? null, ownNonce, gateway },
      peerId: null,
      error: null,
    };
    await book.add(invite);
    audit.write('invite_created', null, purpose);
    const text = writeInvite(
      {
        for: purpose,
        name: reception.displayName,
        origins,
        tls: gateway?.tls ?? null,
        code,
        commitment: commitmentTo(ownNonce),
        expiresAt: invite.expiresAt,
        only: invite.exchange.only,
      },
      identity,
    );
    return ok({ invite: shown(invite.id), text });
  };

  /** Reads it, and refuses what was not made for here. */
  const readFor = async (text: string): Promise<InviteText> => {
    const read = readInvite(text, clock.now());
    if (!read.ok) throw new CodedError(read.error);
    const invite = read.value;
    const hash = hashOfCode(invite.code);
    if (book.table.byCode(hash, 'issued'))
      throw codedError('invite.own', 'It was made by this app.');
    const used = book.table.byCode(hash, 'redeemed');
    if (used && used.state !== 'failed') {
      throw codedError('invite.used', 'It was used on this machine.');
    }
    const own = reception.tailnet.addresses();
    const { only } = invite;
    if (only !== null && own.length > 0 && /^[\d.]+$|:/.test(only) && !own.includes(only)) {
      throw codedError('invite.other_machine', `It was made for ${only}.`);
    }
    return invite;
  };

  const redeem: CallHandlers['invite.redeem'] = async ({ text, peerName }) => {
    const invite = await readFor(text);
    const found = await redeemer.redeem(invite);
    if (found.reply.for !== invite.for) {
      throw codedError('invite.protocol', 'It is for another kind of machine than it says.');
    }
    const now = clock.now();
    const made: Invite = {
      id: InviteId.parse(v7({ msecs: now })),
      direction: 'redeemed',
      purpose: found.reply.for,
      state: 'comparing',
      peerName,
      codeHash: hashOfCode(invite.code),
      createdAt: now,
      expiresAt: now + INVITE_MS,
      usedAt: now,
      boundIdentity: invite.key,
      exchange: {
        ...blank,
        origins: [found.origin],
        inviterKey: invite.key,
        otherName: oneLine(found.reply.name, 80),
        address: found.origin,
        ownNonce: found.ownNonce,
        otherNonce: found.reply.nonce,
        words: found.words,
      },
      peerId: null,
      error: null,
    };
    await book.add(made);
    redeemer.go(made.id);
    return ok({ invite: shown(made.id) });
  };

  const notNow = (invite: Invite): CodedError =>
    codedError('invite.not_now', `It is ${invite.state} now.`);

  const confirm: CallHandlers['invite.confirm'] = async ({ inviteId, peerName }) => {
    const before = book.get(inviteId);
    const done = await book.change(inviteId, (now) =>
      now.state === 'comparing' ? { state: 'confirmed', ...(peerName ? { peerName } : {}) } : null,
    );
    if (!done) throw notNow(book.get(inviteId));
    attention.settle('invite', inviteId);
    if (before.direction === 'redeemed') redeemer.go(inviteId);
    return ok({});
  };

  const finish = async (inviteId: InviteId, state: 'rejected' | 'cancelled'): Promise<void> => {
    const before = book.get(inviteId);
    if (!isOpen(before.state)) throw notNow(before);
    await book.end(inviteId, state, appError('invite.rejected', 'It was ended here.'));
    attention.settle('invite', inviteId);
    audit.write('invite_ended', null, state);
    if (before.direction === 'redeemed') {
      // A courtesy: the inviter's own limit ends it too.
      redeemer.sayNo(before).catch((error: unknown) => log(`invite ${inviteId}: ${String(error)}`));
    }
  };

  let stopSweeping = (): void => undefined;
  return {
    door: inviter.answer,
    handlers: {
      'invite.create': create,
      'invite.preview': async ({ text }) => {
        const invite = await readFor(text);
        return ok(previewOf(invite));
      },
      'invite.redeem': redeem,
      'invite.confirm': confirm,
      'invite.reject': async ({ inviteId }) => {
        await finish(inviteId, 'rejected');
        return ok({});
      },
      'invite.cancel': async ({ inviteId }) => {
        await finish(inviteId, 'cancelled');
        return ok({});
      },
      'invite.list': () => ok({ invites: book.recent() }),
    },
    start: () => {
      const sweep = (): void => {
        book
          .sweep()
          .then(() => peers.tidy())
          .catch((error: unknown) => log(`invites: ${String(error)}`));
      };
      stopSweeping = clock.every(SWEEP_MS, sweep);
      sweep();
      book.forgetOld().catch((error: unknown) => log(`invites: ${String(error)}`));
      for (const invite of book.table.open()) {
        if (invite.direction === 'redeemed') redeemer.go(invite.id);
      }
    },
    stop: async () => {
      stopSweeping();
      await redeemer.stop();
    },
    view: (id) => book.view(id),
    recent: () => book.recent(),
  };
}
