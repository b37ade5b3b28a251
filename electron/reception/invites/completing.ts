/** The inviter's last step: tokens, or places at the gateways, and a peer; once, and repeatable. */
import type * as z from 'zod';
import type { InviteId, PeerId } from '../../contract/index.ts';
import type { Origin } from '../http/listener.ts';
import type { PartnerLink } from '../options.ts';
import { REPEAT_MS } from './book.ts';
import { answersAt } from './calling.ts';
import { openOffer } from './gateway-offers.ts';
import { type ExchangeOptions, hostOf } from './options.ts';
import type { CompleteReply, CompleteRequest, RefusalReason } from './protocol.ts';
import { type SealingKey, seal, unseal } from './sealed.ts';
import { fingerprintOf } from './signing.ts';
import type { Invite } from './table.ts';

type Request = z.infer<typeof CompleteRequest>;
type Reply = z.infer<typeof CompleteReply>;

/** Answers `complete`, once both sides said yes; until then the answer is `not_now`. */
export class Completing {
  readonly #options: ExchangeOptions;
  readonly #running = new Map<InviteId, Promise<unknown>>();

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  /**
   * One at a time: an invite makes one peer, however often that is asked at once.
   * @returns why not, or what to answer
   */
  async complete(
    id: InviteId,
    value: Request,
    own: SealingKey,
    origin: Origin,
  ): Promise<RefusalReason | Reply> {
    const answer = (this.#running.get(id) ?? Promise.resolve())
      .catch(() => undefined)
      .then(() => this.#now(id, value, own, origin));
    this.#running.set(id, answer);
    try {
      return await answer;
    } finally {
      if (this.#running.get(id) === answer) this.#running.delete(id);
    }
  }

  /** Both said yes; or it is done, and a lost answer may be repeated while its peer is one still. */
  #may({ state, exchange, purpose, peerId, expiresAt }: Invite): boolean {
    const { partners, clock } = this.#options.reception;
    if (clock.now() > expiresAt + REPEAT_MS) return false;
    if (state === 'confirmed') return exchange.confirmedThere;
    if (state !== 'done' || purpose === 'mine') return state === 'done';
    return (
      peerId !== null && partners.name(peerId) !== null && this.#options.tokens.of(peerId) !== null
    );
  }

  async #now(
    id: InviteId,
    value: Request,
    own: SealingKey,
    origin: Origin,
  ): Promise<RefusalReason | Reply> {
    const { book } = this.#options;
    const invite = book.get(id);
    if (!this.#may(invite) || value.forKey !== own.publicKey) return 'not_now';
    const reply =
      invite.purpose === 'mine'
        ? await this.#pair(invite, value, own)
        : await this.#exchange(invite, value, own, origin);
    if (typeof reply !== 'string') this.#options.reception.attention.settle('invite', id);
    return reply;
  }

  /** Each asks the other's gateway to be let in, where there is one to ask. */
  async #pair(invite: Invite, value: Request, own: SealingKey): Promise<RefusalReason | Reply> {
    const { book, offers, peers, reception } = this.#options;
    const { id, codeHash } = invite;
    const opened = openOffer(value.gateway, own, value.key, 'redeemer');
    if (opened === 'sealed_for_another') return 'malformed';
    const gateway = await offers.for(invite, own, value.key, 'inviter');
    // What they offer is a gift: where it cannot be taken now, they are let in here all the same.
    const peerId =
      opened === null
        ? invite.peerId
        : await peers.withGateway(id, opened).catch((error: unknown) => {
            reception.log(`invite ${id}: their gateway was not added: ${String(error)}`);
            return invite.peerId;
          });
    const done = await book.change(id, (now) =>
      this.#may(now) ? { state: 'done', peerId } : null,
    );
    if (!done) {
      await peers.tidy();
      return 'not_now';
    }
    await this.#note(invite, peerId, gateway !== null && gateway.code !== null);
    return { invite: codeHash, token: null, reached: peerId !== null, gateway };
  }

  #note(invite: Invite, peerId: PeerId | null, byCode: boolean): Promise<void> {
    const device = fingerprintOf(invite.boundIdentity ?? '');
    return this.#options.reception.partners.noteDevice(peerId, device, byCode);
  }

  async #exchange(
    invite: Invite,
    value: Request,
    own: SealingKey,
    origin: Origin,
  ): Promise<RefusalReason | Reply> {
    const theirs = value.token === null ? null : unseal(own, value.key, 'redeemer', value.token);
    if (value.token !== null && theirs === null) return 'malformed';
    const link = theirs === null ? null : await this.#wayBack(value, theirs, invite, origin);
    const token = await this.#partner(invite.id, link, origin);
    if (token === null) return 'not_now';
    return {
      invite: invite.codeHash,
      token: seal(own, value.key, 'inviter', token),
      reached: link !== null,
      gateway: null,
    };
  }

  /** Where we can ask the redeemer: only at the address that it called from, and only if it answers. */
  async #wayBack(
    { origins }: Request,
    token: string,
    invite: Invite,
    from: Origin,
  ): Promise<PartnerLink | null> {
    const key = invite.boundIdentity ?? '';
    for (const origin of origins) {
      if (!URL.canParse(origin) || new URL(origin).origin !== origin) continue;
      if (hostOf(origin) !== from.remote) continue;
      if (await answersAt(origin, this.#options.reception.clock)) {
        return { origin, token, identity: fingerprintOf(key), tls: null };
      }
    }
    return null;
  }

  /** Makes the peer, once, and gives it a token of its own; null where it was ended meanwhile. */
  async #partner(id: InviteId, link: PartnerLink | null, origin: Origin): Promise<string | null> {
    const { book, tokens, peers } = this.#options;
    if (!this.#may(book.get(id))) return null;
    const owner = await peers.withLink(id, link);
    let token: string | null = null;
    // The last look, the token and the end in one commit.
    await book.change(id, (now) => {
      if (!this.#may(now)) return null;
      token = tokens.issue(owner, origin.machine);
      const directions = link ? 'both' : 'they_ask_us';
      return { state: 'done', peerId: owner, exchange: { directions } };
    });
    if (token === null) await peers.tidy();
    else await this.#note(book.get(id), owner, false);
    return token;
  }
}
