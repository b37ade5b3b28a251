/**
 * The redeemer's last step: it sends its token, or offers its gateway, and takes what comes back. It may
 * be repeated until an answer came, each time with a fresh token of ours.
 */
import { randomBytes } from 'node:crypto';
import type * as z from 'zod';
import { type CodedError, codedError, type InviteId } from '../../contract/index.ts';
import type { Whois } from '../options.ts';
import { isOpen } from './book.ts';
import { type CallResult, callError } from './calling.ts';
import { openOffer } from './gateway-offers.ts';
import { type ExchangeOptions, hostOf, isLoopback, reachable } from './options.ts';
import { CompleteReply, type CompleteRequest } from './protocol.ts';
import { type SealingKey, seal, sealingKey, unseal } from './sealed.ts';
import { fingerprintOf, openMessage, type Signed, signMessage } from './signing.ts';
import type { Invite } from './table.ts';
import { sixWords } from './words.ts';

type Reply = z.infer<typeof CompleteReply>;

/** How it went: `again` = no answer, or not yet; an error ends the invite. */
export type Finish = 'done' | 'again' | CodedError;

/** For an answer that is signed well, but belongs to another invite, or was sealed for another. */
export const notOurs = (): CodedError =>
  codedError('invite.protocol', 'What came is the answer to another question.');

/** Sends `complete`, and gives the peer what the inviter answers: its token, or its gateway. */
export class Finishing {
  readonly #options: ExchangeOptions;

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  /** `forKey`: what the inviter wants things sealed for. */
  async finish(
    invite: Invite,
    origin: string,
    forKey: string,
    call: (message: Signed) => Promise<CallResult>,
  ): Promise<Finish> {
    const { reception, offers } = this.#options;
    const own = sealingKey();
    const isMine = invite.purpose === 'mine';
    const origins = this.#ownOriginsFor(origin);
    const offered = !isMine && origins.length > 0;
    const ours = offered ? await this.#offer(invite, origin) : null;
    const request: z.infer<typeof CompleteRequest> = {
      invite: invite.codeHash,
      key: own.publicKey,
      forKey,
      token: ours === null ? null : seal(own, forKey, 'redeemer', ours),
      origins: offered ? [...origins] : [],
      gateway: isMine ? await offers.for(invite, own, forKey, 'redeemer') : null,
    };
    const result = await call(signMessage(await reception.identity(), 'complete', request));
    if (result.kind === 'unreachable') return 'again';
    if (result.kind === 'refused' && result.reason === 'not_now') return 'again';
    if (result.kind !== 'answer') return callError(result);
    const key = invite.exchange.inviterKey ?? '';
    const reply = openMessage(result.body, 'complete-reply', CompleteReply, key)?.value;
    if (!reply) return codedError('invite.wrong_identity', 'Another key answered.');
    if (reply.invite !== invite.codeHash) return notOurs();
    if (isMine) {
      const gaveCode = request.gateway !== null && request.gateway.code !== null;
      return this.#pair(invite, reply, own, forKey, gaveCode);
    }
    const theirs = reply.token === null ? null : unseal(own, forKey, 'inviter', reply.token);
    if (theirs === null) return codedError('invite.protocol', 'The token could not be opened.');
    return this.#partner(invite.id, origin, theirs, reply.reached && ours !== null);
  }

  /** A token for the inviter, good before it leaves: it is used the moment it arrives there. */
  async #offer(invite: Invite, origin: string): Promise<string> {
    const { reception, peers, tokens } = this.#options;
    const machine = await this.#machineAt(origin);
    const peerId = await peers.withLink(invite.id, null);
    const ours = randomBytes(32).toString('base64url');
    await reception.store.write(() => tokens.keep(peerId, ours, machine));
    return ours;
  }

  /** The way to ask the inviter; what it has of us is worth nothing where it cannot reach us. */
  async #partner(
    id: InviteId,
    origin: string,
    theirs: string,
    reachedUs: boolean,
  ): Promise<'done'> {
    const { book, tokens, peers } = this.#options;
    const identity = fingerprintOf(book.get(id).boundIdentity ?? '');
    const peerId = await peers.withLink(id, { origin, token: theirs, identity, tls: null });
    const done = await book.change(id, (now) => {
      if (!isOpen(now.state)) return null;
      if (!reachedUs) tokens.revoke(peerId);
      return {
        state: 'done',
        peerId,
        exchange: { directions: reachedUs ? 'both' : 'we_ask_them' },
      };
    });
    if (!done) await peers.tidy();
    await this.#options.reception.partners.noteDevice(peerId, identity, false);
    return 'done';
  }

  /** Asks the inviter's gateway to be let in; without a code the person has to type its token. */
  async #pair(
    { id, exchange }: Invite,
    { gateway }: Reply,
    own: SealingKey,
    forKey: string,
    gaveCode: boolean,
  ): Promise<Finish> {
    const { book, peers, reception } = this.#options;
    const { publicKey } = await reception.identity();
    const words = sixWords({
      inviterKey: exchange.inviterKey ?? '',
      redeemerKey: publicKey,
      gatewayIdentity: gateway?.identity ?? null,
      tls: gateway?.tls ?? null,
      inviterNonce: exchange.otherNonce,
      redeemerNonce: exchange.ownNonce,
    });
    // The words that were compared name one gateway, and this must be it.
    if (gateway && words.join() !== exchange.words?.join()) return notOurs();
    const opened = openOffer(gateway, own, forKey, 'inviter');
    if (opened === 'sealed_for_another') return notOurs();
    const peerId = opened === null ? null : await peers.withGateway(id, opened);
    const shown = gateway && { url: gateway.url, identity: gateway.identity, tls: gateway.tls };
    const done = await book.change(id, (now) =>
      isOpen(now.state) ? { state: 'done', peerId, exchange: { gateway: shown } } : null,
    );
    if (!done) await peers.tidy();
    const device = fingerprintOf(exchange.inviterKey ?? '');
    await reception.partners.noteDevice(peerId, device, gaveCode);
    return 'done';
  }

  /** Whom Tailscale knows at the inviter's address, so that the token is good from there only. */
  async #machineAt(origin: string): Promise<Whois | null> {
    const host = hostOf(origin);
    if (isLoopback(host)) return null;
    const port = Number(new URL(origin).port) || 80;
    return this.#options.reception.tailnet.whois(host, port).catch(() => null);
  }

  /** Ours, as far as the machine at `origin` could reach them. */
  #ownOriginsFor(origin: string): readonly string[] {
    const own = this.#options.ownOrigins();
    const near = isLoopback(hostOf(origin));
    return near
      ? own.filter((one) => isLoopback(hostOf(one)))
      : reachable(own).filter((one) => !isLoopback(hostOf(one)));
  }
}
