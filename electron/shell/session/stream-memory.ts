import type { Change, MessageView } from '../../contract/index.ts';

/**
 * Remembers the streaming answers that a window was sent, so that the next change of one carries only
 * what was added. Forgets an answer once it is complete, and a thread's once its page is read again.
 */
export class StreamMemory {
  readonly #sent = new Map<string, MessageView>();

  /** The change as it should be sent; null where the window has it already. */
  shorten(change: Change): Change | null {
    if (change.type !== 'message') return change;
    const before = this.#sent.get(change.id);
    const now = change.value;
    if (now === null || now.direction !== 'in' || now.state !== 'streaming') {
      this.#sent.delete(change.id);
      return change;
    }
    this.#sent.set(change.id, now);
    if (!before || !sameButBody(before, now) || !now.body.startsWith(before.body)) return change;
    if (now.body.length === before.body.length) return null;
    return {
      type: 'append',
      id: change.id,
      threadId: now.threadId,
      offset: before.body.length,
      text: now.body.slice(before.body.length),
    };
  }

  forgetThread(threadId: string): void {
    for (const [id, message] of this.#sent) {
      if (message.threadId === threadId) this.#sent.delete(id);
    }
  }

  clear(): void {
    this.#sent.clear();
  }
}

/** `bodyBytes` follows from the body; the complete message brings it up to date. */
function sameButBody(before: MessageView, now: MessageView): boolean {
  const fields = new Set([...Object.keys(before), ...Object.keys(now)]);
  fields.delete('body');
  fields.delete('bodyBytes');
  for (const field of fields) {
    const a: unknown = Reflect.get(before, field);
    const b: unknown = Reflect.get(now, field);
    if (!Object.is(a, b) && JSON.stringify(a) !== JSON.stringify(b)) return false;
  }
  return true;
}
