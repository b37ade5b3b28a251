/**
 * The redeemer's half: it calls, asks what the other side said, and completes. It goes on after a
 * restart with what stands in the database.
 */
import type * as z from 'zod';
import { underAll } from '../../clock/aborting.ts';
import type { Cancel } from '../../clock/clock.ts';
import { within } from '../../clock/deadline.ts';
import { appError, type CodedError, codedError, type InviteId } from '../../contract/index.ts';
import { isOpen } from './book.ts';
import { type CallResult, callError, callInviter } from './calling.ts';
import { Finishing, notOurs } from './finishing.ts';
import { commitmentTo, hashOfCode, newNonce } from './inviter.ts';
import type { InviteText } from './link-text.ts';
import type { ExchangeOptions } from './options.ts';
import { RedeemReply, StatusReply } from './protocol.ts';
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

/** Takes each invite that was redeemed here to its end, or until it runs out. */
export class Redeemer {
  readonly #options: ExchangeOptions;
  readonly #finishing: Finishing;
  readonly #stop = new AbortController();
  /** By the invite's code: asked again after a lost answer, the inviter takes no other. */
  readonly #nonces = new Map<string, string>();
  readonly #going = new Map<InviteId, { again: Cancel | null; asking: AbortController }>();

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#finishing = new Finishing(options);
  }

  /** Calls the inviter with the code. @throws CodedError invite.* */
  async redeem(invite: InviteText): Promise<Redeemed> {
    const { reception } = this.#options;
    const identity = await reception.identity();
    const codeHash = hashOfCode(invite.code);
    const ownNonce = this.#nonces.get(codeHash) ?? newNonce();
    this.#nonces.set(codeHash, ownNonce);
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
      if (reply.invite !== codeHash || reply.to !== ownNonce) throw notOurs();
      if (commitmentTo(reply.nonce) !== invite.commitment) {
        throw codedError('invite.wrong_identity', 'It does not keep what its invite promised.');
      }
      this.#nonces.delete(codeHash);
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
    if (opened.value.invite !== invite.codeHash) return this.#fail(id, notOurs());
    const { said: theirs, key } = opened.value;
    if (theirs === 'no') {
      await book.end(id, 'rejected', appError('invite.ended_there', 'It said no.'));
      this.#going.delete(id);
      return;
    }
    if (theirs === 'yes' && !invite.exchange.confirmedThere) {
      await book.change(id, () => ({ exchange: { confirmedThere: true } }));
    }
    const now = book.get(id);
    if (now.state !== 'confirmed' || key === null) return this.#later(id, asking);
    const end = await this.#finishing.finish(now, origin, key, (message) =>
      this.#call(origin, 'complete', message, STATUS_MS),
    );
    if (end === 'again') this.#later(id, asking);
    else if (end === 'done') this.#going.delete(id);
    else await this.#fail(id, end);
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

  async #fail(id: InviteId, error: CodedError): Promise<void> {
    this.#going.delete(id);
    const { book, peers } = this.#options;
    await book.change(id, (now) =>
      isOpen(now.state) ? { state: 'failed', error: error.error, peerId: null } : null,
    );
    await peers.tidy();
  }

  async #call(
    origin: string,
    step: string,
    message: unknown,
    limitMs: number,
    signal: AbortSignal = this.#stop.signal,
  ): Promise<CallResult> {
    const { clock } = this.#options.reception;
    return underAll([signal, this.#stop.signal], (either) =>
      callInviter(origin, step, message, { clock, limitMs, signal: either }),
    );
  }
}
