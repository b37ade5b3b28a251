/**
 * The skill in an OpenClaw of this machine: one folder under `<state-dir>/skills`, which all of its
 * agents see (docs.openclaw.ai, tools/skills: *Shared managed*), and a launcher of the command where
 * none is on the PATH. Only what this wrote is ever replaced or taken away.
 */
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';

/** The folders of this user that the skill and its launcher go to. */
export interface SkillPlaces {
  /** OpenClaw's state folder, `~/.openclaw`. */
  readonly stateDir: string;
  /** Where a launcher may be put: `~/.local/bin`. */
  readonly binFolder: string;
  /** PATH, as OpenClaw's programs would see it. */
  readonly path: string;
}

/** How the command is run. */
export interface CommandPlace {
  readonly node: string;
  readonly script: string;
}

/** What is there now, as it was just looked at. */
export interface SkillState {
  /** `other`: a skill of this name that Peerage did not write. `older`: ours, with another text. */
  readonly skill: 'none' | 'current' | 'older' | 'other';
  readonly openclaw: boolean;
  readonly folder: string;
  /** The command as the PATH finds it. */
  readonly command: string | null;
  /** Our own launcher, where it is. */
  readonly launcher: string | null;
}

const NAME = 'peerage';
/** Stands in what is ours. */
const MARK = '.written-by-peerage';
const LAUNCHER_MARK = '# Written by Peerage: `peerage skill remove` takes it away.';

const folderOf = ({ stateDir }: SkillPlaces): string => join(stateDir, 'skills', NAME);
const launcherOf = ({ binFolder }: SkillPlaces): string => join(binFolder, NAME);

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

const isOurs = (places: SkillPlaces): boolean => existsSync(join(folderOf(places), MARK));
const launcherIsOurs = (path: string): boolean => read(path)?.includes(LAUNCHER_MARK) === true;

function onPath(path: string): string | null {
  for (const folder of path.split(delimiter)) {
    if (folder === '') continue;
    const file = join(folder, NAME);
    try {
      accessSync(file, constants.X_OK);
      if (statSync(file).isFile()) return file;
    } catch {
      // Not here.
    }
  }
  return null;
}

/** How things are. @param text the skill as this version has it */
export function skillState(places: SkillPlaces, text: string): SkillState {
  const folder = folderOf(places);
  const there = read(join(folder, 'SKILL.md'));
  const launcher = launcherOf(places);
  const ours = isOurs(places);
  return {
    skill: there === null ? 'none' : !ours ? 'other' : there === text ? 'current' : 'older',
    openclaw: existsSync(places.stateDir),
    folder,
    command: onPath(places.path),
    launcher: launcherIsOurs(launcher) ? launcher : null,
  };
}

/** What could not be done, in words. */
export class SkillTrouble extends Error {}

/** Puts the skill there, and a launcher where the PATH has none. @throws SkillTrouble */
export function installSkill(places: SkillPlaces, text: string, command: CommandPlace): SkillState {
  const folder = folderOf(places);
  if (!existsSync(places.stateDir)) {
    throw new SkillTrouble(`There is no OpenClaw at ${places.stateDir}.`);
  }
  const before = lstatSync(folder, { throwIfNoEntry: false });
  if (before && (!before.isDirectory() || !isOurs(places))) {
    throw new SkillTrouble(`${folder} is there already, and not from Peerage. Move it away first.`);
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, MARK), 'Peerage\n', { mode: 0o600 });
  writeWhole(join(folder, 'SKILL.md'), text, 0o644);
  const found = onPath(places.path);
  if (found === null || launcherIsOurs(found)) writeLauncher(places, command);
  return skillState(places, text);
}

function writeLauncher(places: SkillPlaces, { node, script }: CommandPlace): void {
  // Windows finds programs by their ending, and its installer puts the command on the PATH.
  if (process.platform === 'win32') return;
  const path = launcherOf(places);
  if (existsSync(path) && !launcherIsOurs(path)) return;
  mkdirSync(places.binFolder, { recursive: true });
  writeWhole(
    path,
    `#!/bin/sh\n${LAUNCHER_MARK}\nexec ${quoted(node)} ${quoted(script)} "$@"\n`,
    0o755,
  );
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Whoever reads it meanwhile sees the old one or the new one. */
function writeWhole(path: string, text: string, mode: number): void {
  const draft = `${path}.new`;
  writeFileSync(draft, text, { mode });
  chmodSync(draft, mode);
  renameSync(draft, path);
}

/** Takes both away, as far as they are ours. @throws SkillTrouble */
export function removeSkill(places: SkillPlaces, text: string): SkillState {
  const folder = folderOf(places);
  if (existsSync(folder)) {
    if (!isOurs(places)) throw new SkillTrouble(`${folder} is not from Peerage, and stays.`);
    rmSync(folder, { recursive: true });
  }
  const launcher = launcherOf(places);
  if (launcherIsOurs(launcher)) rmSync(launcher);
  return skillState(places, text);
}

/** OpenClaw's state folder, as its own programs find it. */
export function stateFolderOf(env: NodeJS.ProcessEnv, home: string): string {
  const own = env.OPENCLAW_STATE_DIR?.trim();
  if (own) return own;
  const base = env.OPENCLAW_HOME?.trim() || home;
  const profile = env.OPENCLAW_PROFILE?.trim();
  return join(base, profile && profile !== 'default' ? `.openclaw-${profile}` : '.openclaw');
}
