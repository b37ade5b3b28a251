/**
 * The redeemer's half: it calls, asks what the other side said, and completes. It goes on after a
 * restart with what stands in the database.
 */
import { randomBytes } from 'node:crypto';
import type * as z from 'zod';
import type { Cancel } from '../../clock/clock.ts';
import { within } from '../../clock/deadline.ts';
import { appError, type CodedError, codedError, type InviteId } from '../../contract/index.ts';
import type { Whois } from '../options.ts';
import { isOpen } from './book.ts';
import { type CallResult, callError, callInviter } from './calling.ts';
import { newNonce } from './inviter.ts';
import type { InviteText } from './link-text.ts';
import { type ExchangeOptions, hostOf, isLoopback, reachable } from './options.ts';
import { CompleteReply, type CompleteRequest, RedeemReply, StatusReply } from './protocol.ts';
import { seal, sealingKey, unseal } from './sealed.ts';
import { openMessage, signMessage } from './signing.ts';
import type { Invite } from './table.ts';
import { type Exchanged, sixWords } from './words.ts';

const CALL_MS = 10_000;
/** Longer than the inviter holds a status back. */
const STATUS_MS = 30_000;
const AGAIN_MS = 2_000;

/** What the first call brought. */
export interface Redeemed {
  readonly origin: string;
  readonly reply: z.infer<typeof RedeemReply>;
  readonly ownNonce: string;
  readonly words: string[];
}

export class Redeemer {
  readonly #options: ExchangeOptions;
  readonly #stop = new AbortController();
  readonly #going = new Map<InviteId, { again: Cancel | null; asking: AbortController }>();

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  /** Calls the inviter with the code. @throws CodedError invite.* */
  async redeem(invite: InviteText): Promise<Redeemed> {
    const { reception } = this.#options;
    const identity = await reception.identity();
    const ownNonce = newNonce();
    const name = reception.displayName;
    const message = signMessage(identity, 'redeem', { code: invite.code, name, nonce: ownNonce });
    let last: CodedError | null = null;
    for (const origin of invite.origins) {
      const result = await this.#call(origin, 'redeem', message, CALL_MS);
      if (result.kind !== 'answer') {
        last = callError(result);
        if (result.kind === 'unreachable') continue;
        throw last;
      }
      const opened = openMessage(result.body, 'redeem-reply', RedeemReply, invite.key);
      if (!opened) {
        throw codedError('invite.wrong_identity', `${origin} does not hold the inviter’s key.`);
      }
      const reply = opened.value;
      const known: Exchanged = {
        inviterKey: invite.key,
        redeemerKey: identity.publicKey,
        gatewayIdentity: reply.gatewayIdentity,
        tls: reply.tls,
        inviterNonce: reply.nonce,
        redeemerNonce: ownNonce,
      };
      return { origin, reply, ownNonce, words: sixWords(known) };
    }
    throw last ?? codedError('invite.unreachable', 'It names no address.');
  }

  /** Goes on with an invite that is open here: now, and until it ends. */
  go(id: InviteId): void {
    if (this.#stop.signal.aborted) return;
    const before = this.#going.get(id);
    before?.again?.();
    // What hangs in a call says what was so before; it is asked anew.
    before?.asking.abort();
    const asking = new AbortController();
    this.#going.set(id, { again: null, asking });
    void this.#round(id, asking).catch((error: unknown) => {
      if (asking.signal.aborted) return;
      this.#options.reception.log(`invite ${id}: ${String(error)}`);
      this.#later(id, asking);
    });
  }

  /** Tells the inviter that we said no, once; it may not hear it. */
  async sayNo(invite: Invite): Promise<void> {
    this.#going.get(invite.id)?.asking.abort();
    this.#going.get(invite.id)?.again?.();
    const [origin] = invite.exchange.origins;
    if (!origin) return;
    const { clock } = this.#options.reception;
    await within(clock, CALL_MS, null, (signal) => this.#status(invite, origin, 'no', signal));
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    for (const { again, asking } of this.#going.values()) {
      again?.();
      asking.abort();
    }
    this.#going.clear();
  }

  #later(id: InviteId, asking: AbortController): void {
    if (this.#stop.signal.aborted || asking.signal.aborted) return;
    const again = this.#options.reception.clock.after(AGAIN_MS, () => this.go(id));
    this.#going.set(id, { again, asking });
  }

  async #round(id: InviteId, asking: AbortController): Promise<void> {
    const { book } = this.#options;
    const invite = book.table.byId(id);
    const [origin] = invite?.exchange.origins ?? [];
    if (!invite || !origin || !isOpen(invite.state)) {
      this.#going.delete(id);
      return;
    }
    const said = invite.state === 'confirmed' ? 'yes' : 'nothing';
    const result = await this.#status(invite, origin, said, asking.signal);
    if (asking.signal.aborted) return;
    if (result.kind !== 'answer') {
      // The inviter forgot it, or it ran out over there; an unreachable one may come back in time.
      if (result.kind !== 'unreachable') await this.#fail(id, callError(result));
      else this.#later(id, asking);
      return;
    }
    const opened = openMessage(
      result.body,
      'status-reply',
      StatusReply,
      invite.exchange.inviterKey ?? '',
    );
    if (!opened) {
      await this.#fail(
        id,
        codedError('invite.wrong_identity', `${origin} answered with another key.`),
      );
      return;
    }
    const { said: theirs, key } = opened.value;
    if (theirs === 'no') {
      await book.end(id, 'rejected', appError('invite.rejected', 'The other side said no.'));
      this.#going.delete(id);
      return;
    }
    if (theirs === 'yes' && !invite.exchange.confirmedThere) {
      await book.change(id, () => ({ exchange: { confirmedThere: true } }));
    }
    const now = book.get(id);
    if (now.state === 'confirmed' && key !== null) await this.#complete(now, origin, key);
    else this.#later(id, asking);
  }

  async #status(
    invite: Invite,
    origin: string,
    said: 'nothing' | 'yes' | 'no',
    signal: AbortSignal,
  ): Promise<CallResult> {
    const identity = await this.#options.reception.identity();
    const message = signMessage(identity, 'status', { invite: invite.codeHash, said });
    return this.#call(origin, 'status', message, STATUS_MS, signal);
  }

  /** Exchanges the tokens. Repeated until an answer came: each time with a fresh token of ours. */
  async #complete(invite: Invite, origin: string, forKey: string): Promise<void> {
    const { reception, book } = this.#options;
    const identity = await reception.identity();
    const own = sealingKey();
    const origins = this.#ownOriginsFor(origin);
    const offered = invite.purpose === 'theirs' && origins.length > 0;
    const ours = offered ? await this.#offer(invite, origin) : null;
    const request: z.infer<typeof CompleteRequest> = {
      invite: invite.codeHash,
      key: own.publicKey,
      forKey,
      token: ours === null ? null : seal(own, forKey, 'redeemer', ours),
      origins: offered ? [...origins] : [],
    };
    const message = signMessage(identity, 'complete', request);
    const result = await this.#call(origin, 'complete', message, STATUS_MS);
    if (result.kind === 'refused' && result.reason === 'not_now') {
      this.#retry(invite.id);
      return;
    }
    if (result.kind === 'unreachable') {
      this.#retry(invite.id);
      return;
    }
    if (result.kind !== 'answer') {
      await this.#fail(invite.id, callError(result));
      return;
    }
    const key = invite.exchange.inviterKey ?? '';
    const opened = openMessage(result.body, 'complete-reply', CompleteReply, key);
    if (!opened) {
      await this.#fail(invite.id, codedError('invite.wrong_identity', 'Another key answered.'));
      return;
    }
    if (invite.purpose === 'mine') {
      await book.change(invite.id, () => ({
        state: 'done',
        exchange: { gateway: opened.value.gateway },
      }));
      this.#going.delete(invite.id);
      return;
    }
    const theirs =
      opened.value.token === null ? null : unseal(own, forKey, 'inviter', opened.value.token);
    if (theirs === null) {
      await this.#fail(invite.id, codedError('invite.protocol', 'The token could not be opened.'));
      return;
    }
    await this.#partner(invite.id, origin, theirs, opened.value.reached && ours !== null);
  }

  /** A token for the inviter, good before it leaves: it is used the moment it arrives there. */
  async #offer(invite: Invite, origin: string): Promise<string> {
    const { reception, book, tokens } = this.#options;
    const machine = await this.#machineAt(origin);
    const peerId = invite.peerId ?? (await reception.partners.add(invite.peerName, null));
    if (invite.peerId === null) await book.change(invite.id, () => ({ peerId }));
    const ours = randomBytes(32).toString('base64url');
    await reception.store.write(() => tokens.keep(peerId, ours, machine));
    return ours;
  }

  #retry(id: InviteId): void {
    const asking = this.#going.get(id)?.asking ?? new AbortController();
    this.#later(id, asking);
  }

  /** The way to ask the inviter; what it has of us is worth nothing where it cannot reach us. */
  async #partner(id: InviteId, origin: string, theirs: string, reachedUs: boolean): Promise<void> {
    const { reception, book, tokens } = this.#options;
    const { partners, store } = reception;
    const invite = book.get(id);
    const link = { origin, token: theirs, identity: invite.boundIdentity ?? '', tls: null };
    const { peerId: known } = invite;
    const peerId = known ?? (await partners.add(invite.peerName, link));
    if (known !== null) {
      await partners.setLink(known, link);
      if (!reachedUs) await store.write(() => tokens.revoke(known));
    }
    await book.change(id, () => ({
      state: 'done',
      peerId,
      exchange: { directions: reachedUs ? 'both' : 'we_ask_them' },
    }));
    this.#going.delete(id);
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

  async #fail(id: InviteId, error: CodedError): Promise<void> {
    this.#going.delete(id);
    const { book, reception } = this.#options;
    const { peerId } = book.get(id);
    await book.change(id, (now) =>
      isOpen(now.state) ? { state: 'failed', error: error.error, peerId: null } : null,
    );
    // Made for a token that came to nothing, and nothing else is known of it.
    if (peerId !== null) await reception.partners.remove(peerId);
  }

  async #call(
    origin: string,
    step: string,
    message: unknown,
    limitMs: number,
    signal: AbortSignal = this.#stop.signal,
  ): Promise<CallResult> {
    const { clock } = this.#options.reception;
    return callInviter(origin, step, message, {
      clock,
      limitMs,
      signal: AbortSignal.any([signal, this.#stop.signal]),
    });
  }
}
