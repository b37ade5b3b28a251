import type { AppError, ChangeSink } from '../contract/index.ts';
import type { Store } from '../store/store.ts';

/** Remembers what is wrong with the database, for the app's view. @returns null while it is well */
export function watchStore(store: Pick<Store, 'onTrouble'>, changed: ChangeSink) {
  let trouble: AppError | null = null;
  store.onTrouble((error) => {
    trouble = error;
    changed({ type: 'app' });
  });
  return (): AppError | null => trouble;
}
