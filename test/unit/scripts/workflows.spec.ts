/** The workflows: they can be read, what they call is there, and what others wrote is pinned. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readPercent, staged } from '../../../scripts/stage-release.ts';

const root = join(import.meta.dirname, '../../..');
const folder = join(root, '.github/workflows');
const yaml = createRequire(import.meta.url)('js-yaml') as { load(text: string): Workflow };
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly 'runs-on': string;
  readonly 'timeout-minutes'?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly strategy?: { readonly matrix: Readonly<Record<string, unknown>> };
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const names = readdirSync(folder);
const workflow = (name: string): Workflow => yaml.load(readFileSync(join(folder, name), 'utf8'));
const steps = (of: Workflow): Step[] => Object.values(of.jobs).flatMap((job) => job.steps);
const commands = (of: Workflow): string =>
  steps(of)
    .map((step) => step.run ?? '')
    .join('\n');

describe.each(names)('%s', (name) => {
  const of = workflow(name);

  test('calls only scripts of package.json and files that are there', () => {
    const called = [...commands(of).matchAll(/\bnpm (?:run )?(?:--silent )?([a-z][\w:]*)/g)].map(
      ([, script = '']) => script,
    );
    for (const script of called.filter((each) => each !== 'ci')) {
      expect(Object.keys(scripts), script).toContain(script);
    }
    for (const [, file = ''] of commands(of).matchAll(/\bnode ((?:scripts|test)\/[\w./-]+)/g)) {
      expect(existsSync(join(root, file)), file).toBe(true);
    }
    for (const step of steps(of)) {
      if (step.run?.startsWith('.ci/')) expect(existsSync(join(root, step.run.trim()))).toBe(true);
    }
  });

  test('pins every action to one commit', () => {
    const used = steps(of).flatMap((step) => step.uses ?? []);
    expect(used.length).toBeGreaterThan(0);
    for (const action of used) expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
  });

  test('gives no job more than it needs, and no step the token of the clone', () => {
    expect(of.permissions).toEqual({ contents: 'read' });
    for (const [job, { permissions, 'timeout-minutes': limit }] of Object.entries(of.jobs)) {
      expect(limit, job).toBeGreaterThan(0);
      if (permissions) expect([job, permissions]).toEqual([job, { contents: 'write' }]);
    }
    for (const step of steps(of)) {
      if (step.uses?.startsWith('actions/checkout@')) {
        expect(step.with).toMatchObject({ 'persist-credentials': false });
      }
    }
  });

  test('puts nothing that a stranger wrote into a command', () => {
    const expressions = [...commands(of).matchAll(/\$\{\{([^}]*)\}\}/g)].map(([, text = '']) =>
      text.trim(),
    );
    for (const text of expressions) expect(text).toMatch(/^matrix\.\w+$/);
  });
});

describe('a pull request', () => {
  const ci = workflow('ci.yml');
  test('is built, tested and packed on three systems, with real Electron', () => {
    expect(Object.keys(ci.on)).toEqual(['push', 'pull_request']);
    for (const job of ['test', 'electron']) {
      expect(ci.jobs[job]?.strategy?.matrix.os).toEqual([
        'ubuntu-24.04',
        'macos-15',
        'windows-2025',
      ]);
    }
    expect(commands(ci)).toMatch(/npm test[\s\S]*npm run test:desktop[\s\S]*check-package\.ts/);
    expect(commands(ci)).toContain('--publish never');
  });

  test('is given the time that its longest run allows itself, so that its sum is told', () => {
    const script = readFileSync(join(root, '.ci/run'), 'utf8');
    const seconds = (lines: RegExp): number[] =>
      [...script.matchAll(lines)].map(([, limit]) => Number(limit));
    const alone = seconds(/^timeout (\d+) /gm);
    const beside = seconds(/^ +timeout (\d+) /gm).reduce((sum, each) => sum + each, 0);
    const last = alone.pop() ?? 0;
    const longest = alone.reduce((sum, each) => sum + each, 0) + Math.max(last, beside);
    expect(beside).toBeGreaterThan(0);
    expect((ci.jobs.real?.['timeout-minutes'] ?? 0) * 60).toBeGreaterThan(longest);
  });
});

describe('a release', () => {
  const release = workflow('release.yml');
  const text = readFileSync(join(folder, 'release.yml'), 'utf8');

  test('comes of a tag, is tested on three systems, and is a draft at first', () => {
    expect(release.on).toEqual({ push: { tags: ['v*'] } });
    const systems = release.jobs.package?.strategy?.matrix.include as { os: string }[];
    expect(systems.map(({ os }) => os)).toEqual(['ubuntu-24.04', 'macos-15', 'windows-2025']);
    for (const part of ['npm test', 'npm run test:desktop', 'check-package.ts', '--draft']) {
      expect(commands(release)).toContain(part);
    }
  });

  test('is never unsigned where updates are verified by their signature', () => {
    const packs = steps(release).flatMap(({ run }) =>
      run?.includes('npm run package') ? run : [],
    );
    expect(packs).toHaveLength(2);
    expect(packs.filter((run) => run.includes('-c.forceCodeSigning=true'))).toHaveLength(1);
    expect(text).toMatch(/if: runner\.os != 'Linux'\n\s+run: npm run package .*forceCodeSigning/);
  });

  test('gives Apple’s tool its key as a file, which does not stay', () => {
    const key = [...text.matchAll(/APPLE_API_KEY: (.*)/g)].map(([, value]) => value);
    expect(key).toEqual([expect.stringContaining("format('{0}/notary.p8', runner.temp)")]);
    expect(commands(release)).toMatch(/> "\$RUNNER_TEMP\/notary\.p8"[\s\S]*npm run package/);
    expect(text).toMatch(/if: always\(\)[^\n]*\n\s+run: rm -f "\$RUNNER_TEMP\/notary\.p8"/);
  });

  test('goes to some machines first', () => {
    expect(commands(release)).toMatch(/stage-release\.ts 10 [\s\S]*gh release create/);
    const rollout = workflow('rollout.yml');
    expect(Object.keys(rollout.on)).toEqual(['workflow_dispatch']);
    expect(commands(rollout)).toMatch(/stage-release\.ts "\$PERCENT"[\s\S]*gh release upload/);
  });

  test('its share is written once, whatever stood there before', () => {
    const latest = 'version: 1.2.3\nfiles:\n  - url: Peerage.AppImage\n    sha512: abc==\n';
    const ten = staged(latest, 10);
    expect(yaml.load(ten)).toMatchObject({ version: '1.2.3', stagingPercentage: 10 });
    expect(staged(ten, 50)).toBe(`${latest}stagingPercentage: 50\n`);
    expect(staged(latest.trimEnd(), 1)).toBe(`${latest}stagingPercentage: 1\n`);
    expect(['1', '100', '0', '101', '10%', '-5', '', undefined].map(readPercent)).toEqual([
      1,
      100,
      ...Array(6).fill(null),
    ]);
  });
});
