/** The inviter's half: what comes to `/peerage/v1/invite/<step>`. */
import { createHash, randomBytes } from 'node:crypto';
import type * as z from 'zod';
import { appError, assertNever, type InviteId } from '../../contract/index.ts';
import { oneLine } from '../framing.ts';
import type { ExchangeAnswer, InviteDoor } from '../http/door.ts';
import type { Origin } from '../http/listener.ts';
import type { PartnerLink } from '../options.ts';
import { INVITE_MS, isOpen, REPEAT_MS } from './book.ts';
import { answersAt } from './calling.ts';
import { type ExchangeOptions, hostOf } from './options.ts';
import {
  type CompleteReply,
  CompleteRequest,
  type RedeemReply,
  RedeemRequest,
  type RefusalReason,
  type StatusReply,
  StatusRequest,
} from './protocol.ts';
import { isFrom, refusal } from './refusals.ts';
import { type SealingKey, seal, sealingKey, unseal } from './sealed.ts';
import { openMessage, signMessage } from './signing.ts';
import type { Invite } from './table.ts';
import { sixWords } from './words.ts';

/** A status is answered at the next change, and after this at the latest, ms. */
const STATUS_MS = 20_000;

export const newNonce = (): string => randomBytes(16).toString('base64url');
export const hashOfCode = (code: string): string =>
  createHash('sha256').update(code, 'utf8').digest('hex');

/** Answers the redeemer. */
export class Inviter {
  readonly #options: ExchangeOptions;
  /** What tokens are sealed with; a restart makes another, and the redeemer asks again. */
  readonly #keys = new Map<string, SealingKey>();
  readonly #completing = new Map<InviteId, Promise<unknown>>();

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  readonly answer: InviteDoor = (step, message, origin) => {
    switch (step) {
      case 'redeem':
        return this.#redeem(message, origin);
      case 'status':
        return this.#status(message);
      case 'complete':
        return this.#complete(message, origin);
      default:
        return Promise.resolve(refusal('malformed'));
    }
  };

  async #signed(step: string, value: unknown): Promise<ExchangeAnswer> {
    const identity = await this.#options.reception.identity();
    return { status: 200, body: signMessage(identity, `${step}-reply`, value) };
  }

  async #redeem(message: unknown, origin: Origin): Promise<ExchangeAnswer> {
    const { book, audit, reception } = this.#options;
    const opened = openMessage(message, 'redeem', RedeemRequest);
    if (!opened) return refusal('malformed');
    const { key, value } = opened;
    const name = oneLine(value.name, 80);
    if (name === '') return refusal('malformed');
    const invite = book.table.byCode(hashOfCode(value.code), 'issued');
    if (!invite) return refusal('unknown');
    const no = (reason: RefusalReason): ExchangeAnswer => {
      audit.write('invite_refused', null, `${reason}, from ${origin.remote}`);
      return refusal(reason);
    };
    if (invite.boundIdentity !== null && invite.boundIdentity !== key) return no('used');
    if (invite.state !== 'open' && invite.state !== 'comparing') {
      return no(invite.state === 'expired' ? 'expired' : 'used');
    }
    const now = reception.clock.now();
    if (now >= invite.expiresAt) return no('expired');
    const { only } = invite.exchange;
    if (only !== null && !isFrom(only, origin)) return no('other_machine');
    const identity = await reception.identity();
    const gateway = invite.purpose === 'mine' ? await reception.ownGateway() : null;
    const ownNonce = newNonce();
    const words = sixWords({
      inviterKey: identity.publicKey,
      redeemerKey: key,
      gatewayIdentity: gateway?.identity ?? null,
      tls: gateway?.tls ?? null,
      inviterNonce: ownNonce,
      redeemerNonce: value.nonce,
    });
    // Whoever comes first is the one: a second key finds it bound, in the same commit.
    const bound = await book.change(invite.id, (seen) =>
      (seen.state === 'open' || seen.state === 'comparing') &&
      (seen.boundIdentity === null || seen.boundIdentity === key)
        ? {
            state: 'comparing',
            usedAt: seen.usedAt ?? now,
            boundIdentity: key,
            expiresAt: seen.usedAt === null ? now + INVITE_MS : seen.expiresAt,
            peerName: seen.peerName || name,
            exchange: {
              otherName: name,
              address: origin.remote,
              proof: origin.proof,
              ownNonce,
              words,
              confirmedThere: false,
              gateway,
            },
          }
        : null,
    );
    if (!bound) return no('used');
    audit.write('invite_redeemed', null, `${name}, from ${origin.remote}`);
    reception.attention.invite({ id: invite.id, name });
    const reply: z.infer<typeof RedeemReply> = {
      name: reception.displayName,
      nonce: ownNonce,
      for: invite.purpose,
      gatewayIdentity: gateway?.identity ?? null,
      tls: gateway?.tls ?? null,
    };
    return this.#signed('redeem', reply);
  }

  /** The invite that a bound redeemer speaks of. */
  #bound(hash: string, key: string): Invite | null {
    const invite = this.#options.book.table.byCode(hash, 'issued');
    return invite && invite.boundIdentity === key ? invite : null;
  }

  async #status(message: unknown): Promise<ExchangeAnswer> {
    const { book, reception } = this.#options;
    const opened = openMessage(message, 'status', StatusRequest);
    if (!opened) return refusal('malformed');
    const { key, value } = opened;
    const invite = this.#bound(value.invite, key);
    if (!invite) return refusal('unknown');
    if (value.said === 'no') {
      const error = appError('invite.rejected', 'The other side said no.');
      await book.end(invite.id, 'rejected', error);
      reception.attention.settle('invite', invite.id);
      return this.#signed('status', { said: 'no', key: null });
    }
    if (value.said === 'yes' && isOpen(invite.state) && !invite.exchange.confirmedThere) {
      await book.change(invite.id, () => ({ exchange: { confirmedThere: true } }));
    }
    const told = this.#said(book.get(invite.id));
    if (told.said === 'nothing') await this.#nextChange(invite);
    return this.#signed('status', this.#said(book.get(invite.id)));
  }

  #said(invite: Invite): z.infer<typeof StatusReply> {
    switch (invite.state) {
      case 'open':
      case 'comparing':
        return { said: 'nothing', key: null };
      case 'confirmed':
      case 'done':
        return {
          said: 'yes',
          key: invite.exchange.confirmedThere ? this.#keyFor(invite).publicKey : null,
        };
      case 'rejected':
      case 'cancelled':
      case 'expired':
      case 'failed':
        return { said: 'no', key: null };
      default:
        return assertNever(invite.state);
    }
  }

  #keyFor(invite: Invite): SealingKey {
    const key = this.#keys.get(invite.id) ?? sealingKey();
    this.#keys.set(invite.id, key);
    return key;
  }

  #nextChange(invite: Invite): Promise<void> {
    const { book, reception } = this.#options;
    return new Promise((resolve) => {
      const done = (): void => {
        cancel();
        forget();
        resolve();
      };
      const forget = book.watch(invite.id, done);
      const cancel = reception.clock.after(STATUS_MS, done);
    });
  }

  /** One at a time: an invite makes one peer, however often that is asked at once. */
  async #complete(message: unknown, origin: Origin): Promise<ExchangeAnswer> {
    const opened = openMessage(message, 'complete', CompleteRequest);
    if (!opened) return refusal('malformed');
    const { key, value } = opened;
    const invite = this.#bound(value.invite, key);
    if (!invite) return refusal('unknown');
    const { id } = invite;
    const answer = (this.#completing.get(id) ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => this.#completeNow(id, value, origin));
    this.#completing.set(id, answer);
    try {
      return await answer;
    } finally {
      if (this.#completing.get(id) === answer) this.#completing.delete(id);
    }
  }

  /** Both said yes; or it is done, and a lost answer may be repeated while its peer is one still. */
  #mayComplete({ state, exchange, purpose, peerId, expiresAt }: Invite): boolean {
    const { partners, clock } = this.#options.reception;
    if (clock.now() > expiresAt + REPEAT_MS) return false;
    if (state === 'confirmed') return exchange.confirmedThere;
    if (state !== 'done' || purpose === 'mine') return state === 'done';
    return (
      peerId !== null && partners.name(peerId) !== null && this.#options.tokens.of(peerId) !== null
    );
  }

  async #completeNow(
    id: InviteId,
    value: z.infer<typeof CompleteRequest>,
    origin: Origin,
  ): Promise<ExchangeAnswer> {
    const { book, reception } = this.#options;
    const invite = book.get(id);
    if (!this.#mayComplete(invite)) return refusal('not_now');
    const own = this.#keyFor(invite);
    if (value.forKey !== own.publicKey) return refusal('not_now');
    if (invite.purpose === 'mine') {
      const done = await book.change(id, (now) =>
        this.#mayComplete(now) ? { state: 'done' } : null,
      );
      if (!done) return refusal('not_now');
      reception.attention.settle('invite', id);
      return this.#signed('complete', {
        token: null,
        reached: false,
        gateway: invite.exchange.gateway,
      });
    }
    const theirs = value.token === null ? null : unseal(own, value.key, 'redeemer', value.token);
    if (value.token !== null && theirs === null) return refusal('malformed');
    const link = theirs === null ? null : await this.#wayBack(value, theirs, invite, origin);
    const token = await this.#partner(id, link, origin);
    if (token === null) return refusal('not_now');
    reception.attention.settle('invite', id);
    const reply: z.infer<typeof CompleteReply> = {
      token: seal(own, value.key, 'inviter', token),
      reached: link !== null,
      gateway: null,
    };
    return this.#signed('complete', reply);
  }

  /** Where we can ask the redeemer: only at the address that it called from, and only if it answers. */
  async #wayBack(
    { origins }: z.infer<typeof CompleteRequest>,
    token: string,
    invite: Invite,
    from: Origin,
  ): Promise<PartnerLink | null> {
    const identity = invite.boundIdentity ?? '';
    for (const origin of origins) {
      if (!URL.canParse(origin) || new URL(origin).origin !== origin) continue;
      if (hostOf(origin) !== from.remote) continue;
      if (await answersAt(origin, this.#options.reception.clock)) {
        return { origin, token, identity, tls: null };
      }
    }
    return null;
  }

  /** Makes the peer, once, and gives it a token of its own; null where it was ended meanwhile. */
  async #partner(id: InviteId, link: PartnerLink | null, origin: Origin): Promise<string | null> {
    const { book, reception, tokens } = this.#options;
    const { partners } = reception;
    const invite = book.get(id);
    if (!this.#mayComplete(invite)) return null;
    const owner = invite.peerId ?? (await partners.add(invite.peerName, link));
    if (invite.peerId !== null && link) await partners.setLink(owner, link);
    let token: string | null = null;
    // The last look, the token and the end in one commit.
    await book.change(id, (now) => {
      if (!this.#mayComplete(now)) return null;
      token = tokens.issue(owner, origin.machine);
      const directions = link ? 'both' : 'they_ask_us';
      return { state: 'done', peerId: owner, exchange: { directions } };
    });
    if (token === null && invite.peerId === null) await partners.remove(owner);
    return token;
  }
}
