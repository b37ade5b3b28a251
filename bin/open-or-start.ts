/** The door of the running app, or with `--start` of one that is started for it. */
import type { Door } from './door.ts';
import { Ending, EXIT } from './exits.ts';
import type { Terminal } from './terminal.ts';

/** An app that this command started, and that goes on without it. */
export interface StartedApp {
  /** How it ended; null as long as it runs. */
  ended(): AppEnd | null;
  /** From now on nobody wants to know. */
  forget(): void;
}

export interface AppEnd {
  /** `exit code 1`, `signal SIGKILL` or why it could not even begin. */
  readonly how: string;
  /** It ended as asked: another one was there. */
  readonly well: boolean;
  /** What it said last, without secrets; empty where it said nothing. */
  readonly said: readonly string[];
}

interface OpenTools {
  readonly open: (home: string | null) => Promise<Door | null>;
  readonly start: (home: string | null) => Promise<StartedApp | null>;
  readonly terminal: Pick<Terminal, 'progress'>;
  readonly now: () => number;
  readonly onInterrupt: (hear: () => void) => () => void;
}

const START_MS = 60_000;
const LOOK_MS = 150;
const notRunning = (code: string, words: string): Ending =>
  new Ending(EXIT.notRunning, code, words);

/** @throws Ending not running, with the app's own words where it was started and ended */
export async function openOrStart(
  home: string | null,
  start: boolean,
  tools: OpenTools,
): Promise<Door> {
  const door = await tools.open(home);
  if (door) return door;
  const words = 'Peerage does not run on this home.';
  if (!start) throw notRunning('not_running', `${words} Start it, or use --start.`);
  tools.terminal.progress('Starting Peerage…');
  const app = await tools.start(home);
  if (!app) {
    const todo = 'No app lies beside this command: start it yourself.';
    throw notRunning('not_running', `${words} ${todo}`);
  }
  const hearsNoMore = tools.onInterrupt(() => app.forget());
  try {
    return await doorOf(app, home, tools);
  } finally {
    hearsNoMore();
    app.forget();
    tools.terminal.progress('');
  }
}

async function doorOf(app: StartedApp, home: string | null, tools: OpenTools): Promise<Door> {
  const until = tools.now() + START_MS;
  while (tools.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    // Asked first: one that ended because another has the home leaves that other to be found.
    const end = app.ended();
    const door = await upAt(home, tools).catch(() => null);
    if (door) return door;
    if (end && !end.well) {
      const said = end.said.join(' ');
      const more = said === '' ? 'It said nothing; try it in a terminal to see more.' : said;
      throw notRunning('app.ended', `Peerage was started and ended (${end.how}). ${more}`);
    }
  }
  throw notRunning('not_running', 'Peerage was started, and did not answer within a minute.');
}

/** The door of an app that is there, and up. */
async function upAt(home: string | null, tools: OpenTools): Promise<Door | null> {
  const door = await tools.open(home);
  await door?.greeted();
  return door;
}
