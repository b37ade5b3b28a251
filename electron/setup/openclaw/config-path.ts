/** Where the OpenClaw of this user keeps its configuration, as OpenClaw itself would look for it. */
import * as os from 'node:os';
import * as path from 'node:path';

/** Environment variables, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The paths that count for this user, whether or not anything is there. */
export interface ConfigPlace {
  readonly configPath: string;
  /** Holds OpenClaw's own `.env`. */
  readonly stateDir: string;
}

const CONFIG_NAME = 'openclaw.json';
/** What OpenClaw accepts behind `--profile`; anything else is not turned into a path. */
const PROFILE = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

const set = (value: string | undefined): string | undefined => value?.trim() || undefined;

/** The user's home folder: `OPENCLAW_HOME`, then `HOME`, then what the system says. */
function homeFolder(env: Environment, systemHome: string): string {
  const home = set(env.HOME) ?? set(env.USERPROFILE) ?? systemHome;
  const own = set(env.OPENCLAW_HOME);
  return path.resolve(own === undefined ? home : withHome(own, home));
}

const withHome = (text: string, home: string): string => text.replace(/^~(?=$|[\\/])/, () => home);

/**
 * The one configuration file that counts: `OPENCLAW_CONFIG_PATH`, else `openclaw.json` in
 * `OPENCLAW_STATE_DIR`, else in `~/.openclaw` (or `~/.openclaw-<profile>` with `OPENCLAW_PROFILE`).
 * Source: OpenClaw's src/config/paths.ts and src/cli/profile.ts.
 */
export function configPlace(env: Environment, systemHome: string = os.homedir()): ConfigPlace {
  const home = homeFolder(env, systemHome);
  const profile = set(env.OPENCLAW_PROFILE);
  const named = profile && profile.toLowerCase() !== 'default' && PROFILE.test(profile);
  const stateOverride = set(env.OPENCLAW_STATE_DIR);
  const stateDir =
    stateOverride === undefined
      ? path.join(home, named ? `.openclaw-${profile}` : '.openclaw')
      : path.resolve(withHome(stateOverride, home));
  const override = set(env.OPENCLAW_CONFIG_PATH);
  return {
    configPath:
      override === undefined
        ? path.join(stateDir, CONFIG_NAME)
        : path.resolve(withHome(override, home)),
    stateDir,
  };
}
