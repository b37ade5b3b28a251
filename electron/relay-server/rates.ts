/** How often each may do what costs the others something. */
import type { Clock } from '../clock/clock.ts';
import { RateLimiter } from '../clock/throttle.ts';
import type { RelayLimits } from './limits.ts';
import { Refusal } from './protocol.ts';

/** @param waitMs after how long to come again. */
export const tooMany = (waitMs: number): Refusal =>
  new Refusal(429, 'relay.too_many_requests', 'too many requests', {
    headers: { 'Retry-After': String(Math.max(1, Math.ceil(waitMs / 1000))) },
  });

/**
 * The relay's rates by agent and by address, as {@link RelayLimits} sets them. Kept in memory only.
 */
export class Rates {
  readonly #sends: RateLimiter;
  readonly #registrations: RateLimiter;
  readonly #acknowledgements: RateLimiter;
  readonly #frames: RateLimiter;

  constructor(clock: Clock, limits: RelayLimits) {
    this.#sends = new RateLimiter(clock, limits.sends);
    this.#registrations = new RateLimiter(clock, limits.registrations);
    this.#acknowledgements = new RateLimiter(clock, limits.acknowledgements);
    this.#frames = new RateLimiter(clock, limits.frames);
  }

  /** Counts one message of this agent. @throws Refusal where it sent too many. */
  readonly send = (agentId: string): void => counted(this.#sends, agentId);

  /** Counts one registration from this address. @throws Refusal */
  readonly register = (address: string): void => counted(this.#registrations, address);

  /** Counts one acknowledgement by request. @throws Refusal */
  readonly acknowledge = (agentId: string): void => counted(this.#acknowledgements, agentId);

  /** The same for what comes by socket. False where it is too much. */
  readonly mayForward = (agentId: string): boolean => this.#sends.take(agentId) === 0;

  /** Any frame of an agent. @returns for how many ms its socket is not read then. */
  readonly frame = (agentId: string): number => this.#frames.owe(agentId);
}

function counted(limiter: RateLimiter, key: string): void {
  const wait = limiter.take(key);
  if (wait > 0) throw tooMany(wait);
}
