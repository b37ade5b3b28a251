import { v7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prove } from '../../../electron/links/relay/signing.ts';
import { Member } from '../../fakes/relay/member.ts';
import { OriginalRelay } from '../../fakes/relay/original-relay.ts';

const HOUR = 3_600_000;

/** The published relay: whoever has the token speaks as anybody, and brings again what it kept. */
describe('a signed task that a relay brings again', () => {
  let relay: OriginalRelay;
  let ada: Member;
  let bea: Member;
  beforeEach(async () => {
    relay = await OriginalRelay.start({ token: 'team-token' });
    ada = await Member.open('Ada');
    bea = await Member.open('Bea');
    await bea.join(relay.url, { token: 'team-token' });
    await ada.join(relay.url, { token: 'team-token' });
  });
  afterEach(async () => {
    await Promise.all([ada.end(), bea.end()]);
    await relay.stop();
  });

  const bring = async (task: string, age: number): Promise<void> => {
    if (!ada.signer) throw new Error('no key');
    const proof = prove(ada.signer, {
      what: 'task',
      from: ada.agentId,
      to: bea.agentId,
      key: `peerage:${v7()}`,
      about: '',
      mode: 'normal',
      at: Date.now() - age,
      text: task,
      rest: {},
    });
    await fetch(`${relay.url}/delegate`, {
      method: 'POST',
      headers: { authorization: 'Bearer team-token', 'content-type': 'application/json' },
      body: JSON.stringify({
        from_agent: ada.agentId,
        to_agent: bea.agentId,
        task,
        context: { peerage: proof },
        priority: 'normal',
      }),
    });
  };

  it('is known as old, so that no policy lets it through without the person', async () => {
    await bring('of today', HOUR);
    expect((await bea.task('of today')).proof).not.toHaveProperty('late');
    await bring('of last week', 7 * 24 * HOUR);
    expect((await bea.task('of last week')).proof).toMatchObject({
      signed: 'unpinned',
      late: true,
    });
  });
});
