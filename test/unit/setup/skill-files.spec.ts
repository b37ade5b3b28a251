import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  installSkill,
  removeSkill,
  skillState,
  stateFolderOf,
} from '../../../electron/setup/openclaw/skill-files.ts';

const text = readFileSync(join(import.meta.dirname, '../../../assets/skill/SKILL.md'), 'utf8');
const command = { node: "/opt/no'de", script: '/opt/peerage.mjs' };
let folder: string;
let places: { stateDir: string; binFolder: string; path: string };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'peerage-skill-'));
  const binFolder = join(folder, '.local', 'bin');
  places = { stateDir: join(folder, '.openclaw'), binFolder, path: `/nowhere:${binFolder}` };
  mkdirSync(places.stateDir);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the skill in an OpenClaw', () => {
  it('is installed with a launcher, looked at, and taken away without a trace', () => {
    expect(skillState(places, text)).toMatchObject({
      skill: 'none',
      openclaw: true,
      command: null,
    });
    const state = installSkill(places, text, command);
    const launcher = join(places.binFolder, 'peerage');
    expect(state).toMatchObject({ skill: 'current', command: launcher, launcher });
    expect(readFileSync(join(state.folder, 'SKILL.md'), 'utf8')).toBe(text);
    expect(readFileSync(launcher, 'utf8')).toContain(
      `exec '/opt/no'\\''de' '/opt/peerage.mjs' "$@"`,
    );
    expect(statSync(launcher).mode & 0o777).toBe(0o755);
    expect(removeSkill(places, text)).toMatchObject({
      skill: 'none',
      launcher: null,
      command: null,
    });
    expect(existsSync(state.folder)).toBe(false);
    expect(existsSync(launcher)).toBe(false);
  });

  it('is brought up to date where it is ours and older', () => {
    const { folder: skill } = installSkill(places, text, command);
    writeFileSync(join(skill, 'SKILL.md'), 'of before');
    expect(skillState(places, text).skill).toBe('older');
    expect(installSkill(places, text, command).skill).toBe('current');
  });

  it('leaves alone what somebody else wrote', () => {
    const skill = join(places.stateDir, 'skills', 'peerage');
    mkdirSync(skill, { recursive: true });
    writeFileSync(join(skill, 'SKILL.md'), 'mine');
    mkdirSync(places.binFolder, { recursive: true });
    writeFileSync(join(places.binFolder, 'peerage'), '#!/bin/sh\n', { mode: 0o755 });
    expect(skillState(places, text).skill).toBe('other');
    expect(() => installSkill(places, text, command)).toThrow('not from Peerage');
    expect(() => removeSkill(places, text)).toThrow('stays');
    rmSync(skill, { recursive: true });
    expect(installSkill(places, text, command)).toMatchObject({ launcher: null });
    removeSkill(places, text);
    expect(existsSync(join(places.binFolder, 'peerage'))).toBe(true);
  });

  it('needs an OpenClaw, and finds it as OpenClaw does', () => {
    rmSync(places.stateDir, { recursive: true });
    expect(() => installSkill(places, text, command)).toThrow('There is no OpenClaw at');
    expect(stateFolderOf({ OPENCLAW_STATE_DIR: '/s' }, '/h')).toBe('/s');
    expect(stateFolderOf({ OPENCLAW_PROFILE: 'work' }, '/h')).toBe('/h/.openclaw-work');
    expect(stateFolderOf({}, '/h')).toBe('/h/.openclaw');
  });

  it('declares its binary, and teaches stdin, untrusted text and what to report', () => {
    expect(text).toMatch(/^---\nname: peerage\ndescription: "/);
    expect(text).toContain('"requires": { "bins": ["peerage"] }');
    for (const words of [
      'stdin',
      'quotation',
      'Report back',
      '--since-last',
      'Never send passwords',
    ]) {
      expect(text).toContain(words);
    }
  });
});
