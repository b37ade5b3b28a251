/** Invites as they stand in the database; what was agreed on is one JSON column, without secrets. */
import * as z from 'zod';
import {
  type AppError,
  AppError as AppErrorSchema,
  CallerProof,
  type InviteFor,
  type InviteId,
  type InviteState,
  InviteView,
  PeerId,
} from '../../contract/index.ts';
import type { Store } from '../../store/store.ts';

const Exchange = z.object({
  /** Where the other side is, or is to be called. */
  origins: z.array(z.string()),
  /** The only machine that may use it. */
  only: z.string().nullable(),
  /** Of a redeemed one: the inviter's device key. */
  inviterKey: z.string().nullable(),
  otherName: z.string(),
  address: z.string(),
  proof: CallerProof.nullable(),
  ownNonce: z.string(),
  /** Of the other side; fixed by its first message. */
  otherNonce: z.string().default(''),
  /** Its peer, named before it is made, so that a crash in between leaves none that nobody knows. */
  plannedPeerId: PeerId.nullable().default(null),
  words: z.array(z.string()).nullable(),
  confirmedThere: z.boolean(),
  directions: InviteView.shape.directions,
  gateway: InviteView.shape.gateway,
});
export type Exchange = z.infer<typeof Exchange>;

/** A row, read. Times are ms since the epoch; of the code, only its hash is kept. */
export interface Invite {
  readonly id: InviteId;
  readonly direction: 'issued' | 'redeemed';
  readonly purpose: InviteFor;
  readonly state: InviteState;
  readonly peerName: string;
  readonly codeHash: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly usedAt: number | null;
  /** The device key of the other side. */
  readonly boundIdentity: string | null;
  readonly exchange: Exchange;
  readonly peerId: PeerId | null;
  readonly error: AppError | null;
}

interface Row {
  readonly id: InviteId;
  readonly direction: 'issued' | 'redeemed';
  readonly purpose: InviteFor;
  readonly state: InviteState;
  readonly peer_name: string;
  readonly code_hash: string;
  readonly created_at: number;
  readonly expires_at: number;
  readonly used_at: number | null;
  readonly bound_identity: string | null;
  readonly exchange: string;
  readonly peer_id: PeerId | null;
  readonly error: string | null;
}

const read = (row: Row): Invite => ({
  id: row.id,
  direction: row.direction,
  purpose: row.purpose,
  state: row.state,
  peerName: row.peer_name,
  codeHash: row.code_hash,
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  usedAt: row.used_at,
  boundIdentity: row.bound_identity,
  exchange: Exchange.parse(JSON.parse(row.exchange)),
  peerId: row.peer_id,
  error: row.error === null ? null : AppErrorSchema.parse(JSON.parse(row.error)),
});

/** States in which something is still to come. */
const OPEN = `('open', 'comparing', 'confirmed')`;

/** What {@link inviteTable} gives: prepared reads, and writes for inside a commit. */
export type InviteTable = ReturnType<typeof inviteTable>;

/** Statements over an open store. Writing ones belong inside `store.write`. */
export function inviteTable(store: Store) {
  const put = store.prepare<
    never,
    [
      string,
      string,
      string,
      string,
      string,
      string,
      number,
      number,
      number | null,
      string | null,
      string,
      string | null,
      string | null,
    ]
  >(
    `INSERT INTO invites (id, direction, purpose, state, peer_name, code_hash, created_at, expires_at,
       used_at, bound_identity, exchange, peer_id, error)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET state = excluded.state, peer_name = excluded.peer_name,
       expires_at = excluded.expires_at, used_at = excluded.used_at,
       bound_identity = excluded.bound_identity, exchange = excluded.exchange,
       peer_id = excluded.peer_id, error = excluded.error`,
  );
  const byId = store.prepare<Row, [string]>('SELECT * FROM invites WHERE id = ?');
  const byCode = store.prepare<Row, [string, string]>(
    'SELECT * FROM invites WHERE code_hash = ? AND direction = ?',
  );
  const open = store.prepare<Row>(`SELECT * FROM invites WHERE state IN ${OPEN} ORDER BY id`);
  const recent = store.prepare<Row, [number]>(
    `SELECT * FROM invites WHERE state IN ${OPEN} OR created_at > ? ORDER BY id DESC LIMIT 100`,
  );
  const unfinished = store.prepare<Row>(
    `SELECT * FROM invites WHERE state NOT IN ${OPEN} AND peer_id IS NULL
       AND json_extract(exchange, '$.plannedPeerId') IS NOT NULL`,
  );
  const forget = store.prepare<never, [number]>(
    `DELETE FROM invites WHERE state NOT IN ${OPEN} AND created_at < ?`,
  );
  return {
    put: (invite: Invite): void => {
      put.run(
        invite.id,
        invite.direction,
        invite.purpose,
        invite.state,
        invite.peerName,
        invite.codeHash,
        invite.createdAt,
        invite.expiresAt,
        invite.usedAt,
        invite.boundIdentity,
        JSON.stringify(invite.exchange),
        invite.peerId,
        invite.error === null ? null : JSON.stringify(invite.error),
      );
    },
    byId: (id: string): Invite | null => {
      const row = byId.get(id);
      return row ? read(row) : null;
    },
    byCode: (hash: string, direction: Invite['direction']): Invite | null => {
      const row = byCode.get(hash, direction);
      return row ? read(row) : null;
    },
    open: (): Invite[] => open.all().map(read),
    recent: (since: number): Invite[] => recent.all(since).map(read),
    /** Ended, with a peer that was named and perhaps made. */
    unfinished: (): Invite[] => unfinished.all().map(read),
    forget: (before: number): void => {
      forget.run(before);
    },
  };
}
