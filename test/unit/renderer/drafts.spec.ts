import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type Caller,
  ok,
  PeerId,
  type Result,
  type ThreadView,
} from '../../../electron/contract/index.ts';
import { Drafts, unsent } from '../../../renderer/store/drafts.ts';
import { createMirror } from '../../../renderer/store/mirror.ts';
import { threadId } from './samples.ts';

const thread = (text: string, revision: number): ThreadView => ({
  id: threadId,
  peerId: PeerId.parse('01934000-0000-7000-8000-000000000009'),
  linkId: null,
  title: '',
  agentId: null,
  unread: 0,
  muted: false,
  archived: false,
  running: false,
  waiting: 0,
  lastMessageAt: null,
  preview: '',
  draft: { text, revision },
});

function harness(answer: (text: string, revision: number) => { text: string; conflict: boolean }) {
  const mirror = createMirror();
  mirror.setState({ threads: new Map([[threadId, thread('saved before', 3)]]) });
  const saved: { text: string; revision: number }[] = [];
  const call: Caller = async (_name, input) => {
    const { text, revision } = input as { text: string; revision: number };
    saved.push({ text, revision });
    const { text: kept, conflict } = answer(text, revision);
    const value = { draft: { text: kept, revision: revision + 1 }, conflict };
    return ok(value) as Result<never>;
  };
  return { mirror, saved, drafts: new Drafts(call, mirror) };
}

describe('drafts', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('are saved once, a moment after the last key, with the revision they build on', async () => {
    const { drafts, saved } = harness((text) => ({ text, conflict: false }));
    expect(drafts.textOf(threadId)).toBe('saved before');
    drafts.type(threadId, 'a');
    await vi.advanceTimersByTimeAsync(300);
    drafts.type(threadId, 'ab');
    await vi.advanceTimersByTimeAsync(399);
    expect(saved).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(saved).toEqual([{ text: 'ab', revision: 3 }]);
    await drafts.sent(threadId, 'ab');
    expect(saved.at(-1)).toEqual({ text: '', revision: 4 });
  });

  it('are saved at once when the page may go, and take a text that is to be written again', async () => {
    const { drafts, saved } = harness((text) => ({ text, conflict: false }));
    const written: string[] = [];
    drafts.onWritten((_thread, text) => written.push(text));
    drafts.type(threadId, 'typed just now');
    await drafts.saveAll();
    expect(saved).toEqual([{ text: 'typed just now', revision: 3 }]);
    drafts.write(threadId, 'once more');
    expect(written).toEqual(['typed just now\n\nonce more']);
  });

  it('keep what was typed while an older save comes back', async () => {
    const { drafts, mirror } = harness((text) => ({ text, conflict: false }));
    drafts.type(threadId, 'newer');
    mirror.setState({ threads: new Map([[threadId, thread('older', 4)]]) });
    expect(drafts.textOf(threadId)).toBe('newer');
    await drafts.save(threadId);
    expect(drafts.textOf(threadId)).toBe('older');
    mirror.setState({ threads: new Map([[threadId, thread('stale', 3)]]) });
    expect(drafts.textOf(threadId)).toBe('newer');
  });

  it('show both texts after a conflict', async () => {
    const { drafts } = harness((text) => ({ text: `theirs\n\n${text}`, conflict: true }));
    const replaced: string[] = [];
    drafts.onReplaced((_thread, text) => replaced.push(text));
    drafts.type(threadId, 'mine');
    await drafts.save(threadId);
    expect(replaced).toEqual(['theirs\n\nmine']);
  });

  it('keep what is typed on while a text is being sent', async () => {
    const { drafts, saved } = harness((text) => ({ text, conflict: false }));
    drafts.type(threadId, 'first\nsecond');
    await drafts.sent(threadId, 'first');
    expect(drafts.textOf(threadId)).toBe('second');
    expect(saved.at(-1)?.text).toBe('second');
    expect(unsent('first', 'changed in the middle')).toBe('changed in the middle');
  });

  it('put what the app kept in front of what was typed before the thread came', async () => {
    const { drafts, mirror, saved } = harness((text) => ({ text, conflict: false }));
    mirror.setState({ threads: new Map() });
    const replaced: string[] = [];
    drafts.onReplaced((_thread, text, why) => replaced.push(`${why}: ${text}`));
    drafts.type(threadId, 'typed at once');
    mirror.setState({ threads: new Map([[threadId, thread('kept', 7)]]) });
    expect(replaced).toEqual(['loaded: kept\n\ntyped at once']);
    await drafts.save(threadId);
    expect(saved).toEqual([{ text: 'kept\n\ntyped at once', revision: 7 }]);
  });

  it('let the app keep both, where the text is saved before the thread came', async () => {
    const { drafts, mirror, saved } = harness((text) => ({
      text: `kept\n\n${text}`,
      conflict: true,
    }));
    mirror.setState({ threads: new Map() });
    const replaced: string[] = [];
    drafts.onReplaced((_thread, text, why) => replaced.push(`${why}: ${text}`));
    drafts.type(threadId, 'typed at once');
    await drafts.save(threadId);
    expect(saved).toEqual([{ text: 'typed at once', revision: 0 }]);
    expect(replaced).toEqual(['loaded: kept\n\ntyped at once']);
  });

  it('take what was typed to a peer into the thread that opens, once', () => {
    const { drafts, mirror } = harness((text) => ({ text, conflict: false }));
    const { peerId } = thread('', 0);
    drafts.typeLoose(peerId, 'without a thread');
    expect(drafts.looseOf(peerId)).toBe('without a thread');
    drafts.adopt(peerId, threadId);
    drafts.adopt(peerId, threadId);
    expect(drafts.textOf(threadId)).toBe('saved before\n\nwithout a thread');
    expect(drafts.looseOf(peerId)).toBe('');
    expect(mirror.getState().threads.size).toBe(1);
  });

  it('keep what was typed on to the letter where another window saved too, dollars and all', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const mirror = createMirror();
    mirror.setState({ threads: new Map([[threadId, thread('', 3)]]) });
    const call: Caller = async () => {
      await promise;
      const draft = { text: 'theirs\n\nit costs', revision: 5 };
      return ok({ draft, conflict: true }) as Result<never>;
    };
    const drafts = new Drafts(call, mirror);
    drafts.type(threadId, 'it costs');
    const saving = drafts.save(threadId);
    drafts.type(threadId, "it costs $& or $'5");
    resolve();
    await saving;
    expect(drafts.textOf(threadId)).toBe("theirs\n\nit costs $& or $'5");
  });
});
