/** The skill in the OpenClaw of this machine, on the person's click. */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type CallHandlers, codedError, ok } from '../contract/index.ts';
import {
  installSkill,
  removeSkill,
  type SkillState,
  SkillTrouble,
  skillState,
  stateFolderOf,
} from '../setup/openclaw/skill-files.ts';

/** Where this start of the app has them; see AppOptions. */
export interface CommandFiles {
  /** SKILL.md */
  readonly skill: string;
  /** peerage.cjs */
  readonly script: string;
  readonly node: string;
}

/** The calls of the page about agents that look for the skill, put it there or take it away. */
export type SkillHandlers = Pick<
  CallHandlers,
  'agents.skill' | 'agents.installSkill' | 'agents.removeSkill'
>;

/** Builds the handlers. @param files null where nothing was packed with this start */
export function skillHandlers(
  files: CommandFiles | null,
  env: NodeJS.ProcessEnv = process.env,
): SkillHandlers {
  const home = env.HOME || homedir();
  const places = {
    stateDir: stateFolderOf(env, home),
    binFolder: join(home, '.local', 'bin'),
    path: env.PATH ?? '',
  };
  const text = (): string =>
    files !== null && existsSync(files.skill) ? readFileSync(files.skill, 'utf8') : '';
  const trying = (work: () => SkillState) => {
    try {
      return ok(work());
    } catch (error) {
      if (!(error instanceof SkillTrouble)) throw error;
      throw codedError('agent.skill_refused', error.message);
    }
  };
  return {
    'agents.skill': () => ok(skillState(places, text())),
    'agents.installSkill': () => {
      const whole = text();
      if (files === null || whole === '') {
        throw codedError('agent.skill_refused', 'The skill does not lie beside this app.');
      }
      return trying(() => installSkill(places, whole, files));
    },
    'agents.removeSkill': () => trying(() => removeSkill(places, text())),
  };
}
