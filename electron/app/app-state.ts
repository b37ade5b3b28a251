import { v7 } from 'uuid';
import type * as z from 'zod';
import type { Store } from '../store/store.ts';

/** Small facts that the app remembers about itself; never secrets. One row each, JSON. */
export interface AppState {
  get<T>(name: string, schema: z.ZodType<T>): T | null;
  set(name: string, value: unknown): Promise<void>;
}

/** Reads and writes the table `app_state`; a value that does not fit its schema counts as missing. */
export function createAppState(store: Store): AppState {
  const find = store.prepare<{ value: string }, [string]>(
    'SELECT value FROM app_state WHERE name = ?',
  );
  const put = store.prepare<never, [string, string]>(
    'INSERT INTO app_state (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  return {
    get: (name, schema) => {
      const row = find.get(name);
      if (!row) return null;
      try {
        const parsed = schema.safeParse(JSON.parse(row.value));
        return parsed.success ? parsed.data : null;
      } catch {
        return null;
      }
    },
    set: (name, value) =>
      store.write(() => {
        put.run(name, JSON.stringify(value));
      }),
  };
}

/**
 * The id of this home folder, made once: it names the home's entries in the keychain, so that two
 * homes of one user do not share secrets.
 */
export async function homeId(state: AppState, schema: z.ZodType<string>): Promise<string> {
  const known = state.get('home_id', schema);
  if (known !== null) return known;
  const made = v7();
  await state.set('home_id', made);
  return made;
}
