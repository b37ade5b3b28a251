import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Batch, Change, Snapshot } from '../../../electron/contract/index.ts';
import type { Connection } from '../../../renderer/connection/connection.ts';
import { applyChanges } from '../../../renderer/store/apply.ts';
import { feedMirror, nextFrame } from '../../../renderer/store/feed.ts';
import { windowOf } from '../../../renderer/store/message-window.ts';
import { createMirror } from '../../../renderer/store/mirror.ts';
import { message, peerRow, snapshot, threadId } from './samples.ts';

function harness() {
  const mirror = createMirror();
  const acks: number[] = [];
  const stale: string[] = [];
  const frames: (() => void)[] = [];
  let resumed = 0;
  let giveSnapshot: (given: Snapshot) => void = () => {};
  let giveBatch: (given: Batch) => void = () => {};
  const nothing = () => () => {};
  const connection: Connection = {
    call: () => new Promise(() => {}),
    onSnapshot: (listener) => {
      giveSnapshot = listener;
      return () => {};
    },
    onBatch: (listener) => {
      giveBatch = listener;
      return () => {};
    },
    onEvent: nothing,
    onStatus: nothing,
    ack: (revision) => acks.push(revision),
    close: () => {},
  };
  feedMirror(
    connection,
    mirror,
    { resumed: () => resumed++, stale: (id) => stale.push(id) },
    (run) => frames.push(run),
  );
  return {
    mirror,
    acks,
    stale,
    frames,
    resumedTimes: () => resumed,
    snapshot: (given: Snapshot) => giveSnapshot(given),
    batch: (base: number, changes: Change[]) =>
      giveBatch({ epoch: 'one', base, revision: base + 1, changes }),
  };
}

describe('the next frame', () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('is not waited for for ever: a window that was just hidden has none', () => {
    vi.useFakeTimers();
    let frame: () => void = () => {};
    vi.stubGlobal('document', { hidden: false });
    vi.stubGlobal('requestAnimationFrame', (run: () => void) => {
      frame = run;
      return 1;
    });
    vi.stubGlobal('cancelAnimationFrame', () => {});
    let ran = 0;
    nextFrame(() => ran++);
    vi.advanceTimersByTime(250);
    expect(ran).toBe(1);
    nextFrame(() => ran++);
    frame();
    vi.advanceTimersByTime(250);
    expect(ran).toBe(2);
  });
});

describe('the feed', () => {
  it('applies batches once per frame, in one go, and acknowledges the last', () => {
    const app = harness();
    app.snapshot(snapshot([peerRow(1), peerRow(2)]));
    let draws = 0;
    app.mirror.subscribe(() => draws++);
    app.batch(1, [{ type: 'peer', id: peerRow(1).id, value: peerRow(1, { unread: 1 }) }]);
    app.batch(2, [{ type: 'peer', id: peerRow(1).id, value: peerRow(1, { unread: 2 }) }]);
    expect(app.frames).toHaveLength(1);
    expect(app.acks).toEqual([]);
    app.frames.shift()?.();
    expect(draws).toBe(1);
    expect(app.acks).toEqual([3]);
    expect(app.mirror.getState().peers.get(peerRow(1).id)?.unread).toBe(2);
  });

  it('lets a snapshot replace everything, what waited for a frame included', () => {
    const app = harness();
    app.snapshot(snapshot([peerRow(1)]));
    app.batch(1, [{ type: 'peer', id: peerRow(1).id, value: null }]);
    app.snapshot(snapshot([peerRow(1), peerRow(2)], 9, 'two'));
    app.frames.shift()?.();
    expect(app.mirror.getState().peers.size).toBe(2);
    expect(app.acks).toEqual([]);
    expect(app.resumedTimes()).toBe(2);
  });

  it('has a thread read again where streamed text was missed', () => {
    const app = harness();
    app.snapshot(snapshot([]));
    app.mirror.setState({
      windows: new Map([
        [threadId, windowOf({ messages: [message(1, 'ab')], hasOlder: false, hasNewer: false })],
      ]),
    });
    const append = { type: 'append' as const, id: message(1).id, threadId };
    app.batch(1, [
      { ...append, offset: 2, text: 'cd' },
      { ...append, offset: 9, text: 'lost' },
    ]);
    app.frames.shift()?.();
    expect(app.mirror.getState().windows.get(threadId)?.messages[0]?.body).toBe('abcd');
    expect(app.stale).toEqual([threadId]);
  });
});

describe('applying changes', () => {
  it('copies only what changed, and keeps unchanged rows the same objects', () => {
    const mirror = createMirror().getState();
    const before = {
      ...mirror,
      peers: new Map([peerRow(1), peerRow(2)].map((peer) => [peer.id as string, peer])),
    };
    const { next } = applyChanges(before, [
      { type: 'peer', id: peerRow(1).id, value: peerRow(1, { latencyMs: 5 }) },
    ]);
    expect(Object.keys(next)).toEqual(['peers']);
    expect(next.peers?.get(peerRow(2).id)).toBe(before.peers.get(peerRow(2).id));
  });

  it('does no harm when applied twice', () => {
    const mirror = createMirror().getState();
    const change: Change = { type: 'peer', id: peerRow(1).id, value: null };
    const once = applyChanges(mirror, [change]).next;
    expect(applyChanges({ ...mirror, ...once }, [change]).next.peers?.size).toBe(0);
  });

  it('drops messages of threads that are not loaded', () => {
    const mirror = createMirror().getState();
    const { next } = applyChanges(mirror, [
      { type: 'message', id: message(1).id, value: message(1) },
    ]);
    expect(next).toEqual({});
  });
});
