/** The one place where a delegation changes: each change is one commit, and is told after it. */
import type { Clock } from '../../clock/clock.ts';
import type { ChangeSink, DelegationId } from '../../contract/index.ts';
import type { Store } from '../../store/store.ts';
import { type AnswerFiles, answerFileTable } from './answer-files.ts';
import type { Delegation } from './rows.ts';
import { type DelegationTable, delegationTable } from './table.ts';

/** Reads go to its tables; whatever changes a delegation goes through `change`. */
export interface Ledger {
  readonly table: DelegationTable;
  readonly answerFiles: AnswerFiles;
  /**
   * Changes one, inside one commit. `change` sees it as it stands then, and gives null to leave it.
   * @returns how it stands now; null where nothing was changed, or it is gone.
   */
  change(
    id: DelegationId,
    change: (now: Delegation) => Partial<Delegation> | null,
  ): Promise<Delegation | null>;
  /** Tells everybody that a delegation is there or is another now. */
  tell(id: DelegationId): void;
  /** Hears of changes of one delegation. */
  watch(id: DelegationId, listener: (now: Delegation) => void): () => void;
}

/**
 * Opens the ledger over a store.
 * @param noted is told of each change inside its commit
 */
export function createLedger(
  store: Store,
  clock: Clock,
  changed: ChangeSink,
  noted: (before: Delegation, after: Delegation) => void = () => undefined,
): Ledger {
  const table = delegationTable(store);
  const answerFiles = answerFileTable(store);
  const listeners = new Map<DelegationId, Set<(now: Delegation) => void>>();

  const tell = (id: DelegationId): void => {
    changed({ type: 'delegation', id });
    changed({ type: 'app' });
    const now = listeners.has(id) ? table.byId(id) : null;
    if (now) for (const listener of [...(listeners.get(id) ?? [])]) listener(now);
  };

  return {
    table,
    answerFiles,
    tell,
    change: async (id, change) => {
      const next = await store.write(() => {
        const now = table.byId(id);
        const changes = now && change(now);
        if (!now || !changes) return null;
        const made: Delegation = { ...now, changedAt: clock.now(), ...changes };
        table.update(made);
        noted(now, made);
        return made;
      });
      if (next) tell(id);
      return next;
    },
    watch: (id, listener) => {
      const all = listeners.get(id) ?? new Set();
      listeners.set(id, all);
      all.add(listener);
      return () => {
        all.delete(listener);
        if (all.size === 0) listeners.delete(id);
      };
    },
  };
}
