/** What a warning becomes as a notice: once, and with a way to where something can be done about it. */
import { expect, test } from 'vitest';
import { offerWarnings } from '../../../electron/app/attention.ts';
import type { WarningId, WarningView } from '../../../electron/contract/index.ts';
import type { Candidate } from '../../../electron/notifications/index.ts';

function house() {
  const offered: Candidate[] = [];
  const settled: string[] = [];
  const warnings = new Map<string, WarningView>();
  const hear = offerWarnings(
    {
      offer: (candidate) => void offered.push(candidate),
      settle: (subject) => void settled.push(subject),
    } as Parameters<typeof offerWarnings>[0],
    (id) => warnings.get(id) ?? null,
  );
  const change = (id: string): void => hear({ type: 'warning', id: id as WarningId });
  const set = (view: Partial<WarningView>): void => {
    warnings.set('w', {
      ...{ id: 'w' as WarningId, code: 'secrets.locked', severity: 'problem', title: 'Locked' },
      ...{ detail: 'It is locked.', remedy: null, peerId: null },
      ...view,
    } as WarningView);
    change('w');
  };
  const clear = (): void => {
    warnings.delete('w');
    change('w');
  };
  return { offered, settled, set, clear };
}
const remedy = (to: string): WarningView['remedy'] => ({
  text: 'Unlock it.',
  actions: [
    { kind: 'copy', label: 'Copy', text: 'x' },
    { kind: 'go', label: 'Settings', to },
  ],
});

test('a problem is told once, until it went and came again', () => {
  const { offered, settled, set, clear } = house();
  set({});
  set({ detail: 'It is still locked.' });
  expect(offered).toHaveLength(1);
  clear();
  expect(settled).toEqual(['warning:w']);
  set({});
  expect(offered).toHaveLength(2);
});

test('a lesser warning calls nobody', () => {
  const { offered, set } = house();
  set({ severity: 'warning' });
  expect(offered).toEqual([]);
});

test('a problem that is no peer’s leads to where it is remedied', () => {
  const { offered, set } = house();
  set({ remedy: remedy('settings/secrets') });
  expect(offered[0]).toMatchObject({ peerId: null, to: 'settings/secrets' });
});

test.each([
  ['whose remedy names no place', { remedy: remedy('nowhere/at/all') }],
  ['without a remedy', { remedy: null }],
  [
    'of a peer, which leads to that peer',
    {
      remedy: remedy('settings/secrets'),
      peerId: '01900000-0000-7000-8000-000000000001' as WarningView['peerId'],
    },
  ],
])('a problem %s names no other place', (_, view) => {
  const { offered, set } = house();
  set(view);
  expect(offered[0]).not.toHaveProperty('to');
});
