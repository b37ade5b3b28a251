/**
 * What a peer proves itself with at our door: 32 random bytes of its own, of which only the SHA-256
 * is kept. Whether a token is unknown, revoked, or somebody else's is never told to a caller.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../clock/clock.ts';
import type { PeerId } from '../contract/index.ts';
import type { Store } from '../store/store.ts';
import type { Audit } from './audit.ts';
import type { Whois } from './options.ts';

interface TokenRow {
  readonly peer_id: PeerId;
  readonly hash: string;
  readonly node: string | null;
  readonly owner: string | null;
  readonly issued_at: number;
  readonly last_used_at: number | null;
  readonly revoked_at: number | null;
}

/** A token that is good now, without the token itself. Times are ms since the epoch. */
export interface IssuedToken {
  readonly issuedAt: number;
  readonly lastUsedAt: number | null;
}

/** The tokens that peers hold of us, at most one good one for each. */
export interface Tokens {
  /**
   * Inside `store.write`: gives the peer a token, instead of the one that it had. Bound to the
   * machine that Tailscale named, where it named one. @returns the token, this once.
   */
  issue(peerId: PeerId, machine: Whois | null): string;
  /** The same for a token that was made elsewhere and reached the peer already. */
  keep(peerId: PeerId, token: string, machine: Whois | null): void;
  /** Inside `store.write`. True if there was one to revoke. */
  revoke(peerId: PeerId): boolean;
  /**
   * Whose token it is; null for any that is not good, whatever the reason. One that was given to a
   * machine of the tailnet is good from there only, and not from this machine (`caller` null).
   */
  verify(token: string, caller: Whois | null): PeerId | null;
  of(peerId: PeerId): IssuedToken | null;
  /** Whether it was ever given one. */
  ever(peerId: PeerId): boolean;
}

/** The time of the last use is written at most this often, ms. */
const USE_NOTED_MS = 60_000;

const hashOf = (token: string): Buffer => createHash('sha256').update(token, 'utf8').digest();

/** Keeps the table `reception_tokens`. */
export function createTokens(store: Store, clock: Clock, audit: Audit): Tokens {
  const put = store.prepare<never, [string, string, string | null, string | null, number]>(
    `INSERT INTO reception_tokens (peer_id, hash, node, owner, issued_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (peer_id) DO UPDATE SET hash = excluded.hash, node = excluded.node,
       owner = excluded.owner, issued_at = excluded.issued_at, last_used_at = NULL, revoked_at = NULL`,
  );
  const byHash = store.prepare<TokenRow, [string]>('SELECT * FROM reception_tokens WHERE hash = ?');
  const byPeer = store.prepare<TokenRow, [string]>(
    'SELECT * FROM reception_tokens WHERE peer_id = ?',
  );
  const strike = store.prepare<never, [number, string]>(
    'UPDATE reception_tokens SET revoked_at = ? WHERE peer_id = ? AND revoked_at IS NULL',
  );
  const used = store.prepare<never, [number, string]>(
    'UPDATE reception_tokens SET last_used_at = ? WHERE peer_id = ?',
  );

  const keep: Tokens['keep'] = (peerId, token, machine) => {
    const hash = hashOf(token).toString('hex');
    put.run(peerId, hash, machine?.nodeId ?? null, machine?.user ?? null, clock.now());
    audit.note('token_issued', peerId, machine ? `for ${machine.node}` : 'for any machine');
  };

  return {
    keep,
    issue: (peerId, machine) => {
      const token = randomBytes(32).toString('base64url');
      keep(peerId, token, machine);
      return token;
    },
    revoke: (peerId) => {
      const struck = strike.run(clock.now(), peerId) > 0;
      if (struck) audit.note('token_revoked', peerId, '');
      return struck;
    },
    verify: (token, caller) => {
      const hash = hashOf(token);
      const row = byHash.get(hash.toString('hex'));
      // The same work for every answer: a missing row is compared with a hash that none has.
      const good = timingSafeEqual(hash, row ? Buffer.from(row.hash, 'hex') : Buffer.alloc(32));
      if (!row || !good || row.revoked_at !== null) return null;
      const bound = row.node !== null || row.owner !== null;
      if (bound && (row.owner !== caller?.user || row.node !== caller?.nodeId)) {
        const who = caller ? `${caller.node} of ${caller.user}` : 'a process of this machine';
        audit.write('caller_contradicted', row.peer_id, who);
        return null;
      }
      if (clock.now() - (row.last_used_at ?? 0) > USE_NOTED_MS) {
        store.write(() => used.run(clock.now(), row.peer_id)).catch(() => undefined);
      }
      return row.peer_id;
    },
    ever: (peerId) => byPeer.get(peerId) !== undefined,
    of: (peerId) => {
      const row = byPeer.get(peerId);
      return row && row.revoked_at === null
        ? { issuedAt: row.issued_at, lastUsedAt: row.last_used_at }
        : null;
    },
  };
}
