/** Peers and links in the store: statements, and the way between rows and records. */
import type { AgentCardView, CredentialKind, LinkId, LinkKind, PeerId } from '../contract/index.ts';
import type { Statement, Store } from '../store/store.ts';
import { nameKey } from './name-key.ts';
import type { Capability, IncomingPolicy, LastError, LinkRecord, PeerRecord } from './records.ts';

interface PeerSqlRow {
  id: PeerId;
  name: string;
  nickname: string | null;
  group_name: string | null;
  favourite: number;
  practice: number;
  own: number;
  provision_key: string | null;
  first_use_acknowledged: number;
  created_at: number;
  removed_at: number | null;
}

interface LinkSqlRow {
  id: LinkId;
  peer_id: PeerId;
  kind: LinkKind;
  url: string;
  credential: CredentialKind;
  secret_ref: string | null;
  provision_key: string | null;
  policy: IncomingPolicy;
  agent_id: string | null;
  session_key: string | null;
  pinned_identity: string | null;
  pinned_tls: string | null;
  card: string | null;
  last_good_at: number | null;
  last_error: string | null;
  created_at: number;
}

const PEER_COLUMNS = `id, name, nickname, group_name, favourite, practice, own, provision_key,
  first_use_acknowledged, created_at, removed_at`;

/** What the store knows of a peer beyond its record. */
export interface PeerText {
  readonly notes: string;
  readonly capabilities: readonly Capability[];
}

/** A peer that was removed, and when. */
export interface RemovedPeer {
  readonly peer: PeerRecord;
  readonly removedAt: number;
}

/** Every method that changes something must run inside `store.write`. */
export interface PeerTable {
  present(): PeerRecord[];
  removed(): RemovedPeer[];
  links(): LinkRecord[];
  /** Null where it is missing or removed. */
  peer(id: PeerId): PeerRecord | null;
  removedPeer(id: PeerId): RemovedPeer | null;
  link(id: LinkId): LinkRecord | null;
  linksOf(id: PeerId): LinkRecord[];
  text(id: PeerId): PeerText;
  /** Of present peers that have any. */
  capabilities(): Map<PeerId, Capability[]>;
  /** Another present peer that goes by `key`, as name or nickname. */
  holder(key: string, except: PeerId): { id: PeerId; name: string } | null;
  putPeer(peer: PeerRecord): void;
  putText(id: PeerId, text: Partial<PeerText>): void;
  setRemoved(id: PeerId, at: number | null): void;
  deletePeer(id: PeerId): void;
  putLink(link: LinkRecord): void;
  deleteLink(id: LinkId): void;
}

/** Prepares the statements once. */
export function peerTable(store: Store): PeerTable {
  const present = store.prepare<PeerSqlRow>(
    `SELECT ${PEER_COLUMNS} FROM peers WHERE removed_at IS NULL`,
  );
  const removed = store.prepare<PeerSqlRow>(
    `SELECT ${PEER_COLUMNS} FROM peers WHERE removed_at IS NOT NULL`,
  );
  const peer = store.prepare<PeerSqlRow, [string]>(
    `SELECT ${PEER_COLUMNS} FROM peers WHERE id = ?`,
  );
  const links = store.prepare<LinkSqlRow>('SELECT * FROM links ORDER BY created_at, rowid');
  const link = store.prepare<LinkSqlRow, [string]>('SELECT * FROM links WHERE id = ?');
  const linksOf = store.prepare<LinkSqlRow, [string]>(
    'SELECT * FROM links WHERE peer_id = ? ORDER BY created_at, rowid',
  );
  const text = store.prepare<{ notes: string; capabilities: string }, [string]>(
    'SELECT notes, capabilities FROM peers WHERE id = ?',
  );
  const capable = store.prepare<{ id: PeerId; capabilities: string }>(
    "SELECT id, capabilities FROM peers WHERE removed_at IS NULL AND capabilities <> '[]'",
  );
  const byName = store.prepare<{ id: PeerId; name: string }, [string, string]>(
    'SELECT id, name FROM peers WHERE name_key = ? AND id <> ? AND removed_at IS NULL',
  );
  const byNickname = store.prepare<{ id: PeerId; name: string }, [string, string]>(
    'SELECT id, name FROM peers WHERE nickname_key = ? AND id <> ? AND removed_at IS NULL',
  );
  const putNotes = store.prepare<never, [string, string]>(
    'UPDATE peers SET notes = ? WHERE id = ?',
  );
  const putCapabilities = store.prepare<never, [string, string]>(
    'UPDATE peers SET capabilities = ? WHERE id = ?',
  );
  const setRemoved = store.prepare<never, [number | null, string]>(
    'UPDATE peers SET removed_at = ? WHERE id = ?',
  );
  const deletePeer = store.prepare<never, [string]>('DELETE FROM peers WHERE id = ?');
  const deleteLink = store.prepare<never, [string]>('DELETE FROM links WHERE id = ?');
  const putPeer = preparePutPeer(store);
  const putLink = preparePutLink(store);

  return {
    present: () => present.all().map(peerOf),
    removed: () =>
      removed.all().map((row) => ({ peer: peerOf(row), removedAt: row.removed_at ?? 0 })),
    links: () => links.all().map(linkOf),
    peer: (id) => {
      const row = peer.get(id);
      return row && row.removed_at === null ? peerOf(row) : null;
    },
    removedPeer: (id) => {
      const row = peer.get(id);
      return row && row.removed_at !== null
        ? { peer: peerOf(row), removedAt: row.removed_at }
        : null;
    },
    link: (id) => {
      const row = link.get(id);
      return row ? linkOf(row) : null;
    },
    linksOf: (id) => linksOf.all(id).map(linkOf),
    text: (id) => {
      const row = text.get(id);
      return {
        notes: row?.notes ?? '',
        capabilities: JSON.parse(row?.capabilities ?? '[]') as Capability[],
      };
    },
    capabilities: () =>
      new Map(capable.all().map((row) => [row.id, JSON.parse(row.capabilities) as Capability[]])),
    holder: (key, except) => byName.get(key, except) ?? byNickname.get(key, except) ?? null,
    putPeer: (record) => {
      putPeer.run(
        record.id,
        record.name,
        nameKey(record.name),
        record.nickname,
        record.nickname === null ? null : nameKey(record.nickname),
        record.group,
        Number(record.favourite),
        Number(record.practice),
        Number(record.own),
        record.provisionKey,
        Number(record.firstUseAcknowledged),
        record.createdAt,
      );
    },
    putText: (id, changes) => {
      if (changes.notes !== undefined) putNotes.run(changes.notes, id);
      if (changes.capabilities !== undefined)
        putCapabilities.run(JSON.stringify(changes.capabilities), id);
    },
    setRemoved: (id, at) => {
      setRemoved.run(at, id);
    },
    deletePeer: (id) => {
      deletePeer.run(id);
    },
    putLink: (record) => {
      putLink.run(
        record.id,
        record.peerId,
        record.kind,
        record.url,
        record.credential,
        record.secretRef,
        record.provisionKey,
        record.policy,
        record.agentId,
        record.sessionKey,
        record.pinnedIdentity,
        record.pinnedTls,
        record.card === null ? null : JSON.stringify(record.card),
        record.lastGoodAt,
        record.lastError === null ? null : JSON.stringify(record.lastError),
        record.createdAt,
      );
    },
    deleteLink: (id) => {
      deleteLink.run(id);
    },
  };
}

type Text = string | null;
type PutPeer = Statement<
  never,
  [string, string, string, Text, Text, Text, number, number, number, Text, number, number]
>;
type PutLink = Statement<
  never,
  [
    ...[string, string, string, string, string],
    ...[Text, Text, string, Text, Text, Text, Text, Text],
    ...[number | null, Text, number],
  ]
>;

const preparePutPeer = (store: Store): PutPeer =>
  store.prepare(`INSERT INTO peers (id, name, name_key, nickname, nickname_key, group_name,
  favourite, practice, own, provision_key, first_use_acknowledged, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key,
  nickname = excluded.nickname, nickname_key = excluded.nickname_key,
  group_name = excluded.group_name, favourite = excluded.favourite, own = excluded.own,
  first_use_acknowledged = excluded.first_use_acknowledged`);

const preparePutLink = (store: Store): PutLink =>
  store.prepare(`INSERT INTO links (id, peer_id, kind, url, credential, secret_ref, provision_key,
  policy, agent_id, session_key, pinned_identity, pinned_tls, card, last_good_at, last_error, created_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET url = excluded.url, credential = excluded.credential,
  secret_ref = excluded.secret_ref, policy = excluded.policy, agent_id = excluded.agent_id,
  session_key = excluded.session_key, pinned_identity = excluded.pinned_identity,
  pinned_tls = excluded.pinned_tls, card = excluded.card, last_good_at = excluded.last_good_at,
  last_error = excluded.last_error`);

const peerOf = (row: PeerSqlRow): PeerRecord => ({
  id: row.id,
  name: row.name,
  nickname: row.nickname,
  group: row.group_name,
  favourite: row.favourite === 1,
  practice: row.practice === 1,
  own: row.own === 1,
  provisionKey: row.provision_key,
  firstUseAcknowledged: row.first_use_acknowledged === 1,
  createdAt: row.created_at,
});

const linkOf = (row: LinkSqlRow): LinkRecord => ({
  id: row.id,
  peerId: row.peer_id,
  kind: row.kind,
  url: row.url,
  credential: row.credential,
  secretRef: row.secret_ref,
  provisionKey: row.provision_key,
  policy: row.policy,
  agentId: row.agent_id,
  sessionKey: row.session_key,
  pinnedIdentity: row.pinned_identity,
  pinnedTls: row.pinned_tls,
  card: row.card === null ? null : (JSON.parse(row.card) as AgentCardView),
  lastGoodAt: row.last_good_at,
  lastError: row.last_error === null ? null : (JSON.parse(row.last_error) as LastError),
  createdAt: row.created_at,
});
