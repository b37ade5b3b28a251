import type { Caller, ThreadId } from '../../electron/contract/index.ts';
import type { MirrorStore } from './mirror.ts';

const SAVE_AFTER_MS = 400;

interface Local {
  text: string;
  /** The revision that the text is based on. */
  revision: number;
  dirty: boolean;
  timer: ReturnType<typeof setTimeout> | undefined;
  saving: Promise<void> | null;
}

/**
 * What is being typed, per thread. Saved a moment after the last key; where another window saved
 * in between, the app keeps both texts and the composer shows them.
 */
export class Drafts {
  readonly #call: Caller;
  readonly #mirror: MirrorStore;
  readonly #locals = new Map<ThreadId, Local>();
  readonly #written = new Set<(threadId: ThreadId, text: string) => void>();
  readonly #listeners = new Set<(threadId: ThreadId, text: string) => void>();

  constructor(call: Caller, mirror: MirrorStore) {
    this.#call = call;
    this.#mirror = mirror;
  }

  /** What the composer starts with: what was typed here, else what the app has. */
  textOf(threadId: ThreadId): string {
    const local = this.#locals.get(threadId);
    const saved = this.#mirror.getState().threads.get(threadId)?.draft;
    if (local && (local.dirty || local.saving || !saved || saved.revision < local.revision)) {
      return local.text;
    }
    return saved?.text ?? '';
  }

  /** Takes what is in the field now. */
  type(threadId: ThreadId, text: string): void {
    const local = this.#local(threadId);
    local.text = text;
    local.dirty = true;
    clearTimeout(local.timer);
    local.timer = setTimeout(() => void this.save(threadId), SAVE_AFTER_MS);
  }

  /** Puts a text into the field, below what is there already, and says so to the field. */
  write(threadId: ThreadId, text: string): void {
    const before = this.textOf(threadId);
    const whole = before.trim() === '' ? text : `${before}\n\n${text}`;
    this.type(threadId, whole);
    for (const listener of this.#written) listener(threadId, whole);
  }

  /** Hears when a text was put into the field. */
  onWritten(listener: (threadId: ThreadId, text: string) => void): () => void {
    this.#written.add(listener);
    return () => {
      this.#written.delete(listener);
    };
  }

  /** Saves all that is unsaved: the page may be gone the next moment. */
  async saveAll(): Promise<void> {
    await Promise.all([...this.#locals.keys()].map((threadId) => this.save(threadId)));
  }

  /** Saves now, if something is unsaved. */
  async save(threadId: ThreadId): Promise<void> {
    const local = this.#locals.get(threadId);
    if (!local) return;
    clearTimeout(local.timer);
    if (local.saving) await local.saving;
    if (!local.dirty) return;
    local.saving = this.#store(threadId, local);
    await local.saving;
    local.saving = null;
  }

  /** After sending: the field is empty, here and in the app. */
  async clear(threadId: ThreadId): Promise<void> {
    this.type(threadId, '');
    await this.save(threadId);
  }

  /** Hears when the app's text replaced what was typed, because another window wrote too. */
  onReplaced(listener: (threadId: ThreadId, text: string) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  async #store(threadId: ThreadId, local: Local): Promise<void> {
    const { text } = local;
    local.dirty = false;
    const result = await this.#call('thread.saveDraft', {
      threadId,
      text: text.replaceAll('\u0000', '').toWellFormed(),
      revision: local.revision,
    });
    if (!result.ok) {
      local.dirty = true;
      return;
    }
    local.revision = result.value.draft.revision;
    if (!result.value.conflict) return;
    if (local.dirty) {
      // Typed on meanwhile: the newer keys win the field, and the other text goes in front once.
      local.text = result.value.draft.text.replace(text, local.text);
    } else {
      local.text = result.value.draft.text;
    }
    for (const listener of this.#listeners) listener(threadId, local.text);
  }

  #local(threadId: ThreadId): Local {
    const known = this.#locals.get(threadId);
    const saved = this.#mirror.getState().threads.get(threadId)?.draft;
    if (known) {
      if (!known.dirty && !known.saving && saved && saved.revision > known.revision) {
        known.revision = saved.revision;
      }
      return known;
    }
    const made: Local = {
      text: saved?.text ?? '',
      revision: saved?.revision ?? 0,
      dirty: false,
      timer: undefined,
      saving: null,
    };
    this.#locals.set(threadId, made);
    return made;
  }
}
