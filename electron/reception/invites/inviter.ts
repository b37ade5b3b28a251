/** The inviter's half: what comes to `/peerage/v1/invite/<step>`. */
import { createHash, randomBytes } from 'node:crypto';
import type * as z from 'zod';
import { appError, assertNever, INVITE_MS } from '../../contract/index.ts';
import { oneLine } from '../framing.ts';
import type { ExchangeAnswer, InviteDoor } from '../http/door.ts';
import type { Origin } from '../http/listener.ts';
import { isOpen } from './book.ts';
import { Completing } from './completing.ts';
import type { ExchangeOptions } from './options.ts';
import {
  CompleteRequest,
  type RedeemReply,
  RedeemRequest,
  type RefusalReason,
  type StatusReply,
  StatusRequest,
} from './protocol.ts';
import { isFrom, refusal } from './refusals.ts';
import { type SealingKey, sealingKey } from './sealed.ts';
import { openMessage, signMessage } from './signing.ts';
import type { Invite } from './table.ts';
import { sixWords } from './words.ts';

/** A status is answered at the next change, and after this at the latest, ms. */
const STATUS_MS = 20_000;

/** 128 random bits, base64url: one half of what the words to compare are made of. */
export const newNonce = (): string => randomBytes(16).toString('base64url');
/** SHA-256 in hex: what an invite is known by where its code must not stand. */
export const hashOfCode = (code: string): string =>
  createHash('sha256').update(code, 'utf8').digest('hex');

/** Answers the redeemer. */
export class Inviter {
  readonly #options: ExchangeOptions;
  /** What tokens are sealed with; a restart makes another, and the redeemer asks again. */
  readonly #keys = new Map<string, SealingKey>();
  readonly #completing: Completing;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#completing = new Completing(options);
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
    // Another nonce would make other words: whoever could try many could search for fitting ones.
    const fits = ({ boundIdentity, exchange }: Invite): boolean =>
      boundIdentity === null || (boundIdentity === key && exchange.otherNonce === value.nonce);
    if (!fits(invite)) return no('used');
    if (invite.state !== 'open' && invite.state !== 'comparing') {
      return no(refusalOf(invite.state));
    }
    const now = reception.clock.now();
    if (now >= invite.expiresAt) return no('expired');
    const { only, gateway, ownNonce } = invite.exchange;
    if (only !== null && !isFrom(only, origin)) return no('other_machine');
    const identity = await reception.identity();
    const words = sixWords({
      inviterKey: identity.publicKey,
      redeemerKey: key,
      gatewayIdentity: gateway?.identity ?? null,
      tls: gateway?.tls ?? null,
      inviterNonce: ownNonce,
      redeemerNonce: value.nonce,
    });
    // Whoever comes first is the one: a second key finds it bound, in the same commit.
    let isFirst = false;
    const bound = await book.change(invite.id, (seen) => {
      if ((seen.state !== 'open' && seen.state !== 'comparing') || !fits(seen)) return null;
      isFirst = seen.boundIdentity === null;
      if (!isFirst) return {};
      return {
        state: 'comparing',
        usedAt: now,
        boundIdentity: key,
        expiresAt: now + INVITE_MS,
        peerName: seen.peerName || name,
        exchange: {
          otherName: name,
          otherNonce: value.nonce,
          address: origin.remote,
          proof: origin.proof,
          words,
        },
      };
    });
    if (!bound) return no('used');
    if (isFirst) {
      audit.write('invite_redeemed', null, `${name}, from ${origin.remote}`);
      reception.attention.invite({ id: invite.id, name });
    }
    const reply: z.infer<typeof RedeemReply> = {
      invite: invite.codeHash,
      to: value.nonce,
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
      const error = appError('invite.ended_there', 'It said no.');
      await book.end(invite.id, 'rejected', error);
      reception.attention.settle('invite', invite.id);
      return this.#signed('status', { invite: invite.codeHash, said: 'no', key: null });
    }
    if (value.said === 'yes' && isOpen(invite.state) && !invite.exchange.confirmedThere) {
      await book.change(invite.id, () => ({ exchange: { confirmedThere: true } }));
    }
    const told = this.#said(book.get(invite.id));
    if (told.said === 'nothing') await this.#nextChange(invite);
    return this.#signed('status', this.#said(book.get(invite.id)));
  }

  #said(invite: Invite): z.infer<typeof StatusReply> {
    const { codeHash } = invite;
    switch (invite.state) {
      case 'open':
      case 'comparing':
        return { invite: codeHash, said: 'nothing', key: null };
      case 'confirmed':
      case 'done':
        return {
          invite: codeHash,
          said: 'yes',
          key: invite.exchange.confirmedThere ? this.#keyFor(invite).publicKey : null,
        };
      case 'rejected':
      case 'cancelled':
      case 'expired':
      case 'failed':
        return { invite: codeHash, said: 'no', key: null };
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

  async #complete(message: unknown, origin: Origin): Promise<ExchangeAnswer> {
    const opened = openMessage(message, 'complete', CompleteRequest);
    if (!opened) return refusal('malformed');
    const { key, value } = opened;
    const invite = this.#bound(value.invite, key);
    if (!invite) return refusal('unknown');
    const reply = await this.#completing.complete(invite.id, value, this.#keyFor(invite), origin);
    return typeof reply === 'string' ? refusal(reply) : this.#signed('complete', reply);
  }
}

/** Why one that is over is refused: what was taken back here was not used by anybody. */
function refusalOf(state: Invite['state']): RefusalReason {
  if (state === 'expired') return 'expired';
  return state === 'cancelled' ? 'unknown' : 'used';
}

/** What an invite's text promises of a nonce. */
export const commitmentTo = (nonce: string): string =>
  createHash('sha256').update(nonce, 'utf8').digest('base64url');
