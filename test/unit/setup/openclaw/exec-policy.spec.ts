import { describe, expect, it } from 'vitest';
import { execVerdict } from '../../../../electron/setup/index.ts';

const config = (exec: unknown, own?: unknown) => ({
  runtimeConfig: {
    ...(exec ? { tools: { exec } } : {}),
    agents: { entries: { main: own ? { tools: { exec: own } } : {} } },
  },
});
const approvals = (defaults: unknown = {}, agents: unknown = {}) => ({
  file: { defaults, agents },
});
const kind = (...input: Parameters<typeof execVerdict> extends [string, ...infer R] ? R : never) =>
  execVerdict('main', ...input).kind;

/** What OpenClaw 2026.9.6 answers, and what its documents say of it. */
describe('whether an agent asks before it runs commands', () => {
  it('is not so where nothing is set: the default is full', () => {
    expect(kind(config(null), approvals(), null)).toBe('unasked');
  });

  it.each([
    ['deny', 'asks'],
    ['allowlist', 'asks'],
    ['ask', 'asks'],
    ['auto', 'asks'],
    ['full', 'unasked'],
  ])('in mode %s: %s', (mode, expected) => {
    expect(kind(config({ mode }), approvals(), null)).toBe(expected);
  });

  it('is told by the agent’s own settings before those for all', () => {
    expect(kind(config({ mode: 'full' }, { mode: 'ask' }), approvals(), null)).toBe('asks');
    expect(kind(config({ mode: 'ask' }, { mode: 'full' }), approvals(), null)).toBe('unasked');
  });

  it('can be tightened by the host, and never loosened', () => {
    const strict = { security: 'allowlist', ask: 'on-miss' };
    expect(kind(config(null), approvals(strict), null)).toBe('asks');
    expect(kind(config(null), approvals({}, { main: { ask: 'always' } }), null)).toBe('asks');
    expect(kind(config({ mode: 'ask' }), approvals({ security: 'full', ask: 'off' }), null)).toBe(
      'asks',
    );
  });

  it('is not so with security full and ask on-miss, which never asks', () => {
    expect(kind(config({ security: 'full', ask: 'on-miss' }), approvals(), null)).toBe('unasked');
  });

  it('is not so where a missing answer counts as yes, or the list holds everything', () => {
    expect(kind(config({ mode: 'ask' }), approvals({ askFallback: 'full' }), null)).toBe('unasked');
    for (const pattern of ['*', '**', '/**', '**/**']) {
      const list = { main: { allowlist: [{ pattern }] } };
      expect(kind(config({ mode: 'allowlist' }), approvals({}, list), null)).toBe('unasked');
    }
  });

  it('is told by what the host says of all agents too, below what it says of this one', () => {
    const fallback = { '*': { askFallback: 'full' } };
    expect(kind(config({ mode: 'ask' }), approvals({}, fallback), null)).toBe('unasked');
    const own = { ...fallback, main: { askFallback: 'deny' } };
    expect(kind(config({ mode: 'ask' }), approvals({}, own), null)).toBe('asks');
    const list = { '*': { allowlist: [{ pattern: '*' }] }, main: { allowlist: [] } };
    expect(kind(config({ mode: 'allowlist' }), approvals({}, list), null)).toBe('unasked');
    const strict = { '*': { security: 'allowlist', ask: 'on-miss' } };
    expect(kind(config(null), approvals({}, strict), null)).toBe('asks');
  });

  it('is not so in a session that passes by all of it', () => {
    const session = { session: { permissionMode: 'full' } };
    expect(kind(config({ mode: 'ask' }), approvals(), session)).toBe('unasked');
    expect(kind(config({ mode: 'ask' }), approvals(), { session: {} })).toBe('asks');
    expect(kind(config({ mode: 'ask' }), approvals(), { session: null })).toBe('asks');
  });

  it('is unknown where an answer cannot be read', () => {
    expect(kind({}, approvals(), null)).toBe('unknown');
    expect(kind(config({ mode: 'ask' }), null, null)).toBe('unknown');
    expect(kind(config({ mode: 'new' }), approvals(), null)).toBe('unknown');
    expect(kind(config({ mode: 'ask' }), approvals(), 'odd')).toBe('unknown');
  });
});
