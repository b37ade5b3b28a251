import type { Cancel } from '../clock/clock.ts';
import { deadline } from '../clock/deadline.ts';
import type { LadderView, LinkState, OfflineCause, RungId, RungView } from '../contract/index.ts';
import { type Address, addressOf, isLoopback } from './address.ts';
import { type Climber, lookDownwards, lookUpwards } from './climbing.ts';
import { composeLadder, faultOf, reachOf } from './ladder.ts';
import type { HealthLink } from './looks.ts';
import { type Outcome, Outcomes } from './outcomes.ts';
import { type Evidence, type HealthTarget, NO_EVIDENCE } from './rung-draft.ts';
import { Settling } from './settling.ts';
import { lookAtOwnNetwork, lookAtPath, TailnetSide } from './tailnet-side.ts';
import { lookDelay, type Plan, planFor, SOON_MS } from './timing.ts';
import type { Vote, Watched, WatchHost } from './watch-host.ts';

/** Limits within a check, ms. */
const SETTLE_LIMIT_MS = 8_000;
const REQUEST_LIMIT_MS = 8_000;
/** A calm round trip may take long: busy gateways need up to 20 s. */
const PING_LIMIT_MS = 30_000;
/** A look younger than this is not repeated because of a new failure, ms. */
const FRESH_MS = 10_000;
/** *Check now* answers within 30 s, with what is known by then. */
export const CHECK_LIMIT_MS = 29_000;

/** Watches one link: looks when it is time, keeps what was found, and says how the ladder stands. */
export class LinkWatch implements Watched {
  readonly #host: WatchHost;
  readonly #link: HealthLink;
  readonly #outcomes: Outcomes;
  readonly #end = new AbortController();
  readonly #settling = new Settling();
  #target: HealthTarget;
  #address: Address | null;
  #state: LinkState = { kind: 'idle' };
  #evidence: Evidence = NO_EVIDENCE;
  #running: RungId | null = null;
  #check: Promise<LadderView> | null = null;
  #checking = false;
  #plan: Plan = 'none';
  /** Looks in a row that were slow or failed: each makes the next wait longer. */
  #streak = 0;
  /** Grows when the connection comes or goes: older looks are no evidence any more. */
  #era = 0;
  #checkedAt: number | null = null;
  #nextAt: number | null = null;
  #cancelNext: Cancel = () => {};
  #unroutable = false;
  #cause: OfflineCause | null = null;
  readonly #tailnet: TailnetSide;

  constructor(host: WatchHost, target: HealthTarget, link: HealthLink, known: Outcome) {
    this.#host = host;
    this.#target = target;
    this.#address = addressOf(target.url, target.kind);
    this.#link = link;
    this.#tailnet = new TailnetSide(host, () => this.#address);
    this.#outcomes = new Outcomes(host.clock, known, (outcome) =>
      host.remember(target.linkId, outcome),
    );
  }

  get target(): HealthTarget {
    return this.#target;
  }
  get state(): LinkState {
    return this.#state;
  }
  /** On this machine, or without an address at all: our own outage does not concern it. */
  get local(): boolean {
    return this.#address === null || isLoopback(this.#address.host);
  }
  get lost(): Watched['lost'] {
    return this.#tailnet.presence.lost;
  }
  get role(): Watched['role'] {
    return this.#tailnet.role;
  }
  /** The last two round trips were slow: a single one is no news. */
  get slow(): boolean {
    return this.#streak >= 2 && this.#evidence.ping?.status === 'slow';
  }
  /** How it counts for the question whether our own network is down. */
  get vote(): Vote {
    if (reachOf(this.#state) !== 'unknown') return 'connected';
    if (this.#evidence.tcp === null) return 'unknown';
    return this.#unroutable ? 'unroutable' : 'other';
  }

  /** New words or pins; a new address is another watch. */
  retarget(target: HealthTarget): void {
    if (target.agentId !== this.#target.agentId)
      this.#evidence = { ...this.#evidence, agent: null };
    this.#target = target;
    this.#address = addressOf(target.url, target.kind);
    this.#tell();
  }

  /** Tailscale says something new. */
  noteTailnet(): void {
    const turn = this.#tailnet.note();
    if (turn === 'went' && reachOf(this.#state) === 'connected') this.#schedule(0);
    if (turn === 'back' && this.#state.kind === 'offline') this.#link.reconnect();
    if (turn !== null) this.#evidence = { ...this.#evidence, path: null };
    this.#tell();
    this.#host.conditionChanged(this);
  }

  noteState(state: LinkState): void {
    const before = reachOf(this.#state);
    const now = reachOf(state);
    this.#state = state;
    if ((before === 'connected') !== (now === 'connected')) {
      if (now === 'connected') this.#tailnet.presence.answered();
      const { lastAnswerAt, tcp, http } = this.#evidence;
      this.#era++;
      this.#streak = 0;
      this.#cause = null;
      this.#evidence =
        now === 'connected'
          ? { ...NO_EVIDENCE, lastAnswerAt, tcp, http }
          : { ...NO_EVIDENCE, lastAnswerAt };
    }
    if (state.kind !== 'connecting' && state.kind !== 'idle') this.#settling.settled();
    const plan = planFor(state, this.#plan);
    if (plan !== this.#plan || this.#isNewCause(state)) {
      this.#plan = plan;
      this.lookSoon();
    }
    this.#tell();
    this.#host.conditionChanged(this);
  }

  /** It fails in another way than before: what was seen then is old. */
  #isNewCause(state: LinkState): boolean {
    const cause = state.kind === 'offline' ? state.cause : null;
    if (cause === null || cause === this.#cause) return false;
    this.#cause = cause;
    const { clock } = this.#host;
    if (this.#checkedAt !== null && clock.now() - this.#checkedAt < FRESH_MS) return false;
    this.#evidence = { ...this.#evidence, tcp: null, http: null };
    return true;
  }

  noteAnswer(): void {
    this.#tailnet.presence.answered();
    this.#evidence = { ...this.#evidence, lastAnswerAt: this.#host.clock.now() };
    this.#tell();
  }

  /** Looks within two seconds: after waking, after the network changed, when a connection went. */
  lookSoon(): void {
    this.#schedule(this.#plan === 'none' ? null : this.#host.random() * SOON_MS);
  }

  /** The whole ladder now. Answers within {@link CHECK_LIMIT_MS}; several callers share one. */
  check(): Promise<LadderView> {
    this.#check ??= this.#runCheck().finally(() => {
      this.#check = null;
    });
    return this.#check;
  }

  rungs(): RungView[] {
    return composeLadder({
      target: this.#target,
      state: this.#state,
      evidence: this.#evidence,
      ownNetworkDown: !this.local && this.#host.ownNetworkDown(),
      tailnet: this.#host.tailnet() ?? undefined,
      lost: this.lost !== null,
      running: this.#running,
      describe: this.#host.describe,
    });
  }

  ladder(): LadderView {
    return {
      linkId: this.#target.linkId,
      peerId: this.#target.peerId,
      rungs: this.rungs(),
      checking: this.#checking,
      checkedAt: this.#checkedAt,
      nextCheckAt: this.#nextAt,
      ...this.#outcomes.known,
    };
  }

  stop(): void {
    this.#cancelNext();
    this.#end.abort();
  }

  #tell(): void {
    const fault = faultOf(this.rungs());
    this.#outcomes.note(this.#state.kind === 'online' && fault === null, fault);
    this.#host.ladderChanged(this);
  }

  #schedule(delayMs: number | null): void {
    this.#cancelNext();
    this.#nextAt = null;
    if (delayMs === null || this.#end.signal.aborted) return;
    if (!this.local && this.#host.interfacesDown()) return;
    this.#nextAt = this.#host.clock.now() + Math.round(delayMs);
    const cancelTimer = this.#host.clock.after(delayMs, () => {
      this.#cancelNext = this.#host.queue.add(() => this.#look(), false);
    });
    this.#cancelNext = cancelTimer;
  }

  /** A calm look: a round trip where it is connected, else the two rungs below the handshake. */
  async #look(): Promise<void> {
    if (this.#end.signal.aborted) return;
    const climber = this.#climber(this.#end.signal);
    const well =
      reachOf(this.#state) === 'connected'
        ? await lookUpwards(
            climber,
            this.#link,
            PING_LIMIT_MS,
            this.#evidence.agent === null ? this.#target : null,
          )
        : await this.#lookDownwards(climber);
    if (well !== null) this.#streak = well ? 0 : this.#streak + 1;
    this.#checkedAt = this.#host.clock.now();
    this.#schedule(lookDelay(this.#plan, this.#streak, this.#host.random));
    this.#tell();
    this.#host.conditionChanged(this);
  }

  async #runCheck(): Promise<LadderView> {
    const { clock, queue } = this.#host;
    const limit = deadline(clock, CHECK_LIMIT_MS, this.#end.signal);
    this.#cancelNext();
    this.#checking = true;
    await new Promise<void>((resolve) => {
      const withdraw = queue.add(async () => {
        if (!limit.signal.aborted) await this.#climb(limit.signal);
        resolve();
      }, true);
      limit.signal.addEventListener('abort', () => {
        withdraw();
        resolve();
      });
    });
    limit.done();
    this.#checking = false;
    this.#running = null;
    this.#checkedAt = clock.now();
    this.#schedule(lookDelay(this.#plan, this.#streak, this.#host.random));
    this.#tell();
    this.#host.conditionChanged(this);
    return this.ladder();
  }

  async #climb(signal: AbortSignal): Promise<void> {
    if (!this.local && this.#host.interfacesDown()) return;
    const climber = this.#climber(signal);
    const noPath = await lookAtPath(climber, this.#host, this.#tailnet.role);
    const open = await this.#lookDownwards(climber);
    if (noPath) await lookAtOwnNetwork(climber, this.#host, noPath);
    const { kind } = this.#state;
    if (open && (kind === 'offline' || kind === 'idle' || kind === 'connecting')) {
      climber.at('handshake');
      if (kind !== 'connecting') this.#link.reconnect();
      await this.#settling.wait(this.#host.clock, SETTLE_LIMIT_MS, signal);
    }
    if (reachOf(this.#state) === 'connected' && !signal.aborted)
      await lookUpwards(this.#climber(signal), this.#link, REQUEST_LIMIT_MS, this.#target);
  }

  #lookDownwards(climber: Climber): Promise<boolean | null> {
    if (!this.#address) return Promise.resolve(false);
    return lookDownwards(climber, this.#address, (unroutable) => {
      this.#unroutable = unroutable;
    });
  }

  #climber(signal: AbortSignal): Climber {
    const { clock, probes } = this.#host;
    const era = this.#era;
    return {
      clock,
      probes,
      signal,
      at: (rung) => {
        if (!this.#checking) return;
        this.#running = rung;
        this.#host.ladderChanged(this);
      },
      take: (rung, finding) => {
        // Cut off by a stop or by the end of the check: that says nothing of the other side.
        if (era !== this.#era || signal.aborted) return false;
        this.#evidence = { ...this.#evidence, [rung]: finding };
        if (rung === 'ping' && finding?.status === 'ok') this.#tailnet.presence.answered();
        return true;
      },
    };
  }
}
