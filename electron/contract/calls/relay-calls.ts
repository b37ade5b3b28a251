/** Calls about relays, their agents, and the files that are shared over them. */
import * as z from 'zod';
import { LinkId, PeerId, RelayId } from '../ids.ts';
import { SHARED_FILE_KEY_UNITS } from '../place.ts';
import {
  FoundRelay,
  RelayAgentView,
  RelayBroadcastPreview,
  RelayProbe,
  RelaysView,
  SharedFileContent,
  SharedFilePut,
  SharedFileVersion,
  SharedFileView,
  TAG_LIMIT,
  TAGS_LIMIT,
  TOPIC_LIMIT,
} from '../views/index.ts';
import { nothing } from './app-calls.ts';
import { command, query } from './call.ts';
import { line, messageText, requiredLine } from './text.ts';

/** The most bytes of a request that the published relay takes (aiohttp's default). */
export const RELAY_BODY_BYTES = 1_048_576;

const urlText = z.string().trim().min(1).max(2048);
/** A secret on its way in; null = the relay wants none. */
const token = z.string().min(1).max(2048).nullable();
const fingerprint = z.string().regex(/^[0-9a-f]{64}$/);
const agentId = z.string().min(1).max(200);

const relayFields = {
  name: requiredLine(80),
  agentName: requiredLine(80),
  capabilities: z.array(requiredLine(40)).max(32),
  description: line(400),
  joinAll: z.boolean(),
};

/** Which relay; may be left out where there is only one. */
const relayId = RelayId.optional();
const broadcastFields = {
  relayId,
  content: messageText,
  topic: line(TOPIC_LIMIT),
  tags: z.array(requiredLine(TAG_LIMIT)).max(TAGS_LIMIT),
};
/** Any text that is no path trick: checked again by the service. */
const fileKey = z.string().min(1).max(SHARED_FILE_KEY_UNITS);
/** In UTF-16 units; the limit in bytes is the relay's. */
const fileContent = z.string().max(RELAY_BODY_BYTES * 2);

/** Adding and leaving relays, making peers of their agents, telling them all, shared files. */
export const relayCalls = {
  'relay.list': query('any', nothing, RelaysView),
  /** Listens for announcements on the local network for 3 s. Sends nothing to what it finds. */
  'relay.scan': command('window', nothing, z.object({ found: z.array(FoundRelay) })),
  /** Looks at a relay once, within 15 s, and stores nothing. It does not register there. */
  'relay.probe': command(
    'window',
    z.object({ url: urlText, token, tls: fingerprint.nullable() }),
    RelayProbe,
  ),
  'relay.add': command(
    'window',
    z.object({ ...relayFields, url: urlText, token, tls: fingerprint.nullable() }),
    z.object({ relayId: RelayId }),
  ),
  'relay.update': command(
    'window',
    z.object({
      relayId: RelayId,
      changes: z.object({ ...relayFields, token }).partial(),
    }),
    nothing,
  ),
  /**
   * Ends the connection at once; the relay, its secrets and what was kept of its files go for good when
   * the undo runs out (`undoMs`). Peers and threads stay, without this way to reach them.
   */
  'relay.remove': command(
    'window',
    z.object({ relayId: RelayId }),
    z.object({ undoMs: z.number().int() }),
  ),
  /** Takes a removal back. Fails: `relay.undo_expired`. */
  'relay.restore': command('window', z.object({ relayId: RelayId }), nothing),
  'relay.reconnect': command('window', z.object({ relayId: RelayId }), nothing),
  /** The person compared the new certificate and trusts it. `seen` guards against a second change. */
  'relay.trust': command('window', z.object({ relayId: RelayId, seen: fingerprint }), nothing),
  /** Who is there, by name, id, machine or capability. */
  'relay.agents': query(
    'any',
    z.object({
      relayId: RelayId,
      search: line(200),
      limit: z.number().int().min(1).max(500).default(100),
    }),
    z.object({ agents: z.array(RelayAgentView), total: z.number().int() }),
  ),
  /** Makes an agent a peer; once it is one, answers with that. */
  'relay.addPeer': command(
    'window',
    z.object({ relayId: RelayId, agentId }),
    z.object({ peerId: PeerId, linkId: LinkId }),
  ),
  /** The person compared the fingerprint with what their counterpart sees; null = no longer trusted. */
  'relay.pin': command(
    'window',
    z.object({ linkId: LinkId, fingerprint: fingerprint.nullable() }),
    nothing,
  ),
  /** The dry run of a broadcast to all agents of a relay. Writes nothing, and asks nothing of the relay. */
  'relay.broadcastPreview': query('window', z.object(broadcastFields), RelayBroadcastPreview),
  /**
   * To all agents of a relay, at once: nothing of it waits here. What went is kept as knowledge. A second
   * call with the same `id` is told once by a relay that keeps ids, and not at all where it is known that
   * it went; `recipients` is null then, else what the relay says. Fails: `relay.broadcast_unclear`. Agents ask
   * by `door.ask`.
   */
  'relay.broadcast': command(
    'window',
    z.object({
      ...broadcastFields,
      id: z.uuid().optional(),
      /** Although it looks like a secret. */
      anyway: z.boolean().optional(),
    }),
    z.object({ messageId: z.string(), recipients: z.number().int().nullable() }),
  ),

  /** What is shared, newest first. Without `relayId`: on all relays that answer. */
  'files.list': query(
    'any',
    z.object({ relayId }),
    z.object({ files: z.array(SharedFileView), unreached: z.array(z.string()) }),
  ),
  /** The newest version, which then counts as seen where a window asked. */
  'files.get': query('any', z.object({ relayId, key: fileKey }), SharedFileContent),
  /**
   * Saves a file. `base` = the version that was loaded; null = a new file. `overwrite` = the person saw
   * the conflict with that version and wants theirs replaced. A name or a text that looks like a secret is
   * refused (`message.looks_secret`), unless `anyway`. Agents ask by `door.ask`.
   */
  'files.put': command(
    'window',
    z.object({
      relayId,
      key: fileKey,
      content: fileContent,
      type: z.string().min(1).max(120).default('text'),
      base: z.number().int().positive().nullable(),
      overwrite: z.number().int().positive().optional(),
      /** Although it looks like a secret. */
      anyway: z.boolean().optional(),
    }),
    SharedFilePut,
  ),
  /** The versions that passed through us, newest first. */
  'files.history': query(
    'any',
    z.object({ relayId, key: fileKey }),
    z.object({ versions: z.array(SharedFileVersion) }),
  ),
  /** One of them. */
  'files.version': query(
    'any',
    z.object({ relayId, key: fileKey, version: z.number().int() }),
    SharedFileContent,
  ),
} as const;
