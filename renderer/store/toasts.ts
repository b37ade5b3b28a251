import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AppError } from '../../electron/contract/index.ts';

/** A short word at the bottom of the window, with an undo where there is one. */
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly error: AppError | null;
  readonly undo: (() => void) | null;
  readonly until: number;
}

export type ToastStore = StoreApi<{ readonly toasts: readonly Toast[] }>;

const SHOWN_MS = 5_000;
const ERROR_MS = 12_000;
const MOST = 3;

/** Shows and forgets toasts. */
export class Toasts {
  readonly store: ToastStore = createStore(() => ({ toasts: [] }));
  #nextId = 1;

  /** Says something, for a few seconds. */
  say(text: string): void {
    this.#add({ text, error: null, undo: null }, SHOWN_MS);
  }

  /** Says what failed, where no view of its own shows it. */
  fail(error: AppError): void {
    this.#add({ text: error.title, error, undo: null }, ERROR_MS);
  }

  /** Offers to take something back for as long as that is possible. */
  offerUndo(text: string, undoMs: number, undo: () => void): void {
    this.#add({ text, error: null, undo }, undoMs);
  }

  /** Takes one away. */
  dismiss(id: number): void {
    this.store.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
  }

  #add(toast: Pick<Toast, 'text' | 'error' | 'undo'>, ms: number): void {
    const id = this.#nextId++;
    this.store.setState(({ toasts }) => ({
      toasts: [...toasts.slice(1 - MOST), { ...toast, id, until: Date.now() + ms }],
    }));
    setTimeout(() => this.dismiss(id), ms);
  }
}
