import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUSES, type House } from '../../fakes/relay/houses.ts';
import { Member } from '../../fakes/relay/member.ts';

describe.each(HOUSES)('a file that looks like a secret, on a relay $name', ({ start }) => {
  it('is not shared before the person says so', async () => {
    const house = await start('team-token');
    const ada = await Member.open('Ada');
    try {
      await ada.join(house.url, { token: 'team-token' });
      const env = {
        ...{ key: 'env', type: 'text', base: null },
        content: `API_KEY=ghp_${'aB3dE6gH9jK2mN5pQ8sT'.repeat(2).slice(0, 36)}\n`,
      };
      await expect(ada.do('files.put', env)).rejects.toMatchObject({
        error: { code: 'message.looks_secret' },
      });
      expect((await ada.do('files.list', {})).files).toEqual([]);
      expect(await ada.do('files.put', { ...env, anyway: true })).toMatchObject({ version: 1 });
    } finally {
      await ada.end();
      await house.stop();
    }
  });
});

describe.each(HOUSES)('a shared file that somebody changed, on a relay $name', ({ start }) => {
  let house: House;
  let ada: Member;
  let bea: Member;
  beforeEach(async () => {
    house = await start('team-token');
    ada = await Member.open('Ada');
    bea = await Member.open('Bea');
    for (const member of [bea, ada]) await member.join(house.url, { token: 'team-token' });
    const plan = { key: 'plan', type: 'text' };
    await bea.do('files.put', { ...plan, content: 'one\n', base: null });
    await ada.do('files.get', { key: 'plan' });
    await bea.do('files.put', { ...plan, content: 'one\ntwo\n', base: 1 });
    await ada.until('the notice', () => ada.files.length > 1);
    ada.settled.length = 0;
  });
  afterEach(async () => {
    await Promise.all([ada.end(), bea.end()]);
    await house.stop();
  });

  const isChanged = async () => (await ada.do('files.list', {})).files[0]?.changed;

  it('stays changed for the person when only an agent read it', async () => {
    expect(await isChanged()).toBe(true);
    const read = await ada.do('files.get', { key: 'plan' }, 'control');
    expect(read).toMatchObject({ version: 2, content: 'one\ntwo\n' });
    expect(await isChanged()).toBe(true);
    expect(ada.settled).toEqual([]);
    // What passed through is kept all the same.
    const { versions } = await ada.do('files.history', { key: 'plan' });
    expect(versions.map(({ version }) => version)).toEqual([2, 1]);
  });

  it('is seen once the person opened it', async () => {
    await ada.do('files.get', { key: 'plan' });
    expect(await isChanged()).toBe(false);
    expect(ada.settled).toEqual([`file:${ada.relay().id}:plan`]);
  });
});
