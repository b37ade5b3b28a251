import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AppError } from '../../electron/contract/index.ts';

/** What can be done about a toast: an undo, or a way to what it speaks of. */
export interface ToastAction {
  readonly label: string;
  readonly run: () => void;
}

/** A short word at the bottom of the window, with what can be done about it. */
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly error: AppError | null;
  readonly action: ToastAction | null;
  readonly until: number;
  /** What it offers ends with it: it goes at its time even while somebody is at it. */
  readonly final: boolean;
}

/** The toasts that are up now. */
export type ToastStore = StoreApi<{ readonly toasts: readonly Toast[] }>;

const SHOWN_MS = 5_000;
const ACTION_MS = 8_000;
const ERROR_MS = 12_000;
const MOST = 3;

/** Shows and forgets toasts. */
export class Toasts {
  readonly store: ToastStore = createStore(() => ({ toasts: [] }));
  #nextId = 1;
  #held = false;

  /** Says something, for a few seconds; longer where it leads somewhere. */
  say(text: string, action: ToastAction | null = null): void {
    this.#add({ text, error: null, action, final: false }, action ? ACTION_MS : SHOWN_MS);
  }

  /** Says what failed, where no view of its own shows it. */
  fail(error: AppError): void {
    this.#add({ text: error.title, error, action: null, final: false }, ERROR_MS);
  }

  /** Offers to take something back for as long as that is possible. */
  offerUndo(text: string, undoMs: number, undo: () => void): void {
    const action = { label: 'Undo', run: undo };
    this.#add({ text, error: null, action, final: true }, undoMs);
  }

  /** Takes one away. */
  dismiss(id: number): void {
    this.store.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
  }

  /** While the focus is in one of them they stay; what is over by then goes when it is let go. */
  hold(held: boolean): void {
    if (this.#held === held) return;
    this.#held = held;
    if (held) return;
    const now = Date.now();
    this.store.setState(({ toasts }) => ({ toasts: toasts.filter((one) => one.until > now) }));
  }

  #expire(toast: Toast): void {
    if (!this.#held || toast.final) this.dismiss(toast.id);
  }

  #add(toast: Omit<Toast, 'id' | 'until'>, ms: number): void {
    const shown = { ...toast, id: this.#nextId++, until: Date.now() + ms };
    this.store.setState(({ toasts }) => ({ toasts: [...toasts.slice(1 - MOST), shown] }));
    setTimeout(() => this.#expire(shown), ms);
  }
}
