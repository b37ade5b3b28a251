/** The door to the own gateway with more rights: where it is, with which secret, and who it must be. */
import type { Clock } from '../clock/clock.ts';
import { CodedError, codedError, type GatewaySettings } from '../contract/index.ts';
import {
  type AdminConnection,
  type Credential,
  openAdmin,
  type Pins,
} from '../links/gateway/index.ts';
import type { LinkRecord, PeerBook } from '../peers/index.ts';
import type { SecretStore } from '../secrets/index.ts';
import { readOwnCredential, readSettings } from '../setup/index.ts';
import { credentialOf } from './link-secrets.ts';

/** What a connection with more rights is made of; its secret is read at each opening. */
export interface AdminDoorOptions {
  readonly clock: Clock;
  readonly peers: PeerBook;
  readonly secrets: SecretStore;
  readonly homeId: string;
  readonly displayName: string;
  readonly appVersion: string;
  readonly log: (line: string) => void;
}

/** Short connections to the own gateway with the scopes that one piece of work needs. */
export interface AdminDoor {
  /**
   * Connects with these scopes and operator.read. Whoever opens it closes it.
   * @throws CodedError own_gateway.elsewhere, .no_secret, .not_running, .refused, .another and others
   */
  open(
    scopes: readonly string[],
    more?: { onEvent?: (event: string, payload: unknown) => void; signal?: AbortSignal },
  ): Promise<AdminConnection>;
  /** Opens, works and closes, however it ends. */
  within<T>(scopes: readonly string[], work: (admin: AdminConnection) => Promise<T>): Promise<T>;
  /** Our own links to this gateway. */
  links(): LinkRecord[];
}

/** Where the gateway of this machine is always reached, whatever else it listens on. */
export const loopbackUrl = ({ tls, port }: Pick<GatewaySettings, 'tls' | 'port'>): string =>
  `${tls ? 'wss' : 'ws'}://127.0.0.1:${port}`;

/** Builds the door. */
export function createAdminDoor(options: AdminDoorOptions): AdminDoor {
  const { clock, peers, secrets, homeId, displayName, appVersion, log } = options;

  const links = (): LinkRecord[] =>
    peers
      .peers()
      .filter((peer) => peer.own)
      .flatMap((peer) => peers.linksOf(peer.id))
      .filter((link) => link.kind === 'gateway');

  /** What the file holds is what the gateway goes by; the keychain helps where the file has only a name. */
  const credential = async (): Promise<Exclude<Credential, { kind: 'unavailable' }>> => {
    const found = await readOwnCredential();
    if (found.ok) return found.value.credential;
    for (const link of links()) {
      const kept = await credentialOf(secrets, homeId, link);
      if (kept.kind !== 'unavailable') return kept;
    }
    throw new CodedError(
      found.error.code === 'setup.own_gateway_no_credential'
        ? codedError('own_gateway.no_secret', found.error.detail).error
        : found.error,
    );
  };

  const pins = (): Pins => {
    const pinned = links().find((link) => link.pinnedIdentity !== null);
    return { identity: pinned?.pinnedIdentity ?? null, tls: pinned?.pinnedTls ?? null };
  };

  const open: AdminDoor['open'] = async (scopes, more = {}) => {
    const read = await readSettings();
    if (!read.ok) throw new CodedError(read.error);
    if (read.value.elsewhere)
      throw codedError('own_gateway.elsewhere', `${read.value.place.configPath} says so.`);
    const opened = await openAdmin({
      url: loopbackUrl(read.value.settings),
      credential: await credential(),
      pins: pins(),
      scopes,
      clock,
      displayName,
      appVersion,
      log: (level, text) => log(`own gateway ${level}: ${text}`),
      ...more,
    });
    if (!opened.ok) throw new CodedError(opened.error);
    return opened.value;
  };

  return {
    open,
    links,
    within: async (scopes, work) => {
      const admin = await open(scopes);
      try {
        return await work(admin);
      } finally {
        await admin.close();
      }
    },
  };
}
