import { existsSync } from 'node:fs';
import { describe } from 'vitest';
import { ensureTailnetTools } from '../../../scripts/parts/tailnet-tools.mjs';
import { ensureOpenClaw } from './install.ts';
import { namespaceProblem } from './namespace.ts';
import { findProgram } from './process.ts';

/** A part of the world that a real test needs and that not every machine has. */
export type PartName =
  | 'openclaw'
  | 'keychain'
  | 'chromium'
  | 'netns'
  | 'tailnet'
  | 'tun'
  | 'zsh'
  | 'fish';

const problems: Record<PartName, () => Promise<string | undefined>> = {
  openclaw: async () => {
    try {
      await ensureOpenClaw();
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  },
  keychain: async () => {
    if (process.platform !== 'linux') return undefined;
    const missing = ['dbus-run-session', 'gnome-keyring-daemon'].filter(
      (name) => findProgram(name) === undefined,
    );
    return missing.length === 0 ? undefined : `missing: ${missing.join(', ')}`;
  },
  chromium: async () => (findChromium() === undefined ? 'no Chromium on the PATH' : undefined),
  netns: namespaceProblem,
  // Built from source where this machine has Go.
  tailnet: async () => {
    const tools = await ensureTailnetTools({ say: (line) => console.warn(line) });
    return 'why' in tools ? tools.why : undefined;
  },
  zsh: async () => (findProgram('zsh') === undefined ? 'no zsh on the PATH' : undefined),
  fish: async () => (findProgram('fish') === undefined ? 'no fish on the PATH' : undefined),
  tun: async () => (existsSync('/dev/net/tun') ? namespaceProblem() : 'there is no /dev/net/tun'),
};

const known = new Map<PartName, Promise<string | undefined>>();

/** The Chromium that the browser tests drive. */
export function findChromium(): string | undefined {
  return (
    process.env.PEERAGE_CHROMIUM ?? findProgram('chromium', 'chromium-browser', 'google-chrome')
  );
}

/** The parts that must be there: on a machine that names them a skip would hide a failure. */
export function requiredParts(): string[] {
  return (process.env.PEERAGE_REQUIRE ?? '').split(/[\s,]+/).filter(Boolean);
}

/** Why a part is missing, or undefined when it is there. Throws when the part is required and missing. */
export async function requirePart(name: PartName): Promise<string | undefined> {
  let problem = known.get(name);
  if (problem === undefined) {
    problem = problems[name]();
    known.set(name, problem);
  }
  const reason = await problem;
  if (reason !== undefined && requiredParts().includes(name)) {
    throw new Error(`${name} is required (PEERAGE_REQUIRE) and missing: ${reason}`);
  }
  return reason;
}

/** A suite that needs parts; skipped by name, with the reason printed, where one is missing. */
export async function describeWith(
  parts: PartName[],
  title: string,
  body: () => void,
): Promise<void> {
  const missing: string[] = [];
  for (const name of parts) {
    const reason = await requirePart(name);
    if (reason !== undefined) missing.push(`${name}: ${reason}`);
  }
  if (missing.length === 0) {
    describe(title, body);
    return;
  }
  const reason = missing.join('; ').split('\n')[0] ?? '';
  console.warn(`skipped: ${title} (${reason})`);
  describe.skip(`${title} (skipped, ${reason})`, body);
}
