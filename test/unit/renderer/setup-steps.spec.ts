import { describe, expect, it } from 'vitest';
import {
  FRESH_SETUP,
  parsePlace,
  placeText,
  SetupStep,
  type SetupView,
} from '../../../electron/contract/index.ts';
import {
  after,
  before,
  firstOpen,
  RAIL,
  type RailStep,
  type SetupFacts,
  stepState,
} from '../../../renderer/views/setup/steps.ts';

const shown: readonly RailStep[] = RAIL.map(({ step }) => step);
const NOTHING: SetupFacts = { tailnet: null, gateway: null, exposure: null, link: null };
const view = (changes: Partial<SetupView> = {}): SetupView => ({ ...FRESH_SETUP, ...changes });
const settings = {
  port: 18_789,
  bind: 'loopback',
  customAddress: null,
  auth: 'token',
  tls: false,
  tailscale: 'off',
  autoApproveLocal: false,
  publicOrigin: null,
} as const;
const running = { running: true, settings, installed: null };

describe('the steps of the setup', () => {
  it('are to do before anybody looked', () => {
    expect(shown.map((step) => stepState(step, NOTHING, view()))).toEqual(shown.map(() => 'todo'));
  });

  it.each([
    ['not_installed', 'attention', 'todo'],
    ['not_usable', 'attention', 'todo'],
    ['needs_login', 'done', 'attention'],
    ['stopped', 'done', 'attention'],
    ['running', 'done', 'done'],
  ] as const)(
    'with Tailscale %s: the program is %s, the tailnet %s',
    (tailnet, program, joined) => {
      const facts = { ...NOTHING, tailnet };
      expect(stepState('tailscale', facts, view())).toBe(program);
      expect(stepState('tailnet', facts, view())).toBe(joined);
    },
  );

  it.each([
    ['loopback', 'done'],
    ['tailnet', 'done'],
    ['lan', 'attention'],
    ['other', 'attention'],
    ['nobody', 'attention'],
  ] as const)('a running gateway that is reached by %s is %s', (reach, state) => {
    const facts = { ...NOTHING, gateway: running, exposure: { reach } };
    expect(stepState('bind', facts, view())).toBe(state);
  });

  it('a gateway without authentication needs the person, wherever it listens', () => {
    const gateway = { ...running, settings: { ...settings, auth: 'none' as const } };
    const facts = { ...NOTHING, gateway, exposure: { reach: 'loopback' as const } };
    expect(stepState('bind', facts, view())).toBe('attention');
  });

  it('that were left out say so, until they are true', () => {
    const skipped = view({ skipped: ['tailscale', 'gateway'] });
    expect(stepState('tailscale', { ...NOTHING, tailnet: 'not_installed' }, skipped)).toBe(
      'skipped',
    );
    expect(stepState('tailscale', { ...NOTHING, tailnet: 'running' }, skipped)).toBe('done');
    expect(firstOpen({ ...NOTHING, tailnet: 'running' }, skipped, shown)).toBe('bind');
  });

  it('follow each other from the welcome to the end, and back', () => {
    const forth: SetupStep[] = ['welcome'];
    while (forth.at(-1) !== 'done') forth.push(after(forth.at(-1) ?? 'done', shown));
    expect(forth).toEqual(SetupStep.options);
    const back: SetupStep[] = ['done'];
    while (back.at(-1) !== 'welcome') back.push(before(back.at(-1) ?? 'welcome', shown));
    expect(back.reverse()).toEqual(SetupStep.options);
  });
});

describe('the places of the setup', () => {
  it.each(['setup', 'setup/bind', 'setup/done', 'inbox', 'import'])(
    '%s is written as it is read',
    (text) => {
      const place = parsePlace(text);
      expect(place && placeText(place)).toBe(text);
    },
  );

  it.each(['setup/elsewhere', 'setup/bind/more', 'inbox/nobody', 'import/x'])(
    '%s is none',
    (text) => {
      expect(parsePlace(text)).toBeNull();
    },
  );
});
