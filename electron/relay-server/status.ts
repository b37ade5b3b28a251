/** What the relay can tell of itself: no token, no message. */
import type { Announcement } from './announcer.ts';
import type { Parts } from './http/handlers.ts';
import type { Encryption } from './listening.ts';

/**
 * One registered agent as the status lists it. `lastHeartbeat`: ms since the epoch; `waiting`:
 * messages.
 */
export interface AgentStatus {
  readonly agentId: string;
  readonly name: string;
  readonly machine: string;
  readonly online: boolean;
  readonly connected: boolean;
  /** Whether it proves itself with a secret of its own, or by its address only. */
  readonly hasSecret: boolean;
  readonly lastHeartbeat: number;
  readonly waiting: number;
}

/**
 * The relay at one moment. `fingerprint`: SHA-256 of its certificate, null without TLS;
 * `startedAt`: ms since the epoch.
 */
export interface RelayStatus {
  readonly host: string;
  readonly port: number;
  readonly fingerprint: string | null;
  readonly encryption: Encryption;
  readonly durable: boolean;
  readonly startedAt: number;
  readonly announcement: Announcement;
  /** Those with the most waiting messages, then the newest. At most {@link SHOWN}. */
  readonly agents: readonly AgentStatus[];
  readonly registered: number;
  readonly online: number;
  readonly sockets: number;
  readonly waiting: { readonly messages: number; readonly bytes: number };
  /** Messages that were given up: too old, or pushed out by newer broadcasts. */
  readonly dropped: number;
  readonly files: number;
  readonly broadcasts: number;
  readonly errors: readonly { readonly at: number; readonly text: string }[];
}

/** So many agents are told of. */
export const SHOWN = 200;

/** Puts the status together from the relay's rooms. Rejects where the storage cannot be read. */
export async function statusOf(of: {
  readonly host: string;
  readonly port: number;
  readonly fingerprint: string | null;
  readonly encryption: Encryption;
  readonly startedAt: number;
  readonly parts: Parts;
  readonly announcement: Announcement;
  readonly errors: RelayStatus['errors'];
}): Promise<RelayStatus> {
  const { agents, inboxes, sockets, files, durable } = of.parts;
  const all = agents.records().map((record) => ({
    agentId: record.agentId,
    name: record.name,
    machine: record.machine,
    online: agents.isOnline(record),
    connected: sockets.has(record.agentId),
    hasSecret: record.secretHash !== null,
    lastHeartbeat: record.lastHeartbeat,
    waiting: inboxes.depth(record.agentId).messages,
  }));
  const waiting = { messages: 0, bytes: 0 };
  for (const { messages, bytes } of inboxes.depths().values()) {
    waiting.messages += messages;
    waiting.bytes += bytes;
  }
  return {
    host: of.host,
    port: of.port,
    fingerprint: of.fingerprint,
    encryption: of.encryption,
    durable,
    startedAt: of.startedAt,
    announcement: of.announcement,
    agents: all
      .toSorted((a, b) => b.waiting - a.waiting || b.lastHeartbeat - a.lastHeartbeat)
      .slice(0, SHOWN),
    registered: all.length,
    online: all.filter(({ online }) => online).length,
    sockets: sockets.size,
    waiting,
    dropped: inboxes.dropped,
    files: await files.count(),
    broadcasts: await of.parts.broadcasts(),
    errors: of.errors.toReversed(),
  };
}
