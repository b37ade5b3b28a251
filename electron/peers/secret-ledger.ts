/**
 * Remembers which secrets must leave the keychain, until they did. A name is noted before a secret is
 * written and struck out by the commit that makes its link; so neither a failed commit, nor a kill at
 * any point, nor a keychain that is locked just then leaves a secret behind for good.
 */
import { CodedError, type LinkId } from '../contract/index.ts';
import type { Store } from '../store/store.ts';
import { LINK_SECRET_KINDS, type LinkSecretKind, type LinkSecrets } from './records.ts';

/** Which secrets of links are to be forgotten, so that none stays in the keychain without its link. */
export interface SecretLedger {
  /**
   * Puts a secret into the keychain, noted as *to forget* until {@link SecretLedger.keep} runs in
   * the commit of the row that needs it.
   * @throws CodedError `secrets.*` or `store.*`; then nothing was kept.
   */
  bring(linkId: LinkId, kind: LinkSecretKind, value: string): Promise<void>;
  /** Strikes the note out. Inside `store.write`. */
  keep(linkId: LinkId, kind: LinkSecretKind): void;
  /** Notes one secret, or all of a link, as to forget. Inside `store.write`; then {@link sweep}. */
  forget(linkId: LinkId, kinds?: readonly LinkSecretKind[]): void;
  /** The commit after {@link bring} failed: takes the secret out again, now or at a later sweep. */
  takeBack(linkId: LinkId): Promise<void>;
  /** Forgets all that is noted; what cannot be forgotten now stays noted. Never rejects. */
  sweep(): Promise<void>;
}

/** Keeps its notes in the table `secrets_to_forget`. */
export function secretLedger(store: Store, secrets: LinkSecrets): SecretLedger {
  const note = store.prepare<never, [string, string]>(
    'INSERT OR IGNORE INTO secrets_to_forget (link_id, kind) VALUES (?, ?)',
  );
  const strike = store.prepare<never, [string, string]>(
    'DELETE FROM secrets_to_forget WHERE link_id = ? AND kind = ?',
  );
  const noted = store.prepare<{ link_id: LinkId; kind: LinkSecretKind }>(
    'SELECT link_id, kind FROM secrets_to_forget',
  );
  /** Links whose secret was brought and whose commit has not ended: a sweep leaves them alone. */
  const open = new Set<LinkId>();
  let sweeping: Promise<void> | null = null;
  let again = false;

  const sweepOnce = async (): Promise<void> => {
    for (const { link_id: linkId, kind } of noted.all()) {
      if (open.has(linkId)) continue;
      try {
        await secrets.delete(linkId, kind);
      } catch (error) {
        // A read-only folder never held it for us; anything else may go better later.
        if (!(error instanceof CodedError && error.error.code === 'secrets.read_only')) continue;
      }
      await store.write(() => strike.run(linkId, kind));
    }
  };

  const sweep = (): Promise<void> => {
    if (sweeping) {
      again = true;
      return sweeping;
    }
    sweeping = (async () => {
      do {
        again = false;
        await sweepOnce().catch(() => {});
      } while (again);
      sweeping = null;
    })();
    return sweeping;
  };

  return {
    bring: async (linkId, kind, value) => {
      open.add(linkId);
      try {
        await store.write(() => note.run(linkId, kind));
        await secrets.set(linkId, kind, value);
      } catch (error) {
        open.delete(linkId);
        // A set that was refused may still have happened behind our back.
        void sweep();
        throw error;
      }
    },
    keep: (linkId, kind) => {
      strike.run(linkId, kind);
      open.delete(linkId);
    },
    forget: (linkId, kinds = LINK_SECRET_KINDS) => {
      for (const kind of kinds) note.run(linkId, kind);
    },
    takeBack: (linkId) => {
      open.delete(linkId);
      return sweep();
    },
    sweep,
  };
}
