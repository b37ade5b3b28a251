/** Which sessions are watched, over all connections. */
import type { HelloFacts } from './events.ts';
import type { LinkLog } from './options.ts';
import type { Wire } from './wire.ts';

const LIMIT_MS = 10_000;

/** Approvals are told only to whoever holds the scope for them. */
const paramsFor = (key: string, facts: HelloFacts): object =>
  facts.scopes.includes('operator.approvals') ? { key, includeApprovals: true } : { key };

export interface LiveConnection {
  readonly wire: Wire;
  readonly facts: HelloFacts;
}

export class Watching {
  private readonly counts = new Map<string, number>();
  private readonly everything: boolean;
  private readonly live: () => LiveConnection | null;
  private readonly log: LinkLog | undefined;

  /** @param everything all sessions of the gateway: right for the own one, never for a peer's. */
  constructor(everything: boolean, live: () => LiveConnection | null, log: LinkLog | undefined) {
    this.everything = everything;
    this.live = live;
    this.log = log;
  }

  /** Subscribes anew on a fresh connection. Throws a WireError. */
  async subscribe(wire: Wire, facts: HelloFacts): Promise<void> {
    const limit = { timeoutMs: LIMIT_MS };
    if (this.everything) await wire.request('sessions.subscribe', {}, limit);
    for (const key of this.counts.keys()) {
      await wire.request('sessions.messages.subscribe', paramsFor(key, facts), limit);
    }
  }

  /** Watches one session until the returned function is called. */
  watch(sessionKey: string): () => void {
    const count = this.counts.get(sessionKey) ?? 0;
    this.counts.set(sessionKey, count + 1);
    if (count === 0) {
      this.tell('sessions.messages.subscribe', (facts) => paramsFor(sessionKey, facts));
    }
    let released = false;
    return () => {
      if (released) return;
      released = true;
      const left = (this.counts.get(sessionKey) ?? 1) - 1;
      if (left > 0) {
        this.counts.set(sessionKey, left);
        return;
      }
      this.counts.delete(sessionKey);
      this.tell('sessions.messages.unsubscribe', () => ({ key: sessionKey }));
    };
  }

  private tell(method: string, params: (facts: HelloFacts) => object): void {
    const live = this.live();
    if (!live || live.facts.scopes.length === 0) return;
    const asked = live.wire.request(method, params(live.facts), { timeoutMs: LIMIT_MS });
    asked.catch((error: unknown) => this.log?.('debug', String(error)));
  }
}
