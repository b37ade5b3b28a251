import type { Caller, PeerId, ThreadId } from '../../electron/contract/index.ts';
import type { MirrorStore } from './mirror.ts';

const SAVE_AFTER_MS = 400;

interface Local {
  text: string;
  /** The revision that the text is based on. */
  revision: number;
  /** False while the thread has not come: what the app kept of it is not in the text yet. */
  loaded: boolean;
  dirty: boolean;
  timer: ReturnType<typeof setTimeout> | undefined;
  saving: Promise<void> | null;
}

/** Why a text in the field is another one: another window wrote too, or the thread came only now. */
export type Replaced = 'other_window' | 'loaded';

/** What is left to send where somebody typed on while a text was on its way. */
export const unsent = (sent: string, now: string): string =>
  now.startsWith(sent) ? now.slice(sent.length).trimStart() : now;

const joined = (before: string, added: string): string =>
  before.trim() === '' ? added : added.trim() === '' ? before : `${before}\n\n${added}`;

/**
 * What is being typed, per thread. Saved a moment after the last key; where another window saved
 * in between, the app keeps both texts and the composer shows them.
 */
export class Drafts {
  readonly #call: Caller;
  readonly #mirror: MirrorStore;
  readonly #locals = new Map<ThreadId, Local>();
  readonly #written = new Set<(threadId: ThreadId, text: string) => void>();
  readonly #listeners = new Set<(threadId: ThreadId, text: string, why: Replaced) => void>();
  /** What was typed to a peer of whom no thread was open yet. */
  readonly #loose = new Map<PeerId, string>();

  constructor(call: Caller, mirror: MirrorStore) {
    this.#call = call;
    this.#mirror = mirror;
    mirror.subscribe((now, before) => {
      if (now.threads !== before.threads) this.#meet();
    });
  }

  /** What was typed to a peer while no thread of it was open. */
  looseOf(peerId: PeerId): string {
    return this.#loose.get(peerId) ?? '';
  }

  /** Takes what is in the field now, where no thread is open. */
  typeLoose(peerId: PeerId, text: string): void {
    if (text === '') this.#loose.delete(peerId);
    else this.#loose.set(peerId, text);
  }

  /** A thread of the peer opened: what was typed before goes into its field. */
  adopt(peerId: PeerId, threadId: ThreadId): void {
    const loose = this.looseOf(peerId);
    if (loose === '') return;
    this.#loose.delete(peerId);
    this.type(threadId, joined(this.textOf(threadId), loose));
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
    const whole = joined(before, text);
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

  /** After sending: what was sent leaves the field, here and in the app; what was typed since stays. */
  async sent(threadId: ThreadId, text: string): Promise<void> {
    this.type(threadId, unsent(text, this.textOf(threadId)));
    await this.save(threadId);
  }

  /** Hears when what was typed was replaced by a text that holds it and another. */
  onReplaced(listener: (threadId: ThreadId, text: string, why: Replaced) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  async #store(threadId: ThreadId, local: Local): Promise<void> {
    const { text } = local;
    local.dirty = false;
    const why = local.loaded ? 'other_window' : 'loaded';
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
    local.loaded = true;
    if (!result.value.conflict) return;
    if (local.dirty) {
      // Typed on meanwhile: the newer keys win the field, and the other text goes in front once.
      const typed = local.text;
      local.text = result.value.draft.text.replace(text, () => typed);
    } else {
      local.text = result.value.draft.text;
    }
    for (const listener of this.#listeners) listener(threadId, local.text, why);
  }

  /** Threads that came now: what the app kept of them goes in front of what was typed meanwhile. */
  #meet(): void {
    for (const [threadId, local] of this.#locals) {
      const kept = this.#mirror.getState().threads.get(threadId)?.draft;
      if (local.loaded || local.saving || !kept) continue;
      local.loaded = true;
      local.revision = kept.revision;
      if (!local.dirty || kept.text.trim() === '') continue;
      local.text = joined(kept.text, local.text);
      for (const listener of this.#listeners) listener(threadId, local.text, 'loaded');
    }
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
      loaded: saved !== undefined,
      dirty: false,
      timer: undefined,
      saving: null,
    };
    this.#locals.set(threadId, made);
    return made;
  }
}
