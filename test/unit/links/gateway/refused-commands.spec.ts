import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { refusedCommand } from '../../../../electron/links/gateway/refused-commands.ts';
import { readRow } from '../../../../electron/links/gateway/rows.ts';

/** As OpenClaw 2026.9.6 writes it. */
const row = (text: string, more: object = {}) => ({
  role: 'toolResult',
  toolName: 'exec',
  content: [{ type: 'text', text }],
  isError: true,
  ...more,
});
const DENIED =
  'Exec denied (SYSTEM_RUN_DENIED: approval cannot safely bind this command): printf x > b';

describe('a command that OpenClaw refused to its agent', () => {
  it.each([
    ['refused without asking', DENIED, DENIED],
    ['denied by a person', 'Exec denied (gateway id=1, user-denied): ls', undefined],
    [
      'that nobody could be asked about',
      '{"error": "Exec approval registration failed: missing scope: operator.approvals"}',
      'Exec denied: Exec approval registration failed',
    ],
  ])('is told in its own words: %s', (_, text, told = text) => {
    expect(readRow(row(text))?.refused).toBe(told);
  });

  it.each([
    ['another command that failed', row('ls: cannot access b')],
    ['the output of a command that ran', row(DENIED, { isError: false })],
    ['another tool', row(DENIED, { toolName: 'read' })],
    ['what somebody said', { role: 'assistant', content: DENIED }],
  ])('is not %s', (_, other) => {
    expect(readRow(other)?.refused).toBeNull();
  });

  it('is one short line, whatever the command', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (command) => {
        const text = `Exec denied (x): ${command}`;
        const told = refusedCommand(row(text), text) ?? '';
        expect(told.length).toBeLessThanOrEqual(400);
        expect(told).not.toMatch(/[\r\n]/);
      }),
    );
  });
});
