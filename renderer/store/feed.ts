import type { Batch, Change } from '../../electron/contract/index.ts';
import type { Connection } from '../connection/connection.ts';
import { applyChanges } from './apply.ts';
import { fromSnapshot, type MirrorStore } from './mirror.ts';

/** What the feed tells its owner. */
export interface FeedOwner {
  /** A new snapshot is in place: pages that were open are to be opened again. */
  resumed(): void;
  /** A piece of this thread was missed: read it again. */
  stale(threadId: string): void;
}

/** A frame that was asked for just before the window was hidden never comes: no longer than this, ms. */
const FRAME_MOST_MS = 200;

/** Runs something with the next frame; a hidden window has no frames, so then right away. */
export const nextFrame = (run: () => void): void => {
  if (document.hidden) {
    setTimeout(run, 0);
    return;
  }
  const once = () => {
    cancelAnimationFrame(asked);
    clearTimeout(timer);
    run();
  };
  const asked = requestAnimationFrame(once);
  const timer = setTimeout(once, FRAME_MOST_MS);
};

/**
 * Feeds a mirror from a connection. Batches are collected and applied once per frame, then
 * acknowledged, so the app never sends more than the window can draw.
 */
export function feedMirror(
  connection: Connection,
  mirror: MirrorStore,
  owner: FeedOwner,
  schedule: (run: () => void) => void = nextFrame,
): void {
  let waiting: Batch[] = [];
  let scheduled = false;

  const flush = () => {
    scheduled = false;
    const batches = waiting;
    waiting = [];
    const last = batches.at(-1);
    if (!last) return;
    const changes = batches.flatMap((batch): Change[] => batch.changes);
    const { next, stale } = applyChanges(mirror.getState(), changes);
    mirror.setState(next);
    connection.ack(last.revision);
    for (const threadId of stale) owner.stale(threadId);
  };

  connection.onStatus((status) => mirror.setState({ connection: status }));
  connection.onSnapshot((snapshot) => {
    waiting = [];
    mirror.setState(fromSnapshot(snapshot));
    owner.resumed();
  });
  connection.onBatch((batch) => {
    waiting.push(batch);
    if (scheduled) return;
    scheduled = true;
    schedule(flush);
  });
}
