import { useState } from 'react';
import type { Client } from '../../store/client.ts';
import { useClient } from '../../store/hooks.ts';

const keptBy = new WeakMap<Client, Map<string, unknown>>();

function keptOf(client: Client): Map<string, unknown> {
  const there = keptBy.get(client);
  if (there) return there;
  const made = new Map<string, unknown>();
  keptBy.set(client, made);
  return made;
}

/**
 * A state that outlives its component: what is half written about a piece of work is still there after a
 * look at another list. Kept while the window is open, and nowhere else.
 * @param key what it is about; one shape for one key
 * @param nothing what there is at first; set to this very value again, nothing is kept
 */
export function useKept<T>(key: string, nothing: T): readonly [T, (change: (now: T) => T) => void] {
  const kept = keptOf(useClient());
  const read = (): T => (kept.has(key) ? (kept.get(key) as T) : nothing);
  const [value, setValue] = useState(read);
  const change = (next: (now: T) => T): void => {
    const after = next(read());
    // Also where the component is gone meanwhile: what was sent is not to come back.
    if (after === nothing) kept.delete(key);
    else kept.set(key, after);
    setValue(after);
  };
  return [value, change];
}
