import { describe, expect, it } from 'vitest';
import {
  AppError,
  calls,
  errorRegistry,
  isCallName,
  LinkId,
  LinkState,
  PeerId,
} from '../../../electron/contract/index.ts';
import {
  describeLinkState,
  hostOf,
  type LinkStateContext,
  linkCondition,
} from '../../../electron/peers/index.ts';
import { everyLinkState } from './link-states.ts';

const context: LinkStateContext = {
  peerId: PeerId.parse('01890000-0000-7000-8000-000000000001'),
  linkId: LinkId.parse('01890000-0000-7000-8000-000000000002'),
  url: 'wss://peer.tailnet.ts.net:18789/?token=hush',
  now: 0,
};
const nameOf = (state: LinkState): string =>
  [
    state.kind,
    ...Object.entries(state)
      .filter(([key]) => ['reason', 'cause', 'what', 'attempt'].includes(key))
      .map(([, value]) => value),
  ].join(' ');
const cases = everyLinkState.map((state) => [nameOf(state), state] as const);

it('the examples cover every kind of the contract', () => {
  const kinds = LinkState.options.map((option) => option.shape.kind.value);
  expect([...new Set(everyLinkState.map((state) => state.kind))].sort()).toEqual(kinds.sort());
});

describe.each(cases)('%s', (_, state) => {
  const { text, error } = describeLinkState(state, context);

  it('is said in one plain sentence', () => {
    expect(text).toMatch(/^\p{Lu}.*\.$/u);
    expect(text).not.toMatch(/undefined|null|NaN|HOST|token=|!/);
    expect(text.length).toBeLessThan(120);
  });

  it('is an error of the registry with a remedy, or none at all', () => {
    const fine = ['idle', 'connecting', 'online'].includes(state.kind);
    expect(error === null).toBe(fine);
    if (!error) return;
    expect(AppError.parse(error)).toEqual(error);
    expect(errorRegistry).toHaveProperty([error.code]);
    expect(error.remedy?.text).not.toBe('');
    expect(JSON.stringify(error)).not.toMatch(/hush|undefined|NaN/);
  });

  it('offers only actions that exist', () => {
    for (const action of error?.remedy?.actions ?? []) {
      if (action.kind !== 'call') continue;
      expect(isCallName(action.name)).toBe(true);
      if (isCallName(action.name))
        expect(calls[action.name].input.safeParse(action.input).success).toBe(true);
    }
  });

  it('offers nothing that acts on a link before there is one', () => {
    const { error } = describeLinkState(state, { ...context, peerId: null, linkId: null });
    for (const action of error?.remedy?.actions ?? [])
      expect(JSON.stringify(action)).not.toMatch(/linkId|peer\//);
  });
});

describe('no two states share their words', () => {
  it('in the sentence', () => {
    const texts = everyLinkState
      .filter((state) => state.kind !== 'needs_approval')
      .map((state) => describeLinkState(state, context).text);
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('in the row', () => {
    const kinds = new Map<string, string>();
    for (const state of everyLinkState) {
      const { statusText } = linkCondition(state);
      expect(kinds.get(statusText) ?? state.kind).toBe(state.kind);
      kinds.set(statusText, state.kind);
    }
  });
});

describe('the remedy at hand', () => {
  const actionsOf = (state: LinkState) => describeLinkState(state, context).error?.remedy?.actions;
  const find = (kind: string, more: object = {}) =>
    everyLinkState.find(
      (state) =>
        state.kind === kind && Object.entries(more).every(([k, v]) => Reflect.get(state, k) === v),
    ) as LinkState;

  it('for an approval is the exact command, to copy', () => {
    expect(actionsOf(find('needs_approval'))?.[0]).toEqual({
      kind: 'copy',
      label: 'Copy the command',
      text: 'openclaw devices approve req-1',
    });
  });

  it('for a code of an invite that ran out is a new invite', () => {
    const detail = 'unauthorized: setup code invalid, expired, revoked, or already used';
    const { text, error } = describeLinkState({ kind: 'bad_credential', detail }, context);
    expect(text).toBe('The code of the invite is no longer good.');
    expect(error?.remedy?.text).toContain('Make a new invite');
  });

  it('for an approval is also what to tell the person over there, who may have no terminal', () => {
    const message = actionsOf(find('needs_approval'))?.[1];
    expect(message).toMatchObject({ kind: 'copy', label: 'Copy a message for them' });
    const text = JSON.stringify(message);
    for (const way of ['req-1', 'Own gateway', 'control page', 'openclaw devices approve req-1'])
      expect(text).toContain(way);
  });

  it('for a refused token is the place where another is entered', () => {
    expect(actionsOf(find('bad_credential'))?.[0]).toMatchObject({
      kind: 'go',
      to: `peer/${context.peerId}/link/${context.linkId}`,
    });
  });

  it('for a changed identity shows both before it lets anyone trust the new one', () => {
    const actions = actionsOf(find('identity_changed'));
    expect(actions?.map((action) => action.kind)).toEqual(['copy', 'call']);
    expect(actions?.[0]).toMatchObject({ text: expect.stringMatching(/aa[\s\S]*bb/) });
    expect(actions?.[1]).toMatchObject({ name: 'link.trustIdentity', input: { seen: 'bb' } });
  });

  it('for a locked keychain is the system’s own prompt', () => {
    expect(actionsOf(find('needs_secret', { reason: 'locked' }))?.[0]).toMatchObject({
      name: 'secrets.unlock',
    });
  });

  it('for a time limit is the time that is left', () => {
    const { error } = describeLinkState(find('rate_limited'), { ...context, now: 240_000 });
    expect(error?.retry?.afterMs).toBe(60_000);
    expect(error?.detail).toContain('60 seconds');
  });
});

it('a host is named without user, path or query', () => {
  expect(hostOf('wss://me:secret@h.example:1/p?token=t')).toBe('h.example:1');
  expect(hostOf('not a url')).toBe('that address');
});
