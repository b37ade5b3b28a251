import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ForeignAgent, STATE, text } from '../../../fakes/a2a/foreign-agent.ts';
import { type A2aRig, envelope, startA2aRig } from '../../../fakes/a2a/link-rig.ts';

let agent: ForeignAgent;
let rig: A2aRig | undefined;
beforeEach(async () => {
  agent = await ForeignAgent.start({ streaming: false });
});
afterEach(async () => {
  await rig?.stop();
  rig = undefined;
  await agent.stop();
});

const meet = (token = agent.token): A2aRig => {
  rig = startA2aRig({ url: agent.origin, token }, { once: true });
  return rig;
};

describe('a card that cannot be used', () => {
  it.each([
    ['is too large', () => JSON.stringify({ name: 'x'.repeat(300_000) })],
    ['is not JSON', () => '<html>'],
    ['is nested too deep', () => '['.repeat(5_000)],
    ['names nobody', () => '{}'],
  ])('%s: nothing is sent there', async (_, raw) => {
    agent.rawCard = raw;
    expect((await meet().state('offline')).cause).toBe('not_an_agent');
    expect(agent.requests).toEqual([]);
  });

  it('leads to another origin: the token is not shown there', async () => {
    const way = { protocolBinding: 'JSONRPC', tenant: '', protocolVersion: '1.0' };
    const card = {
      ...agent.card(),
      supportedInterfaces: [{ ...way, url: 'https://evil.example' }],
    };
    agent.rawCard = () => JSON.stringify(card);
    const state = await meet().state('offline');
    expect(state.detail).toContain('https://evil.example');
    expect(agent.requests).toEqual([]);
  });

  it('is of another version of A2A', async () => {
    const way = { protocolBinding: 'JSONRPC', tenant: '', url: agent.origin };
    const card = { ...agent.card(), supportedInterfaces: [{ ...way, protocolVersion: '2.0' }] };
    agent.rawCard = () => JSON.stringify(card);
    expect((await meet().state('protocol_mismatch')).theirs).toBe(2);
  });
});

describe('an agent that answers badly', () => {
  it('refuses the token, and is not asked again by itself', async () => {
    expect((await meet('another-token-than-theirs').state('bad_credential')).what).toBe('secret');
  });

  it('sends ten thousand parts: what is shown of them is bounded, and says so', async () => {
    agent.script('many', (turn) => {
      const url = { content: { $case: 'url', value: 'file:///etc/passwd' } as const };
      const part = { ...text(''), ...url };
      turn.artifact(
        'a',
        Array.from({ length: 10_000 }, () => part),
      );
      turn.status(STATE.completed);
    });
    const met = meet();
    await met.state('online');
    const key = met.key();
    await met.link.send(envelope(key, met.session(), 'many'), met.signal);
    const final = await met.event('run_final', (event) => event.key === key);
    expect(final.text).toContain('9744 parts left out');
    expect(final.text).toContain('not fetched: `file:///etc/passwd`');
    expect(final.attachments).toBeUndefined();
  });
});
