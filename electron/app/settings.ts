import { type ChangeSink, DEFAULT_SETTINGS, Settings } from '../contract/index.ts';
import type { Store } from '../store/store.ts';

/** The person's settings, complete at all times: what was never set has its default. */
export interface SettingsService {
  current(): Settings;
  /** Stores what changed, and answers with all of it. */
  update(changes: Partial<Settings>): Promise<Settings>;
}

interface Row {
  name: string;
  value: string;
}

/** One row per setting, so that a value that this version does not know, or not any more, hurts none of the others. */
function load(rows: readonly Row[], log: (line: string) => void): Settings {
  const settings: Record<string, unknown> = { ...DEFAULT_SETTINGS };
  for (const { name, value } of rows) {
    if (!Object.hasOwn(Settings.shape, name)) continue;
    try {
      const field = Settings.shape[name as keyof Settings];
      settings[name] = field.parse(JSON.parse(value));
    } catch {
      log(`the stored setting ${name} is not usable; its default is taken`);
    }
  }
  return Settings.parse(settings);
}

/** Reads Settings once, and holds them; the database stays the truth. */
export function createSettings(
  store: Store,
  changed: ChangeSink,
  log: (line: string) => void,
): SettingsService {
  const put = store.prepare<never, [string, string]>(
    'INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  );
  let settings = load(store.prepare<Row>('SELECT name, value FROM settings').all(), log);
  return {
    current: () => settings,
    update: async (changes) => {
      const next = Settings.parse({ ...settings, ...changes });
      // A refusal above a warning that comes later would never be seen.
      if (next.softLimitBytes > next.hardLimitBytes) next.softLimitBytes = next.hardLimitBytes;
      await store.write(() => {
        for (const [name, value] of Object.entries(next)) put.run(name, JSON.stringify(value));
      });
      settings = next;
      changed({ type: 'settings' });
      return settings;
    },
  };
}
