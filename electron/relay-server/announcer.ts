/**
 * Says on the local network that a relay is here, as the published one does: service `_clawlink._tcp`,
 * name `ClawLink Relay (<host>)`, TXT version, hostname, auth. Everyone there can read it: it holds
 * neither the token nor who is on the relay.
 */
import { hostname, networkInterfaces } from 'node:os';
import type { Bonjour } from 'bonjour-service';
import type { Cancel, Clock } from '../clock/clock.ts';
import { openDnsSd } from '../dns-sd/dns-sd.ts';
import type { Encryption } from './listening.ts';
import { RELAY_VERSION } from './protocol.ts';

/** How the relay stands to the local network. */
export type Announcement =
  | { readonly kind: 'off' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'announced'; readonly name: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** What is told to the local network, and who hears whether that worked. */
export interface AnnouncerOptions {
  /** Where the relay listens, as the system tells it: an IP address. */
  readonly address: string;
  readonly port: number;
  readonly asksForToken: boolean;
  readonly encryption: Encryption;
  readonly clock: Clock;
  /** Once, when it is announced or cannot be. */
  readonly announced?: (announcement: Announcement) => void;
  readonly log: (line: string) => void;
}

const SERVICE = 'clawlink';
/** How long it is listened for others of the same name, ms. */
const LISTEN_MS = 500;
/** The goodbye may take this long; then it goes without, and is forgotten when its records expire, ms. */
const GOODBYE_MS = 1_000;
/** The most of a host's name: with what stands around it a DNS label of 63 bytes. */
const LONGEST_HOST = 36;

/** What the DNS takes everywhere; the dots of a full name are kept out, they would part labels. */
const hostLabel = (name: string): string =>
  name
    .replace(/[^a-z\d]+/gi, '-')
    .replace(/^-|-$/g, '')
    .slice(0, LONGEST_HOST) || 'host';

/** Whether only this machine can reach an address. */
export const isLoopback = (address: string): boolean =>
  address === 'localhost' || address === '::1' || /^127\.\d+\.\d+\.\d+$/.test(address);

/** What others are told of a relay: the published fields, and `tls` for those who know it. */
export const announcedText = (
  of: Pick<AnnouncerOptions, 'asksForToken' | 'encryption'>,
): Readonly<Record<string, string>> => ({
  version: RELAY_VERSION,
  hostname: hostname().slice(0, 100),
  auth: of.asksForToken ? 'yes' : 'no',
  ...(of.encryption === 'off' ? {} : { tls: 'yes' }),
});

const isEveryAddress = (address: string): boolean => address === '0.0.0.0' || address === '::';

/** Which of the records that hold addresses lead to the relay. */
export function leadsHere(type: string, data: unknown, address: string): boolean {
  if (type === 'A') return isEveryAddress(address) || data === address;
  if (type === 'AAAA') return address === '::' || data === address;
  return true;
}

/** The name, with a number where others of the network have it. */
export function freeName(host: string, taken: ReadonlySet<string>): string {
  const name = `ClawLink Relay (${host})`;
  for (let number = 1; ; number++) {
    const tried = number === 1 ? name : `${name} ${number}`;
    if (!taken.has(tried.toLowerCase())) return tried;
  }
}

/** Begins to announce a relay. Null = it is not wanted, or only this machine could reach it. */
export function announce(
  options: AnnouncerOptions & { readonly announce: boolean },
): Announcer | null {
  return options.announce && !isLoopback(options.address) ? new Announcer(options) : null;
}

/**
 * One announcement from the relay's start to its end. A failure is a state and a line in the log,
 * never an exception.
 */
export class Announcer {
  readonly #options: AnnouncerOptions;
  #state: Announcement = { kind: 'starting' };
  #bonjour: Bonjour | null = null;
  #stopped = false;
  #endListening: Cancel = () => undefined;
  readonly #begun: Promise<void>;

  /** Begins at once. */
  constructor(options: AnnouncerOptions) {
    this.#options = options;
    this.#begun = this.#begin().catch((error: unknown) => this.#fail(error));
  }

  get state(): Announcement {
    return this.#state;
  }

  /** Says goodbye, so that nobody shows it any longer. Never rejects. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#endListening();
    await this.#begun;
    const bonjour = this.#bonjour;
    this.#bonjour = null;
    this.#state = { kind: 'off' };
    if (!bonjour) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#options.clock.after(GOODBYE_MS, resolve);
      bonjour.unpublishAll(() => {
        cancel();
        resolve();
      });
    });
    await new Promise<void>((resolve) => bonjour.destroy(() => resolve()));
  }

  async #begin(): Promise<void> {
    const { address, port } = this.#options;
    const one = isEveryAddress(address) ? null : address;
    if (one !== null && !isOnNetwork(one)) {
      throw new Error(`${one} is on no network that carries announcements.`);
    }
    const bonjour = await openDnsSd({
      address: one?.includes('.') ? one : null,
      clock: this.#options.clock,
      trouble: (error) => this.#fail(error),
    });
    this.#bonjour = bonjour;
    const taken = await this.#names(bonjour);
    if (this.#stopped) return;
    const host = hostLabel(hostname());
    const name = freeName(host, taken);
    const service = bonjour.publish({
      name,
      type: SERVICE,
      port,
      // Not the machine's own name: the goodbye would take that along.
      host: `${host}-relay-${port}.local`,
      txt: announcedText(this.#options),
    });
    // The library tells all addresses of the machine, once it has looked whether the name is free.
    const records = service.records.bind(service);
    service.records = () => records().filter(({ type, data }) => leadsHere(type, data, address));
    service.once('up', () => this.#tell({ kind: 'announced', name }));
  }

  #names(bonjour: Bonjour): Promise<ReadonlySet<string>> {
    const names = new Set<string>();
    return new Promise((resolve) => {
      const browser = bonjour.find({ type: SERVICE }, ({ name }) => names.add(name.toLowerCase()));
      const done = (): void => {
        cancel();
        browser.stop();
        resolve(names);
      };
      const cancel = this.#options.clock.after(LISTEN_MS, done);
      this.#endListening = done;
      if (this.#stopped) done();
    });
  }

  #fail(error: unknown): void {
    this.#tell({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
  }

  #tell(announcement: Announcement): void {
    if (this.#stopped || this.#state.kind !== 'starting') return;
    this.#state = announcement;
    const why = announcement.kind === 'failed' ? `: ${announcement.reason}` : '';
    this.#options.log(`relay: ${why ? 'not announced' : 'announced'} on the local network${why}`);
    this.#options.announced?.(announcement);
  }
}

/** Tunnels have no hardware address; nothing that is said to all goes through them. */
function isOnNetwork(address: string): boolean {
  const entries = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  return entries.some(
    (entry) => entry.address === address && !entry.internal && entry.mac !== '00:00:00:00:00:00',
  );
}
