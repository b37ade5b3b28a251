/** What a journey has: two gateways, and people with homes of their own who use the app. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type AppHandle, type AppStart, startInProcess, workFolder } from './app-handle.ts';
import { type AppProcess, startProcess } from './app-process.ts';
import { type Gateway, releaseAll } from './gateway.ts';
import type { KeychainPlace } from './keychain.ts';
import { Person } from './person.ts';

export interface World {
  readonly a: Gateway;
  /** Lets no device in that its person did not approve. */
  readonly b: Gateway;
  /** A new home, with a keychain unless the machine is to have none. */
  home(keychain?: 'none'): AppStart;
  /** Starts the app on a home, in this process. */
  visit(start: AppStart): Promise<Person>;
  /** Starts it in a process that can be killed. */
  visitInProcess(start: AppStart): Promise<Person<AppProcess>>;
}

export interface Journey {
  readonly name: string;
  run(world: World): Promise<void>;
}

export interface Surroundings {
  readonly a: Gateway;
  readonly b: Gateway;
  /** Null = each home gets a keychain of the test's own. */
  readonly keychain: KeychainPlace | null;
}

/** Runs a journey, and clears away whatever it left. */
export async function travel(journey: Journey, { a, b, keychain }: Surroundings): Promise<void> {
  const apps: AppHandle[] = [];
  const folders: string[] = [];
  const patienceMs = Math.max(a.patienceMs, b.patienceMs);
  const person = <A extends AppHandle>(app: A, { keychain: place }: AppStart): Person<A> => {
    apps.push(app);
    return new Person(app, place, patienceMs);
  };
  try {
    await journey.run({
      a,
      b,
      home: (none) => {
        const { root, home } = workFolder();
        folders.push(root);
        if (none) return { home, keychain: { kind: 'none' } };
        return { home, keychain: keychain ?? { kind: 'file', path: join(root, 'keychain.json') } };
      },
      visit: async (start) => person(await startInProcess(start), start),
      visitInProcess: async (start) => person(await startProcess(start), start),
    });
  } finally {
    for (const app of apps) await app.stop();
    releaseAll();
    await Promise.all([a.mend(), b.mend()]);
    for (const folder of folders) await rm(folder, { recursive: true, force: true });
  }
}
