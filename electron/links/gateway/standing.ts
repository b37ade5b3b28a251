/** How well a connection stands that is up: its scopes, its latency, its agent. */
import type { Cancel, Clock } from '../../clock/clock.ts';
import type { LinkState } from '../../contract/index.ts';
import type { HelloFacts } from './events.ts';
import { Pace } from './pace.ts';

/** After a slow answer a second one is asked for this soon. */
const SECOND_LOOK_MS = 5000;

type Degraded = Extract<LinkState, { kind: 'degraded' }>;

/** Hears that the state changed, and that the latency should be measured once more. */
export interface StandingOwner {
  standingChanged(standing: Standing): void;
  lookAgain(): void;
}

/** What was agreed with the hello and measured since; ends with its connection. */
export class Standing {
  readonly facts: HelloFacts;
  readonly since: number;
  private readonly clock: Clock;
  private readonly wanted: readonly string[];
  private readonly owner: StandingOwner;
  private readonly pace = new Pace();
  private latencyMs: number | null;
  private agentMissing = false;
  private secondLook: Cancel | null = null;

  constructor(
    clock: Clock,
    facts: HelloFacts,
    wanted: readonly string[],
    latencyMs: number | null,
    owner: StandingOwner,
  ) {
    this.clock = clock;
    this.facts = facts;
    this.wanted = wanted;
    this.latencyMs = latencyMs;
    this.since = clock.now();
    this.owner = owner;
  }

  /** Takes note of one round trip. */
  sample(ms: number): void {
    this.latencyMs = ms;
    const { unsure } = this.pace.add(ms);
    this.end();
    if (unsure) this.secondLook = this.clock.after(SECOND_LOOK_MS, () => this.owner.lookAgain());
    this.owner.standingChanged(this);
  }

  /** The agent that threads go to is there, or not. */
  noteAgent(present: boolean): void {
    if (this.agentMissing === !present) return;
    this.agentMissing = !present;
    this.owner.standingChanged(this);
  }

  private reason(missing: readonly string[]): Degraded['reason'] | null {
    if (this.facts.scopes.length === 0) return 'no_scopes';
    if (missing.length > 0) return 'too_few_scopes';
    if (this.agentMissing) return 'agent_missing';
    return this.pace.isSlow ? 'slow' : null;
  }

  state(): LinkState {
    const { scopes, serverVersion } = this.facts;
    const admin = scopes.includes('operator.admin');
    const missingScopes = this.wanted.filter((scope) => !admin && !scopes.includes(scope));
    const latencyMs = this.latencyMs === null ? null : Math.round(this.latencyMs);
    const common = { since: this.since, scopes, serverVersion, latencyMs };
    const reason = this.reason(missingScopes);
    if (reason === null) return { kind: 'online', ...common };
    return { kind: 'degraded', ...common, reason, missingScopes };
  }

  end(): void {
    this.secondLook?.();
    this.secondLook = null;
  }
}
