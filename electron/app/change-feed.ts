import type { ChangeKey, ChangeSink } from '../contract/index.ts';

/** Services tell it what changed; shells' window sessions hear it, each key once per telling. */
export interface ChangeFeed {
  readonly changed: ChangeSink;
  onChange(listener: (key: ChangeKey) => void): () => void;
}

/** Makes an empty feed. A listener that throws does not keep the others from hearing. */
export function createChangeFeed(log: (line: string) => void): ChangeFeed {
  const listeners = new Set<(key: ChangeKey) => void>();
  return {
    changed: (key) => {
      for (const listener of listeners) {
        try {
          listener(key);
        } catch (error) {
          log(`a listener failed on ${key.type}: ${String(error)}`);
        }
      }
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
