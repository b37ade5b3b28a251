/**
 * The running links: one per link of the peer book, held from its adding to its removal. A link
 * whose secrets cannot be read is not made yet; it shows `needs_secret` until they can.
 */
import type { Clock } from '../clock/clock.ts';
import { type AgentView, assertNever, type LinkId, type LinkState } from '../contract/index.ts';
import type { GatewayLinkOptions, Pins } from '../links/gateway/options.ts';
import type { Link, LinkEvent } from '../links/link.ts';
import type { LinkRecord } from '../peers/index.ts';
import type { SecretStore } from '../secrets/index.ts';
import type { Device } from './device.ts';
import { credentialOf, deviceTokenStore } from './link-secrets.ts';

/** What the registry tells the services, in this order for each event. */
export interface LinkAudience {
  attached(linkId: LinkId): void;
  event(linkId: LinkId, event: LinkEvent): void;
  detached(linkId: LinkId): void;
}

export interface LinkRegistryOptions {
  readonly clock: Clock;
  readonly secrets: SecretStore;
  readonly homeId: string;
  readonly device: Device;
  readonly displayName: string;
  readonly appVersion: string;
  readonly createLink: (options: GatewayLinkOptions) => Link;
  /** The link as the peer book has it now; null once it is gone. */
  readonly record: (linkId: LinkId) => LinkRecord | null;
  readonly isOwn: (link: LinkRecord) => boolean;
  readonly onPin: (linkId: LinkId, pins: Pins) => void;
  /** What the agent behind a link can do, as its gateway tells. */
  readonly onCapabilities: (linkId: LinkId, tags: readonly string[]) => void;
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

/** How long the list of agents may take, ms. */
const AGENTS_TIMEOUT_MS = 15_000;

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

  /** An abort before the identity was read ends the attempt silently: the link is gone. */
  #begin(id: LinkId, held: Held): void {
    const { device, log } = this.#options;
    device
      .get()
      .then((found) => {
        const record = this.#options.record(id);
        if (held.abort.signal.aborted || held.link || !record) return;
        if (found.kind === 'ready') {
          this.#attach(record, held, found.signer);
          return;
        }
        this.#wait(id, held, { kind: 'needs_secret', reason: found.reason });
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

  #attach(record: LinkRecord, held: Held, signer: GatewayLinkOptions['device']): void {
    const { id } = record;
    const { clock, secrets, homeId, audience, onPin, log, isOwn } = this.#options;
    switch (record.kind) {
      case 'gateway':
        held.link = this.#options.createLink({
          id,
          url: record.url,
          credential: async () => {
            const now = this.#options.record(id);
            return now
              ? credentialOf(secrets, homeId, now)
              : { kind: 'unavailable', reason: 'absent' };
          },
          device: signer,
          deviceToken: deviceTokenStore(secrets, homeId, id),
          pins: { identity: record.pinnedIdentity, tls: record.pinnedTls },
          onPin: (pins) => onPin(id, pins),
          clock,
          ownGateway: isOwn(record),
          displayName: this.#options.displayName,
          appVersion: this.#options.appVersion,
          agentId: record.agentId,
          sessionKey: record.sessionKey,
          log: (level, text) => log(`link ${id} ${level}: ${text}`),
        });
        break;
      case 'a2a':
      case 'relay':
        log(`link ${id}: links of the kind ${record.kind} are not known to this version`);
        return;
      default:
        assertNever(record.kind);
    }
    const link = held.link;
    held.forget = link.on((event) => {
      if (event.kind === 'ready') this.#learnAgents(id, held, link);
      audience.event(id, event);
    });
    audience.attached(id);
    link.start();
  }

  #learnAgents(id: LinkId, held: Held, link: Link): void {
    const signal = AbortSignal.any([held.abort.signal, AbortSignal.timeout(AGENTS_TIMEOUT_MS)]);
    link
      .agents(signal)
      .then(async (agents) => {
        if (held.abort.signal.aborted) return;
        held.agents = agents;
        this.#options.audience.event(id, { kind: 'state', state: link.state() });
        const tags = await link.capabilities?.(signal);
        if (tags && !held.abort.signal.aborted) this.#options.onCapabilities(id, tags);
      })
      .catch((error: unknown) =>
        this.#options.log(
          `link ${id}: its agents or their skills were not listed: ${String(error)}`,
        ),
      );
  }
}
