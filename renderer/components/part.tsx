import { type ComponentType, lazy, useState } from 'react';

/** A component whose code is loaded apart. */
export interface Part<P extends object> {
  (props: P): React.ReactNode;
  /** Loads it before somebody needs it. One that fails is tried again by whoever needs it. */
  load(): Promise<void>;
}

/**
 * A part of the window that is loaded apart. Once it is loaded it is drawn at once: React's own `lazy` shows
 * the fallback first, and for 300 ms, even when nothing is left to load.
 */
export function part<P extends object>(
  load: () => Promise<{ readonly default: ComponentType<P> }>,
): Part<P> {
  let loaded: ComponentType<P> | null = null;
  const get = async () => {
    const found = await load();
    loaded = found.default;
    return found;
  };
  const Lazy: ComponentType<P> = lazy(get);
  // Made once per module, where the part is named.
  // biome-ignore lint/correctness/noComponentHookFactories: see above
  const Shown = (props: P) => {
    // The same one as long as it is shown: another would begin from nothing.
    const [Chosen] = useState(() => loaded ?? Lazy);
    return <Chosen {...props} />;
  };
  return Object.assign(Shown, {
    load: () =>
      get().then(
        () => undefined,
        () => undefined,
      ),
  });
}

/** The most that loading ahead is put off while the page is busy, ms. */
const LATEST_MS = 4_000;

/**
 * Loads parts one after another whenever the page has nothing else to do.
 * @returns ends it.
 */
export function loadAhead(parts: readonly { load(): Promise<void> }[]): () => void {
  let ended = false;
  const next = (at: number): void => {
    const one = parts[at];
    if (ended || !one) return;
    requestIdleCallback(
      () => {
        if (!ended) void one.load().then(() => next(at + 1));
      },
      { timeout: LATEST_MS },
    );
  };
  next(0);
  return () => {
    ended = true;
  };
}
