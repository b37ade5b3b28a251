/**
 * The running links: one per link of the peer book, held from its adding to its removal. A link
 * whose secrets cannot be read is not made yet; it shows `needs_secret` until they can.
 */
import type { Clock } from '../clock/clock.ts';
import { within } from '../clock/deadline.ts';
import type { AgentView, LinkId, LinkState, SecretNeed } from '../contract/index.ts';
import type { Link, LinkEvent } from '../links/link.ts';
import type { LinkRecord } from '../peers/index.ts';
import type { SecretStore } from '../secrets/index.ts';
import { deviceTokenStore } from './link-secrets.ts';

/** What the registry tells the services, in this order for each event. */
export interface LinkAudience {
  attached(linkId: LinkId): void;
  event(linkId: LinkId, event: LinkEvent): void;
  detached(linkId: LinkId): void;
}

/** Makes a link of a record; null where this version knows none of its kind. */
export type MakeLink = (record: LinkRecord) => Link | null;

/** What a kind of link needs before one can be made. */
export type Preparation =
  | { readonly kind: 'ready'; readonly make: MakeLink }
  | { readonly kind: 'unavailable'; readonly reason: SecretNeed };

/** What the registry needs to make a link of its record, and whom it tells. */
export interface LinkRegistryOptions {
  readonly clock: Clock;
  readonly secrets: SecretStore;
  readonly homeId: string;
  /** See link-factories.ts. */
  readonly prepare: (kind: LinkRecord['kind']) => Promise<Preparation>;
  /** The link as the peer book has it now; null once it is gone. */
  readonly record: (linkId: LinkId) => LinkRecord | null;
  /** What the agent behind a link can do, as its gateway tells. */
  readonly onCapabilities: (linkId: LinkId, tags: readonly string[]) => Promise<void>;
  readonly audience: LinkAudience;
  readonly log: (line: string) => void;
}

interface Held {
  link: Link | null;
  /** Shown while there is no link yet. */
  waiting: LinkState;
  agents: readonly AgentView[];
  forget: () => void;
  /** Ends what is under way for this link. */
  readonly abort: AbortController;
}

/** Cards that are read again at once, at most, and how old they are at least, ms. */
const MOST_CARDS = 32;
const CARD_AGE_MS = 30_000;

/** How long the list of agents may take, ms. */
const AGENTS_TIMEOUT_MS = 15_000;

/** Holds the links that run. One that it does not hold counts as `idle`, with no agents. */
export class LinkRegistry {
  readonly #options: LinkRegistryOptions;
  readonly #held = new Map<LinkId, Held>();
  #stopped = false;

  constructor(options: LinkRegistryOptions) {
    this.#options = options;
  }

  link(id: LinkId): Link | undefined {
    return this.#held.get(id)?.link ?? undefined;
  }

  state(id: LinkId): LinkState {
    const held = this.#held.get(id);
    return held?.link?.state() ?? held?.waiting ?? { kind: 'idle' };
  }

  agents(id: LinkId): readonly AgentView[] {
    return this.#held.get(id)?.agents ?? [];
  }

  /** The name of an agent as its gateway lists it; null while it is not known. */
  agentName(id: LinkId, agentId: string | null): string | null {
    const agents = this.agents(id);
    const found = agents.find((agent) =>
      agentId === null ? agent.isDefault : agent.id === agentId,
    );
    return found?.name ?? null;
  }

  /** Begins to hold a link. */
  hold(record: LinkRecord): void {
    if (this.#stopped || this.#held.has(record.id)) return;
    const held: Held = {
      link: null,
      waiting: { kind: 'idle' },
      agents: [],
      forget: () => undefined,
      abort: new AbortController(),
    };
    this.#held.set(record.id, held);
    this.#begin(record.id, held);
  }

  /** Lets a link go, in order. */
  async drop(id: LinkId): Promise<void> {
    const held = this.#held.get(id);
    if (!held) return;
    this.#held.delete(id);
    held.abort.abort();
    held.forget();
    this.#options.audience.detached(id);
    await held.link?.stop();
  }

  /**
   * The record changed: what a connection was made with is fixed, so it is made anew. The device's own
   * token goes where the link leads elsewhere, which it was not given for, and where a credential was
   * replaced, which could not prove itself beside it.
   */
  async renew(record: LinkRecord, forgetDeviceToken: boolean): Promise<void> {
    await this.drop(record.id);
    if (forgetDeviceToken) await this.#forgetDeviceToken(record.id);
    this.hold(record);
  }

  async #forgetDeviceToken(id: LinkId): Promise<void> {
    const { secrets, homeId, log } = this.#options;
    try {
      await deviceTokenStore(secrets, homeId, id).clear();
    } catch (error) {
      log(`link ${id}: its device token was not forgotten: ${String(error)}`);
    }
  }

  /** A person asked: tries now, whatever the state. */
  reconnect(id: LinkId): void {
    const held = this.#held.get(id);
    if (!held) return;
    if (held.link) held.link.reconnect();
    else this.#begin(id, held);
  }

  /** The network is back: what was only unreachable is tried now; what was refused is left alone. */
  networkBack(): void {
    for (const held of this.#held.values())
      if (held.link?.state().kind === 'offline') held.link.reconnect();
  }

  /** Secrets can be read (again): links that waited for them go on. */
  secretsReady(): void {
    for (const [id, held] of this.#held) {
      if (this.state(id).kind === 'needs_secret') this.reconnect(id);
      else if (!held.link) this.#begin(id, held);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#held.keys()].map((id) => this.drop(id)));
  }

  /** An abort before all was in hand ends the attempt silently: the link is gone. */
  #begin(id: LinkId, held: Held): void {
    const { prepare, log } = this.#options;
    const record = this.#options.record(id);
    if (!record) return;
    prepare(record.kind)
      .then((found) => {
        const now = this.#options.record(id);
        if (held.abort.signal.aborted || held.link || !now) return;
        if (found.kind === 'ready') this.#attach(now, held, found.make);
        else this.#wait(id, held, { kind: 'needs_secret', reason: found.reason });
      })
      .catch((error: unknown) => {
        log(`link ${id}: ${String(error)}`);
        this.#wait(id, held, { kind: 'needs_secret', reason: 'unavailable' });
      });
  }

  #wait(id: LinkId, held: Held, state: LinkState): void {
    if (held.abort.signal.aborted) return;
    held.waiting = state;
    this.#options.audience.event(id, { kind: 'state', state });
  }

  #attach(record: LinkRecord, held: Held, make: MakeLink): void {
    const { id } = record;
    const { audience, log } = this.#options;
    const made = make(record);
    if (made === null) {
      log(`link ${id}: links of the kind ${record.kind} are not known to this version`);
      return;
    }
    held.link = made;
    const link = made;
    held.forget = link.on((event) => {
      if (event.kind === 'ready' || event.kind === 'skills') this.#learnAgents(id, held, link);
      audience.event(id, event);
    });
    audience.attached(id);
    link.start();
  }

  /**
   * Asks again what the agents behind cards can do, where that was not asked just now. Whoever answers
   * later than this, ms, is known by what was told before. Never rejects.
   */
  async freshenCards(limitMs: number): Promise<void> {
    const { clock, onCapabilities, log } = this.#options;
    const known = [...this.#held].flatMap(([id, { link }]) =>
      link?.kind === 'a2a' && link.state().kind === 'online' ? [{ id, link }] : [],
    );
    const asked = known.slice(0, MOST_CARDS).map(({ id, link }) =>
      within(clock, limitMs, null, async (signal) => {
        const tags = await link.capabilities?.(signal, CARD_AGE_MS);
        if (tags && link.state().kind === 'online') await onCapabilities(id, tags);
      }).catch((error: unknown) => log(`link ${id}: its card was not read: ${String(error)}`)),
    );
    await Promise.all(asked);
  }

  #learnAgents(id: LinkId, held: Held, link: Link): void {
    const { clock, audience, onCapabilities, log } = this.#options;
    const ended = held.abort.signal;
    within(clock, AGENTS_TIMEOUT_MS, ended, async (signal) => {
      const agents = await link.agents(signal);
      if (ended.aborted) return;
      held.agents = agents;
      audience.event(id, { kind: 'state', state: link.state() });
      const tags = await link.capabilities?.(signal);
      if (tags && !ended.aborted) await onCapabilities(id, tags);
    }).catch((error: unknown) =>
      log(`link ${id}: its agents or their skills were not listed: ${String(error)}`),
    );
  }
}
