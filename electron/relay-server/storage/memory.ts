/** Keeps nothing on the disk, as the published relay does: what waits is lost with the process. */
import type {
  AgentRecord,
  BroadcastStorage,
  Delivery,
  Depth,
  FileStorage,
  FileVersion,
  InboxStorage,
  RegistryStorage,
  RelayStorage,
} from './storage.ts';
import { addDepth, NO_DEPTH } from './tally.ts';

function memoryRegistry(): RegistryStorage {
  const agents = new Map<string, AgentRecord>();
  return {
    load: async () => [...agents.values()],
    save: async (agent) => {
      agents.set(agent.agentId, agent);
    },
    heartbeats: async () => undefined,
    remove: async (agentIds) => {
      for (const agentId of agentIds) agents.delete(agentId);
    },
  };
}

interface Boxes {
  readonly inbox: InboxStorage;
  put(agentId: string, delivery: Omit<Delivery, 'row'>): Delivery;
}

function memoryInbox(): Boxes {
  const boxes = new Map<string, Map<number, Delivery>>();
  let last = 0;
  const put: Boxes['put'] = (agentId, told) => {
    const delivery = { ...told, row: ++last };
    const box = boxes.get(agentId) ?? new Map<number, Delivery>();
    boxes.set(agentId, box.set(delivery.row, delivery));
    return delivery;
  };
  const take = (gone: Map<string, Depth>, agentId: string, row: number): boolean => {
    const box = boxes.get(agentId);
    const found = box?.get(row);
    if (!box || !found) return false;
    box.delete(row);
    if (box.size === 0) boxes.delete(agentId);
    addDepth(gone, agentId, found.bytes);
    return true;
  };
  const inbox: InboxStorage = {
    depths: async () => new Map(),
    add: async (agentId, body, bytes, at) => put(agentId, { body, bytes, at, shared: false }),
    read: async (agentId, after, limit) => {
      const found: Delivery[] = [];
      for (const delivery of boxes.get(agentId)?.values() ?? []) {
        if (found.length === limit) break;
        if (delivery.row > after) found.push(delivery);
      }
      return found;
    },
    remove: async (agentId, rows) => {
      const gone = new Map<string, Depth>();
      for (const row of rows) take(gone, agentId, row);
      return gone.get(agentId) ?? NO_DEPTH;
    },
    dropShared: async (agentId) => {
      const gone = new Map<string, Depth>();
      for (const { row, shared } of boxes.get(agentId)?.values() ?? []) {
        if (shared && take(gone, agentId, row)) break;
      }
      return gone.get(agentId) ?? null;
    },
    expire: async (before) => {
      const gone = new Map<string, Depth>();
      for (const [agentId, box] of [...boxes]) {
        for (const { row, at } of [...box.values()]) if (at < before) take(gone, agentId, row);
      }
      return gone;
    },
  };
  return { inbox, put };
}

function memoryBroadcasts(put: Boxes['put']): BroadcastStorage {
  let logged = 0;
  return {
    add: async (agentIds, body, bytes, at, counts) => {
      if (counts) logged++;
      return agentIds.map((agentId) => put(agentId, { body, bytes, at, shared: true }));
    },
    count: async (keep) => Math.min(logged, keep),
  };
}

function memoryFiles(): FileStorage {
  const files = new Map<string, (FileVersion & { readonly content: Buffer })[]>();
  const plain = ({ content: _, ...version }: FileVersion & { content: Buffer }): FileVersion =>
    version;
  const newest = (fileKey: string): FileVersion | null => {
    const found = files.get(fileKey)?.at(-1);
    return found ? plain(found) : null;
  };
  return {
    list: async () => [...files.keys()].map(newest).filter((file) => file !== null),
    current: async (fileKey) => newest(fileKey),
    versions: async (fileKey) => (files.get(fileKey) ?? []).map(plain).toReversed(),
    content: async (hash) => {
      for (const versions of files.values()) {
        const found = versions.find((version) => version.hash === hash);
        if (found) return found.content;
      }
      return null;
    },
    put: async ({ fileKey, content, hash, fileType, editor, at, base, keep }) => {
      const before = newest(fileKey);
      const last = before?.version ?? 0;
      if (base !== null && base !== last) return { kind: 'conflict', current: before };
      const bytes = content.byteLength;
      const file = { fileKey, version: last + 1, hash, bytes, fileType, editor, at };
      const versions = [...(files.get(fileKey) ?? []), { ...file, content }];
      files.set(fileKey, versions.slice(-keep));
      return { kind: 'saved', file };
    },
    size: async () => {
      const contents = new Map([...files.values()].flat().map(({ hash, bytes }) => [hash, bytes]));
      return {
        files: files.size,
        bytes: [...contents.values()].reduce((sum, bytes) => sum + bytes, 0),
      };
    },
  };
}

/** A storage for `--memory` and for tests: empty at first, and of its own with each call. */
export function memoryStorage(): RelayStorage {
  const { inbox, put } = memoryInbox();
  return {
    durable: false,
    registry: memoryRegistry(),
    inbox,
    broadcasts: memoryBroadcasts(put),
    files: memoryFiles(),
    close: async () => undefined,
  };
}
