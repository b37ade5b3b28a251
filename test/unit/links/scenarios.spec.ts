import { afterAll, beforeAll, describe, it } from 'vitest';
import { FakeGateway } from '../../fakes/gateway/fake-gateway.ts';
import { type GatewayUnderTest, scenarios } from '../../fakes/gateway/scenarios.ts';
import { LINK_PATIENCE_MS } from '../../patience.ts';

/** The fake, as the shared scenarios see a gateway. */
function driver(fake: FakeGateway): GatewayUnderTest {
  const prompts: string[] = [];
  fake.script('', (turn) => {
    prompts.push(turn.text);
    return {};
  });
  return {
    url: fake.url,
    credential: { kind: 'token', value: fake.token },
    patienceMs: LINK_PATIENCE_MS,
    answer: (match, reply) =>
      fake.script(match, (turn) => {
        prompts.push(turn.text);
        const { text, chunkMs, hold, fails } = reply;
        return {
          ...(text === undefined ? {} : { text }),
          ...(chunkMs === undefined ? {} : { chunkMs }),
          ...(hold ? { hold: { after: 1, until: hold.until } } : {}),
          ...(fails ? { fail: 'LLM request failed.' } : {}),
        };
      }),
    modelCalls: (match) => prompts.filter((prompt) => prompt.includes(match)).length,
    restart: () => fake.restart(),
    kill: async () => fake.kill(),
    revive: () => fake.revive(),
    revoke: async (deviceId) => fake.revoke(deviceId),
  };
}

describe('a gateway link, against the fake gateway', () => {
  let fake: FakeGateway;
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    fake = await FakeGateway.start();
    gateway = driver(fake);
  });
  afterAll(() => fake.stop());

  for (const scenario of scenarios) it(scenario.name, () => scenario.run(gateway));
});
