/**
 * Warnings with hysteresis. A fact becomes a warning when it has lasted for its time-to-visible, and
 * while nothing that explains it is there: of a broken cable one hears, and not of each peer behind it.
 */
import type { Cancel, Clock } from '../clock/clock.ts';
import type {
  ChangeSink,
  PeerId,
  Remedy,
  Severity,
  WarningId,
  WarningView,
} from '../contract/index.ts';

/** Something that is so, worth a person's eye if it lasts. */
export interface Fact {
  /** `<code>` or `<code>:<subject id>`. Facts of one id are one. */
  readonly id: WarningId;
  readonly code: string;
  readonly severity: Severity;
  readonly title: string;
  readonly detail: string;
  readonly remedy: Remedy | null;
  readonly peerId: PeerId | null;
  /** Facts that explain this one: while any of them is there, this one stays silent. */
  readonly dependsOn: readonly WarningId[];
  /** How long it must last, ms. */
  readonly timeToVisibleMs: number;
  /** True where the tray icon should show it. */
  readonly impactsConnectivity: boolean;
  /** True where only a person can end it. */
  readonly needsYou: boolean;
}

interface Entry {
  fact: Fact;
  readonly since: number;
  /** It lasted long enough. */
  ripe: boolean;
  dismissed: boolean;
  shown: boolean;
  cancel: Cancel;
}

/** The warnings: set, cleared, dismissed, each shown only once it lasted. */
export interface Warnings {
  /** Says that a fact is so. Saying it again only renews its words. */
  set(fact: Fact): void;
  clear(id: WarningId): void;
  /** Hides a warning until it ends and begins anew. False where there is none. */
  dismiss(id: WarningId): boolean;
  /** What is to be seen, oldest first. */
  visible(): WarningView[];
  view(id: WarningId): WarningView | null;
  /** What has lasted and is not explained by another, dismissed or not. */
  standing(): Fact[];
  stop(): void;
}

/** Keeps the facts, and tells of each warning that appears, changes or goes. */
export function createWarnings(clock: Clock, changed: ChangeSink): Warnings {
  const entries = new Map<WarningId, Entry>();
  const children = new Map<WarningId, Set<WarningId>>();

  const explained = ({ fact }: Entry): boolean => fact.dependsOn.some((id) => entries.has(id));
  const stands = (entry: Entry): boolean => entry.ripe && !explained(entry);
  const shows = (entry: Entry): boolean => stands(entry) && !entry.dismissed;

  const tellIfChanged = (entry: Entry): void => {
    const now = shows(entry);
    if (now === entry.shown) return;
    entry.shown = now;
    changed({ type: 'warning', id: entry.fact.id });
  };

  const ripen = (entry: Entry): void => {
    entry.cancel();
    entry.ripe = false;
    if (entry.fact.timeToVisibleMs <= 0) {
      entry.ripe = true;
      tellIfChanged(entry);
      return;
    }
    tellIfChanged(entry);
    entry.cancel = clock.after(entry.fact.timeToVisibleMs, () => {
      entry.ripe = true;
      tellIfChanged(entry);
    });
  };

  /** What it explained falls silent when it comes, and must last anew when it goes. */
  const touchChildren = (id: WarningId, released: boolean): void => {
    for (const child of children.get(id) ?? []) {
      const entry = entries.get(child);
      if (!entry) continue;
      if (released && !explained(entry)) ripen(entry);
      else tellIfChanged(entry);
    }
  };

  const adopt = (fact: Fact): void => {
    for (const parent of fact.dependsOn) {
      const set = children.get(parent) ?? new Set();
      set.add(fact.id);
      children.set(parent, set);
    }
  };
  const orphan = (fact: Fact): void => {
    for (const parent of fact.dependsOn) {
      const set = children.get(parent);
      set?.delete(fact.id);
      if (set?.size === 0) children.delete(parent);
    }
  };

  const viewOf = (entry: Entry): WarningView => ({
    id: entry.fact.id,
    code: entry.fact.code,
    severity: entry.fact.severity,
    title: entry.fact.title,
    detail: entry.fact.detail,
    remedy: entry.fact.remedy,
    peerId: entry.fact.peerId,
    since: entry.since,
    impactsConnectivity: entry.fact.impactsConnectivity,
  });

  // What was pending before sleep says nothing about now.
  const stopWake = clock.onWake(() => {
    for (const entry of entries.values()) if (!entry.ripe) ripen(entry);
  });

  return {
    set: (fact) => {
      const entry = entries.get(fact.id);
      if (!entry) {
        const fresh: Entry = {
          fact,
          since: clock.now(),
          ripe: false,
          dismissed: false,
          shown: false,
          cancel: () => {},
        };
        entries.set(fact.id, fresh);
        adopt(fact);
        ripen(fresh);
        touchChildren(fact.id, false);
        return;
      }
      const same = JSON.stringify(entry.fact) === JSON.stringify(fact);
      if (same) return;
      orphan(entry.fact);
      entry.fact = fact;
      adopt(fact);
      if (entry.shown && shows(entry)) changed({ type: 'warning', id: fact.id });
      else tellIfChanged(entry);
    },
    clear: (id) => {
      const entry = entries.get(id);
      if (!entry) return;
      entry.cancel();
      entries.delete(id);
      orphan(entry.fact);
      if (entry.shown) changed({ type: 'warning', id });
      touchChildren(id, true);
    },
    dismiss: (id) => {
      const entry = entries.get(id);
      if (!entry) return false;
      entry.dismissed = true;
      tellIfChanged(entry);
      return true;
    },
    visible: () => [...entries.values()].filter(shows).map(viewOf),
    view: (id) => {
      const entry = entries.get(id);
      return entry && shows(entry) ? viewOf(entry) : null;
    },
    standing: () => [...entries.values()].filter(stands).map((entry) => entry.fact),
    stop: () => {
      stopWake();
      for (const entry of entries.values()) entry.cancel();
    },
  };
}
