/** Which sessions are watched, over all connections. */
import type { HelloFacts } from './events.ts';
import type { LinkLog } from './options.ts';
import type { Wire } from './wire.ts';

const LIMIT_MS = 10_000;

/** Approvals are told only to whoever holds the scope for them. */
const paramsFor = (key: string, facts: HelloFacts): object =>
  facts.scopes.includes('operator.approvals') ? { key, includeApprovals: true } : { key };

/** Where the present connection is to be had. */
export interface LiveConnection {
  readonly live: Wire | null;
  readonly hello: HelloFacts | null;
}

/** Counts who watches each session, so that one subscription serves all of them. */
export class Watching {
  private readonly everything: boolean;
  private readonly connection: LiveConnection;
  private readonly log: LinkLog | undefined;
  private counts: Map<string, number> | null = null;

  /** @param everything all sessions of the gateway: right for the own one, never for a peer's. */
  constructor(everything: boolean, connection: LiveConnection, log: LinkLog | undefined) {
    this.everything = everything;
    this.connection = connection;
    this.log = log;
  }

  /** Subscribes anew on a fresh connection. Throws a WireError. */
  async subscribe(wire: Wire, facts: HelloFacts): Promise<void> {
    const limit = { timeoutMs: LIMIT_MS };
    if (this.everything) await wire.request('sessions.subscribe', {}, limit);
    for (const key of this.counts?.keys() ?? []) {
      await wire.request('sessions.messages.subscribe', paramsFor(key, facts), limit);
    }
  }

  /** Watches one session until the returned function is called. */
  watch(sessionKey: string): () => void {
    const counts = this.counts ?? new Map<string, number>();
    this.counts = counts;
    const count = counts.get(sessionKey) ?? 0;
    counts.set(sessionKey, count + 1);
    if (count === 0) {
      this.tell('sessions.messages.subscribe', (facts) => paramsFor(sessionKey, facts));
    }
    let released = false;
    return () => {
      if (released) return;
      released = true;
      const left = (counts.get(sessionKey) ?? 1) - 1;
      if (left > 0) {
        counts.set(sessionKey, left);
        return;
      }
      counts.delete(sessionKey);
      this.tell('sessions.messages.unsubscribe', () => ({ key: sessionKey }));
    };
  }

  private tell(method: string, params: (facts: HelloFacts) => object): void {
    const { live, hello } = this.connection;
    if (!live || !hello || hello.scopes.length === 0) return;
    const asked = live.request(method, params(hello), { timeoutMs: LIMIT_MS });
    asked.catch((error: unknown) => this.log?.('debug', String(error)));
  }
}
