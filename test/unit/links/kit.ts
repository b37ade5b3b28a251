/** What the specs of a link's states share: gateways and links that end with their test. */
import { afterEach } from 'vitest';
import { FakeGateway, type FakeOptions } from '../../fakes/gateway/fake-gateway.ts';
import { type Rig, startRig } from '../../fakes/gateway/link-rig.ts';

/** What the test at hand started, stopped in reverse order when it ends. */
export const open: { stop(): unknown }[] = [];
afterEach(async () => {
  for (const part of open.splice(0).reverse()) await part.stop();
});

/** A fake gateway that is stopped after the test. */
export async function gateway(options: FakeOptions = {}): Promise<FakeGateway> {
  const fake = await FakeGateway.start(options);
  open.push(fake);
  return fake;
}

/** A link to it with its own token, stopped after the test. */
export function link(
  fake: FakeGateway,
  ...more: [Parameters<typeof startRig>[1]?, Parameters<typeof startRig>[2]?]
): Rig {
  const rig = startRig(
    { url: fake.url, credential: { kind: 'token', value: fake.token } },
    ...more,
  );
  open.push(rig);
  return rig;
}

/** Lets a gateway answer nothing, until the function that this gives is called. */
export function hold(fake: FakeGateway): () => void {
  const { promise, resolve } = Promise.withResolvers<void>();
  fake.answersAfter = promise;
  return () => {
    fake.answersAfter = null;
    resolve();
  };
}
