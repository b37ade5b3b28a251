/** What is written down is what the command does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT_WORDS } from '../../../bin/exits.ts';
import { GLOBAL, VERBS } from '../../../bin/verbs.ts';
import { commandDocument } from '../../../scripts/command-doc.ts';

const root = join(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

describe('docs/command-line.md', () => {
  const text = read('docs/command-line.md');
  it('has every exit code', () => {
    for (const [code] of EXIT_WORDS) expect(text).toMatch(new RegExp(`^\\| ${code} \\| \\w`, 'm'));
  });
});

describe('docs/command-json.md', () => {
  const text = read('docs/command-json.md');
  it('has the form of every command, as its schema is', () => {
    expect(text).toBe(commandDocument(text));
    const told = VERBS.filter(({ name }) => name !== 'mcp');
    for (const { name } of told) expect(text).toMatch(new RegExp(`^(.*, )?\`${name}\\b`, 'm'));
  });
});

describe('docs/from-other-skills.md', () => {
  const text = read('docs/from-other-skills.md');
  it('maps every command of the three skills', () => {
    const relay = ['register', 'discover', 'heartbeat', 'delegate', 'broadcast', 'poll', 'respond'];
    const files = ['file-put', 'file-get', 'file-list', 'scan', 'info'];
    const mesh = ['whoami', 'list', 'ping', 'send', 'sync', 'help', '--rounds', '--dry-run'];
    for (const word of [...relay, ...files, ...mesh, 'sessions_send', 'shared-log.md']) {
      expect(text).toContain(word);
    }
  });
  it('maps every flag and variable of theirs', () => {
    const tailscale = ['sessionKey', 'agentId', 'gatewayUrl', 'gatewayToken', 'message'];
    const server = ['--host', '--port', '--no-mdns'];
    const client = [
      ...['--relay', '--token', '--name', '--caps', '--description', '--to', '--task'],
      ...['--context', '--priority', '--content', '--topic', '--tags', '--msg-id', '--result'],
      ...['--status', '--key', '--file', '--type', '--output', 'CLAWLINK_TOKEN'],
    ];
    const mesh = [
      ...['--message', '--session', '--rounds', '--timeout', '--dry-run', 'MESH_MY_EMAIL'],
      ...['MESH_TOKENS_FILE', 'MESH_IM_FALLBACK', 'MESH_EMAIL_DOMAIN'],
      ...['MESH_MSG_SOFT_LIMIT', 'MESH_MSG_HARD_LIMIT'],
    ];
    const theirs = text
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .map((line) => line.split(' | ')[0])
      .join('\n');
    for (const word of [...tailscale, ...server, ...client, ...mesh]) {
      expect(theirs).toContain(word);
    }
  });
  it('names no command or flag that is not there', () => {
    const flags = new Set(
      [...GLOBAL, ...VERBS.flatMap((verb) => verb.flags)].map((one) => one.name),
    );
    const names = new Set(VERBS.map((verb) => verb.name));
    for (const [, command = ''] of text.matchAll(/`peerage ([^`]+)`/g)) {
      const [verb = '', ...rest] = command.split(' ');
      expect(names).toContain(verb);
      for (const [, flag] of rest.join(' ').matchAll(/--([a-z-]+)/g)) expect(flags).toContain(flag);
    }
  });
});

it('the skill names no command or flag that is not there', () => {
  const flags = new Set([...GLOBAL, ...VERBS.flatMap((verb) => verb.flags)].map((one) => one.name));
  const names = new Set(VERBS.map((verb) => verb.name));
  const lines = read('assets/skill/SKILL.md')
    .split('\n')
    .filter((line) => /^peerage /.test(line));
  expect(lines.length).toBeGreaterThan(6);
  for (const line of lines) {
    expect(names).toContain(line.split(' ')[1]);
    for (const [, flag] of line.matchAll(/ --([a-z-]+)/g)) expect(flags).toContain(flag);
  }
});
