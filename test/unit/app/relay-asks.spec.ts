import { describe, expect, it } from 'vitest';
import { createRelayAsks, type TellAsk } from '../../../electron/app/relay-asks.ts';
import {
  type CallerContext,
  type CallHandlers,
  ok,
  type PutAsk,
} from '../../../electron/contract/index.ts';

const context = {
  ...{ door: 'window', connectionId: 'agents', signal: new AbortController().signal },
  asked: { requestId: 'request', agent: 'Claude', byPerson: true, stored: () => undefined },
} as unknown as Required<CallerContext>;

const PUT: PutAsk = { verb: 'put', key: 'plan', type: 'text/plain', base: null, text: 'x' };
const TELL: TellAsk = {
  ...{ verb: 'broadcast', audience: { kind: 'relay' } },
  ...{ topic: null, tags: [], text: 'x' },
};

/** One relay at a time, which may become another. */
function world() {
  const state = { on: 'first', went: [] as string[] };
  const told = async ({ relayId = '' }: { relayId?: string }) => {
    state.went.push(relayId);
    return ok({ kind: 'saved', messageId: 'm', recipients: 1 });
  };
  const handlers = {
    'relay.list': async () =>
      ok({ relays: [{ id: state.on, name: state.on, agentsTotal: 2 }], found: [] }),
    'relay.agents': async () => ok({ agents: [{ peerId: 'ada' }, { peerId: null }], total: 2 }),
    'relay.broadcast': told,
    'files.put': told,
  } as unknown as CallHandlers;
  const asks = createRelayAsks({
    handlers: () => handlers,
    checkText: () => undefined,
    looking: context,
  });
  return { state, asks };
}

describe('what an agent asks for at a whole relay', () => {
  it.each<[string, PutAsk | TellAsk]>([
    ['a shared file', PUT],
    ['a broadcast', TELL],
  ])(
    'goes to the relay that the person was shown, whichever we are on by then: %s',
    async (_, ask) => {
      const { state, asks } = world();
      const { recipients } = await asks.describe(ask);
      state.on = 'second';
      await asks.perform(
        ask,
        recipients.map(({ peerId }) => peerId),
        context,
      );
      expect(state.went).toEqual(['first']);
    },
  );

  it.each<[string, PutAsk | TellAsk]>([
    ['a shared file', PUT],
    ['a broadcast', TELL],
  ])('names the peers who read it, whose rules count: %s', async (_, ask) => {
    expect((await world().asks.describe(ask)).readers).toEqual(['ada']);
  });

  it('is shown with its type, and refused where a file looks like a secret', async () => {
    const { asks } = world();
    const { facts } = await asks.describe(PUT);
    expect(facts).toEqual([{ label: 'Shared file', value: 'plan (text/plain), a new file' }]);
    const text = `key: ghp_${'aB3dE6gH9jK2mN5pQ8sT'.repeat(2).slice(0, 36)}`;
    await expect(asks.describe({ ...PUT, text })).rejects.toMatchObject({
      error: { code: 'message.looks_secret' },
    });
  });
});
