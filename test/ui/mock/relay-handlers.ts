import {
  type AppError,
  appError,
  fail,
  ok,
  type RelayAgentView,
  type RelayId,
  type RelayView,
  type SharedFileContent,
  type SharedFileView,
} from '../../../electron/contract/index.ts';
import { NOW } from './seeds.ts';
import type { MockHandlers } from './session.ts';
import type { World } from './world.ts';

/** A relay of the mock’s person, connected and with nobody on it. */
export const quietRelay = (id: RelayId, changes: Partial<RelayView> = {}): RelayView => ({
  id,
  name: 'Team relay',
  url: 'http://192.168.1.20:9077',
  token: true,
  state: {
    kind: 'online',
    since: NOW,
    scopes: [],
    serverVersion: 'ClawLink 1.0.1',
    latencyMs: 4,
  },
  stateText: 'Connected to the relay, ClawLink 1.0.1, 4 ms.',
  error: null,
  agentId: 'ada-laptop-3f9a1c04',
  agentName: 'Ada’s laptop',
  capabilities: ['code', 'review'],
  description: '',
  joinAll: false,
  incoming: 'socket',
  guarded: false,
  tls: null,
  forgotAt: null,
  agentsTotal: 0,
  agents: [],
  ...changes,
});

/** An agent that a relay lists. */
export const listed = (name: string, changes: Partial<RelayAgentView> = {}): RelayAgentView => ({
  id: `${name.toLowerCase()}-0a1b2c3d`,
  name,
  capabilities: ['code', 'search'],
  machine: `${name.toLowerCase()}-desk`,
  description: `${name} helps with the releases.`,
  lastSeenAt: NOW - 40_000,
  online: true,
  fingerprint: null,
  pinned: null,
  peerId: null,
  linkId: null,
  ...changes,
});

interface Shelf {
  readonly files: Map<string, SharedFileContent[]>;
  found: {
    name: string;
    url: string;
    host: string;
    version: string;
    auth: boolean | null;
    elsewhere: boolean;
  }[];
  readonly removed: RelayView[];
  /** Why the next broadcast fails. */
  refusal: AppError | null;
  /** What the next probe says of the certificate. */
  tls: string | null;
}

const shelves = new WeakMap<World, Shelf>();

/** What is shared in the mock, all versions, oldest first; and what announces itself nearby. */
export function shelfOf(world: World): Shelf {
  const known = shelves.get(world) ?? {
    files: new Map(),
    found: [],
    removed: [],
    refusal: null,
    tls: null,
  };
  shelves.set(world, known);
  return known;
}

const newest = (versions: readonly SharedFileContent[] | undefined): SharedFileContent | null =>
  versions?.at(-1) ?? null;

export function relayHandlers(world: World): MockHandlers {
  const shelf = shelfOf(world);
  const relay = (id: string | undefined): RelayView | undefined =>
    world.relays.relays.find((one) => id === undefined || one.id === id);
  return {
    'relay.list': () => ok(world.relays),
    'relay.scan': () => ok({ found: shelf.found }),
    'relay.probe': ({ url, tls }) => {
      const full = url.includes('://') ? url : `http://${url}`;
      return ok({
        url: full,
        state: quietRelay('' as RelayId).state,
        stateText: 'Connected to the relay.',
        error: null,
        version: '1.0.1',
        agents: 3,
        tls: shelf.tls ?? tls,
        plain: full.startsWith('http:'),
      });
    },
    'relay.add': ({ url, name, agentName }) => {
      const id = '01900000-0000-7000-8000-00000000f001' as RelayId;
      world.changeRelays({
        relays: [...world.relays.relays, quietRelay(id, { url, name, agentName })],
      });
      return ok({ relayId: id });
    },
    'relay.update': () => ok({}),
    'relay.remove': ({ relayId }) => {
      shelf.removed.push(...world.relays.relays.filter((one) => one.id === relayId));
      world.changeRelays({ relays: world.relays.relays.filter((one) => one.id !== relayId) });
      return ok({ undoMs: 10_000 });
    },
    'relay.restore': ({ relayId }) => {
      const back = shelf.removed.filter((one) => one.id === relayId);
      world.changeRelays({ relays: [...world.relays.relays, ...back] });
      return ok({});
    },
    'relay.reconnect': () => ok({}),
    'relay.trust': () => ok({}),
    'relay.agents': ({ relayId, search }) => {
      const agents = (relay(relayId)?.agents ?? []).filter((one) =>
        one.name.toLowerCase().includes(search.toLowerCase()),
      );
      return ok({ agents, total: agents.length });
    },
    'relay.addPeer': () => fail(appError('relay.agent_unknown', 'It has just left.')),
    'relay.broadcastPreview': ({ relayId, content, topic, tags }) => {
      const on = relay(relayId);
      if (!on) return fail(appError('relay.not_found', 'No relay has this id.'));
      const text = content.trim();
      const bytes = new TextEncoder().encode(text).length;
      return ok({
        relayId: on.id,
        relay: on.name,
        agentName: on.agentName,
        message: {
          text,
          bytes,
          size: bytes > 8192 ? 'over_hard_limit' : bytes > 4096 ? 'over_soft_limit' : 'fine',
          secrets: text.includes('ghp_') ? [{ label: 'GitHub token', line: 0 }] : [],
        },
        topic: topic || 'general',
        tags: [...new Set(tags)],
        signed: world.relays.fingerprint !== null,
        plain: on.url.startsWith('http:'),
      });
    },
    'relay.broadcast': ({ relayId, id = 'told', content, topic, tags }) => {
      const on = relay(relayId);
      const { refusal } = shelf;
      shelf.refusal = null;
      if (refusal || !on) return fail(refusal ?? appError('relay.not_found', ''));
      world.known.push({
        id: `relay-sent:${on.id}:${id}`,
        direction: 'out',
        peerId: null,
        who: `all on ${on.name}`,
        topic: topic || null,
        tags,
        text: content,
        truncated: false,
        at: NOW,
      });
      return ok({ messageId: id, recipients: on.agentsTotal });
    },
    'relay.pin': ({ linkId, fingerprint }) => {
      world.changeRelays({
        relays: world.relays.relays.map((one) => ({
          ...one,
          agents: one.agents.map((agent) =>
            agent.linkId === linkId ? { ...agent, pinned: fingerprint } : agent,
          ),
        })),
      });
      return ok({});
    },
    'files.list': () => {
      const on = relay(undefined);
      const files = [...shelf.files.values()].flatMap((versions): SharedFileView[] => {
        const file = newest(versions);
        if (!file || !on) return [];
        const { content: _, ...rest } = file;
        const changed = file.editorName !== 'You' && versions.length > 1;
        return [{ ...rest, relayId: on.id, relay: on.name, heldVersion: null, changed }];
      });
      return ok({ files, unreached: on && on.state.kind !== 'online' ? [on.name] : [] });
    },
    'files.get': ({ key }) => {
      const file = newest(shelf.files.get(key));
      return file ? ok(file) : fail(appError('files.not_found', `“${key}” is not there.`));
    },
    'files.put': ({ key, content, type, base, overwrite, anyway }) => {
      if (content.includes('ghp_') && !anyway) {
        return fail(appError('message.looks_secret', `GitHub token on line 1 of “${key}”.`));
      }
      const versions = shelf.files.get(key) ?? [];
      const before = newest(versions);
      if (before && before.version !== base && before.version !== overwrite) {
        const from = versions.find((one) => one.version === base);
        return ok({
          kind: 'conflict',
          theirs: before,
          base: from?.content ?? null,
          merged: from ? { text: `${content}${before.content}`, clean: true } : null,
        });
      }
      const version = (before?.version ?? 0) + 1;
      const who = { editor: 'us', editorName: 'You', updatedAt: NOW };
      shelf.files.set(key, [...versions, { key, content, type, version, ...who }]);
      return ok({ kind: 'saved', version, overwrote: null });
    },
    'files.history': ({ key }) =>
      ok({
        versions: (shelf.files.get(key) ?? []).toReversed().map((one) => ({
          version: one.version,
          editor: one.editor,
          editorName: one.editorName,
          ours: one.editorName === 'You',
          bytes: one.content.length,
          seenAt: NOW,
        })),
      }),
    'files.version': ({ key, version }) => {
      const file = shelf.files.get(key)?.find((one) => one.version === version);
      return file ? ok(file) : fail(appError('files.not_held', 'It is gone.'));
    },
  };
}
