/** `skill install|remove|show` */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import {
  installSkill,
  removeSkill,
  type SkillState,
  SkillTrouble,
  skillState,
  stateFolderOf,
} from '../../electron/setup/openclaw/skill-files.ts';
import { Ending, EXIT } from '../exits.ts';
import { textOption } from '../parse.ts';
import { type Command, done, type Shell } from './command.ts';

const here = import.meta.dirname;

/** Beside an installed command, in a checkout's build, and in its source. */
function skillText(): string {
  const places = ['../skill', '../../assets/skill'].flatMap((place) => [
    join(here, place, 'SKILL.md'),
    join(here, '..', place, 'SKILL.md'),
  ]);
  const found = places.find((path) => existsSync(path));
  if (found) return readFileSync(found, 'utf8');
  throw new Ending(
    EXIT.failed,
    'skill.missing',
    'The skill does not lie beside this command. Install Peerage again.',
  );
}

const placesOf = ({ asked, env }: Shell) => {
  const home = env.HOME || homedir();
  return {
    stateDir: textOption(asked, 'openclaw') ?? stateFolderOf(env, home),
    binFolder: join(home, '.local', 'bin'),
    path: env.PATH ?? '',
  };
};

/** Runs it. */
export const skill: Command = async (shell) => {
  const [what] = shell.asked.positionals;
  const text = skillText();
  if (what === 'show') return done({ text }, [text.trimEnd()]);
  const places = placesOf(shell);
  try {
    if (what === 'remove') {
      const state = removeSkill(places, text);
      return done({ state }, [
        'The skill is gone. Sessions that are open may know it until they end.',
      ]);
    }
    const script = process.argv[1] ?? join(here, 'peerage.cjs');
    const state = installSkill(places, text, { node: process.execPath, script });
    return done({ state }, lines(state));
  } catch (error) {
    if (!(error instanceof SkillTrouble)) throw error;
    throw new Ending(EXIT.failed, 'skill.trouble', error.message, {
      state: skillState(places, text),
    });
  }
};

const lines = (state: SkillState): string[] => [
  `Installed into ${state.folder}. New sessions of its agents know it.`,
  ...(state.launcher ? [`The command is started by ${state.launcher}.`] : []),
  ...(state.command
    ? []
    : [
        '~/.local/bin is not on the PATH of this shell: OpenClaw shows the skill once it is on its PATH.',
      ]),
];
