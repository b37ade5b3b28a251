/**
 * What this machine's own firewall lets in to the gateway's port. Only commands that read, never as
 * another user: what this user may not read is said to be unreadable.
 */
import { access, constants } from 'node:fs/promises';
import type { FirewallView } from '../../../contract/index.ts';
import type { RunProgram } from '../run.ts';
import {
  type PortQuestion,
  readMacFirewall,
  readNft,
  readUfw,
  readWindowsFirewall,
  type Verdict,
} from './verdict.ts';

/** The system that is asked; {@link thisFirewall} gives the real one. */
export interface FirewallWorld {
  readonly platform: NodeJS.Platform;
  readonly run: RunProgram;
  /** Whether a file is there and may be executed. */
  exists(file: string): Promise<boolean>;
}

/** This machine. */
export const thisFirewall = (run: RunProgram): FirewallWorld => ({
  platform: process.platform,
  run,
  exists: (file) =>
    access(file, constants.X_OK).then(
      () => true,
      () => false,
    ),
});

const LIMIT_MS = 5_000;

interface Tool {
  readonly name: string;
  readonly files: readonly string[];
  readonly calls: readonly (readonly string[])[];
  read(output: string, question: PortQuestion): Verdict | null;
  /** For a person who may read what we may not. */
  readonly look: string;
}

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

const sbin = (name: string): string[] => [`/usr/sbin/${name}`, `/sbin/${name}`, `/usr/bin/${name}`];

const TOOLS: Readonly<Partial<Record<NodeJS.Platform, readonly Tool[]>>> = {
  linux: [
    {
      name: 'ufw',
      files: sbin('ufw'),
      calls: [['status', 'verbose']],
      read: readUfw,
      look: 'sudo ufw status verbose',
    },
    {
      name: 'nftables',
      files: sbin('nft'),
      calls: [['-j', 'list', 'ruleset']],
      read: (output, question) => readNft(parseJson(output), question),
      look: 'sudo nft list ruleset',
    },
  ],
  darwin: [
    {
      name: 'macOS firewall',
      files: ['/usr/libexec/ApplicationFirewall/socketfilterfw'],
      calls: [['--getglobalstate'], ['--getblockall']],
      read: readMacFirewall,
      look: '/usr/libexec/ApplicationFirewall/socketfilterfw --getglobalstate',
    },
  ],
  win32: [
    {
      name: 'Windows Defender Firewall',
      files: ['C:\\Windows\\System32\\netsh.exe'],
      calls: [['advfirewall', 'show', 'currentprofile']],
      read: readWindowsFirewall,
      look: 'netsh advfirewall show currentprofile',
    },
  ],
};

/** Asks each tool that is there; the first that is switched on decides. */
export async function checkFirewall(
  world: FirewallWorld,
  question: PortQuestion,
): Promise<FirewallView> {
  const { port } = question;
  if (question.address === null)
    return {
      state: 'none',
      tool: null,
      port,
      meaning: 'The gateway listens on this machine only: no firewall stands between.',
      command: null,
    };
  let off: FirewallView | null = null;
  let unreadable: FirewallView | null = null;
  for (const tool of TOOLS[world.platform] ?? []) {
    const file = await firstThere(world, tool.files);
    if (file === null) continue;
    const outputs = await Promise.all(tool.calls.map((args) => world.run(file, args, LIMIT_MS)));
    const readable = outputs.every((ran) => ran.code === 0);
    const verdict = readable
      ? tool.read(outputs.map((ran) => ran.stdout).join('\n'), question)
      : null;
    if (verdict === null) {
      unreadable ??= {
        state: 'unreadable',
        tool: tool.name,
        port,
        meaning: `${tool.name} is installed, and its rules could not be read by this user.`,
        command: tool.look,
      };
      continue;
    }
    const view: FirewallView = { tool: tool.name, port, ...verdict };
    if (verdict.state !== 'off') return view;
    off ??= view;
  }
  return (
    unreadable ??
    off ?? {
      state: 'none',
      tool: null,
      port,
      meaning: 'No firewall that Peerage knows was found on this machine.',
      command: null,
    }
  );
}

async function firstThere(world: FirewallWorld, files: readonly string[]): Promise<string | null> {
  for (const file of files) if (await world.exists(file)) return file;
  return null;
}
