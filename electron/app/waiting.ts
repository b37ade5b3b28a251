/** What waits for the person's decision, gathered from whoever knows of some of it. */
import {
  type AppView,
  MAX_WAITING_NAMED,
  placeText,
  type WaitingView,
  type WarningView,
} from '../contract/index.ts';

/** One who knows of things that wait; asked whenever the app is shown, so it must be quick. */
export type WaitingSource = () => readonly WaitingView[];

/** Puts the sources together, the first source first. */
export function waitingOf(sources: readonly WaitingSource[]): AppView['waiting'] {
  const all = sources.flatMap((source) => source());
  return { total: all.length, first: all.slice(0, MAX_WAITING_NAMED) };
}

/** Links that only the person can bring on: a gateway that must let us in, or that is not who it was. */
const APPROVALS: ReadonlySet<string> = new Set(['link.needs_approval', 'link.identity_changed']);

/** What the warnings tell of approvals. */
export const waitingApprovals =
  (warnings: () => readonly WarningView[]): WaitingSource =>
  () =>
    warnings()
      .filter((warning) => APPROVALS.has(warning.code))
      .map((warning) => ({
        kind: 'approval',
        id: warning.id,
        title: warning.title,
        to:
          warning.peerId === null
            ? placeText({ kind: 'notices' })
            : placeText({ kind: 'peer_health', peerId: warning.peerId }),
      }));
