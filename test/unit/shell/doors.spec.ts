/** What the control socket lets through: the whole list of the contract, call by call. */
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../../electron/clock/clock.ts';
import { type CallName, calls } from '../../../electron/contract/index.ts';
import { createBoundary } from '../../../electron/shell/boundary.ts';
import { fakeApp } from './fake-app.ts';

const names = Object.keys(calls) as CallName[];

/** All that an agent can call. A new name here is a decision: see what it must never be able to do. */
const OPEN: readonly CallName[] = [
  'app.about',
  'app.show',
  'broadcast.list',
  'broadcast.open',
  'broadcast.preview',
  'door.arrivals',
  'door.ask',
  'door.follow',
  'door.log',
  'door.peer',
  'door.peers',
  'door.plan',
  'door.seen',
  'door.status',
  'files.get',
  'files.history',
  'files.list',
  'files.version',
  'group.list',
  'health.check',
  'health.report',
  'knowledge.list',
  'link.agents',
  'link.sessions',
  'message.body',
  'message.preview',
  'outgoing.candidates',
  'outgoing.list',
  'outgoing.open',
  'peer.list',
  'peer.resolve',
  'relay.agents',
  'relay.list',
  'search.messages',
  'thread.page',
];

/** Commands among them: they ask, look anew, or bring the window forward. Nothing else changes anything. */
const COMMANDS: readonly CallName[] = ['app.show', 'door.ask', 'door.seen', 'health.check'];

describe('the door of the agents', () => {
  it('opens for exactly these calls', () => {
    expect(names.filter((name) => calls[name].door === 'any').sort()).toEqual(OPEN);
  });

  it('changes nothing but by these', () => {
    const commands = OPEN.filter((name) => calls[name].kind === 'command');
    expect(commands).toEqual(COMMANDS);
  });

  it.each([
    ['accept or decline work', /^delegation\.|^work\./],
    ['change a policy or a rule', /[Pp]olicy|[Rr]ule|^settings\./],
    ['decide for the person', /decide|approve|^notice\.act$/],
    ['make or redeem invites', /^invite\.|^partnership\./],
    [
      'add, change or remove peers',
      /^peer\.(add|update|remove|restore)|^link\.(add|update|remove|trust|probe|reconnect)/,
    ],
    ['add, change or send to relays', /^relay\.(?!list|agents)|^relayServer\.|^files\.put/],
    ['import or export', /^import\.|^export\./],
    ['set hooks', /^hook|Hook/],
    ['reach secrets', /^secrets\./],
    [
      'change the own gateway, the tailnet or the reception',
      /^ownGateway\.|^tailnet\.|^reception\.|^practice\.|^setup\.|^update\./,
    ],
    [
      'send without being asked about it',
      /^message\.(send|retry|settle|cancel|stop)|^broadcast\.(send|retry|cancel)|^outgoing\.(send|cancel|mark)|^thread\.(create|delete|rename)|^attachment\./,
    ],
  ])('never lets anyone %s', (_, pattern) => {
    expect(OPEN.filter((name) => pattern.test(name))).toEqual([]);
  });

  it('refuses everything else with its code, before the input is looked at', async () => {
    const { dispatcher } = createBoundary({
      port: fakeApp(),
      clock: systemClock(),
      log: () => {},
      redact: (text) => text,
      local: {},
    });
    const signal = new AbortController().signal;
    for (const name of names.filter((one) => calls[one].door === 'window')) {
      const context = { door: 'control', connectionId: 'c', signal } as const;
      expect(await dispatcher.dispatch({ name, input: { any: 'thing' }, context })).toMatchObject({
        ok: false,
        error: { code: 'call.not_allowed', title: 'That needs the window' },
      });
    }
  });
});
