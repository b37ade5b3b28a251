/** What a real Tailscale said (test/fakes/tailscale/recorded), read by the code that will meet it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { flagsToKeep } from '../../../../electron/setup/tailscale/flags.ts';
import { jsonObjects } from '../../../../electron/setup/tailscale/json-objects.ts';
import { safeQr } from '../../../../electron/setup/tailscale/login-server.ts';
import { type StateInput, stateOf } from '../../../../electron/setup/tailscale/state.ts';
import { parseStatus } from '../../../../electron/setup/tailscale/status-format.ts';
import { troubleOf } from '../../../../electron/setup/tailscale/trouble.ts';

const FOLDER = join(import.meta.dirname, '../../../fakes/tailscale/recorded');

interface Recording {
  readonly args: readonly string[];
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const versions = readdirSync(FOLDER, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

describe.each(versions)('Tailscale %s', (version) => {
  const recording = (name: string): Recording =>
    JSON.parse(readFileSync(join(FOLDER, version, `${name}.json`), 'utf8')) as Recording;
  const trouble = (name: string): string =>
    troubleOf({ kind: 'exited', ...recording(name) }).error.code;
  const state = (name: string, now = Date.parse('2026-11-22T00:00:00Z')) => {
    const parsed = parseStatus(recording(name).stdout);
    if (!parsed.ok) throw new Error(parsed.error.detail);
    const input: Omit<StateInput, 'status'> = {
      now,
      since: now,
      pings: new Map(),
      strange: null,
      ownServer: true,
    };
    return stateOf({ ...input, status: parsed.value });
  };

  it.each([
    ['status-not-joined', { kind: 'needs_login', reason: 'not_joined' }],
    ['status-link-waiting', { kind: 'needs_login', reason: 'not_joined' }],
    ['status-logged-out', { kind: 'needs_login', reason: 'not_joined' }],
    ['status-expired', { kind: 'needs_login', reason: 'key_expired', self: { name: 'ended' } }],
    ['status-stopped', { kind: 'stopped', self: { name: 'off' } }],
    ['status-no-peers', { kind: 'running', peers: [] }],
    ['status-expires-soon', { kind: 'running', self: { name: 'ending' }, suffix: 'tailnet.test' }],
  ])('%s is understood', (name, expected) => {
    expect(state(name)).toMatchObject(expected);
  });

  it('warns of a login that ends soon', () => {
    const running = state('status-expires-soon');
    const codes = running.kind === 'running' ? running.warnings.map((one) => one.code) : [];
    expect(codes).toContain('setup.tailscale_key_expiring');
  });

  it.each([
    ['status-no-service', 'setup.tailscale_not_running'],
    ['whois-no-service', 'setup.tailscale_not_running'],
    ['up-no-service', 'setup.tailscale_not_running'],
    ['set-denied', 'setup.tailscale_denied'],
    ['up-other-server', 'setup.join_server_differs'],
    ['up-key-expired', 'setup.join_key_refused'],
    ['up-key-used', 'setup.join_key_refused'],
    ['up-key-unknown', 'setup.join_key_refused'],
    ['up-link-unused', 'setup.join_timed_out'],
    ['up-server-away', 'setup.join_timed_out'],
  ])('%s is %s', (name, code) => {
    expect(trouble(name)).toBe(code);
  });

  it('lists the settings to keep', () => {
    const { stderr } = recording('up-asks-for-flags');
    expect(flagsToKeep(stderr, new Set(['json', 'timeout']))).toEqual([
      '--accept-dns=false',
      '--hostname=by-key',
      '--login-server=http://127.0.0.1:40001',
    ]);
  });

  it('gives the link, its picture, and the end', () => {
    const [link, end] = jsonObjects().push(recording('up-by-link').stdout);
    expect(link).toMatchObject({ BackendState: 'NeedsLogin' });
    expect(safeQr((link as { QR: string }).QR)).toMatch(/^data:image\/png/);
    expect(end).toEqual({ BackendState: 'Running' });
  });
});
