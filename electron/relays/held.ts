/** One relay at work: its record, its connection, and who hears of what that brings. */
import type { Clock } from '../clock/clock.ts';
import type { RelayId } from '../contract/index.ts';
import { announce, RelayHub, type RelaySigner, type WireMessage } from '../links/relay/index.ts';
import type { Source } from './incoming.ts';
import type { RelaysOptions } from './options.ts';
import type { RelayRecord } from './table.ts';

/** What a person chooses of a relay. */
export interface RelayChoice {
  readonly name: string;
  readonly agentName: string;
  readonly capabilities: readonly string[];
  readonly description: string;
  readonly joinAll: boolean;
}

/** Where a relay is; the address as it was typed. */
export interface RelayPlace {
  readonly url: string;
  /** Null = it wants none. */
  readonly token: string | null;
  /** SHA-256 of the certificate that the person accepted, lower-case hex. */
  readonly tls: string | null;
}

/** One relay at work. */
export interface Held extends Source {
  record: RelayRecord;
  readonly hub: RelayHub;
}

/**
 * What one relay tells the rest of the room. `save` writes changes of its record, `take` brings in
 * a message.
 */
export interface HeldOptions {
  readonly options: Pick<RelaysOptions, 'secrets' | 'machine' | 'log' | 'random'>;
  readonly clock: Clock;
  readonly signer: () => RelaySigner | null;
  readonly save: (relay: Held, changes: Partial<RelayRecord>) => Promise<void>;
  readonly take: (relay: Held, message: WireMessage) => Promise<void>;
  /** It is connected (again): what is owed there can go. */
  readonly ready: (id: RelayId) => void;
  /** It lists other agents than before. */
  readonly listed: (relay: Held) => void;
  readonly changed: () => void;
  readonly background: (work: Promise<unknown>) => void;
}

/** Makes a relay of its record; nothing is connected before its hub is started. */
export function holdRelay(record: RelayRecord, parts: HeldOptions): Held {
  const { clock, save, background } = parts;
  const { secrets, machine, log, random } = parts.options;
  const { id, url } = record;
  const relay: Held = {
    record,
    hub: new RelayHub({
      url,
      token: async () =>
        relay.record.credential === 'none' ? { kind: 'none' } : secrets.token(id),
      secret: secrets.agentSecret(id),
      self: () => ({
        agentId: relay.record.agentId,
        name: relay.record.agentName,
        capabilities: relay.record.capabilities,
        machine,
        description: announce(relay.record.description, parts.signer()),
      }),
      tls: record.tls,
      onTls: (tls) => background(save(relay, { tls })),
      wasRegistered: record.registered,
      onRegistered: () => background(save(relay, { registered: true })),
      take: (message) => parts.take(relay, message),
      clock,
      log: (level, text) => log(`relay ${id} ${level}: ${text}`),
      ...(random ? { random } : {}),
    }),
  };
  relay.hub.on((event) => {
    if (event.kind === 'ready') {
      if (event.forgot) {
        const epoch = relay.record.epoch + 1;
        background(save(relay, { forgotAt: clock.now(), epoch }));
      }
      parts.ready(id);
    }
    if (event.kind === 'agents') parts.listed(relay);
    parts.changed();
  });
  return relay;
}
