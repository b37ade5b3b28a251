import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Home } from './home.ts';

let home: Home;

beforeEach(async () => {
  home = new Home();
  await home.start();
});

afterEach(() => home.remove());

describe('sending', () => {
  it('goes up the ladder to its answer', async () => {
    const thread = await home.thread();
    const id = await home.send(thread, 'hello');
    expect(home.state(id)).toMatch(/queued|sending/u);
    await home.clock.advance(500);
    expect(await home.read(thread)).toEqual(['> hello [answered]', '< echo: hello [complete]']);
    expect(home.gateway.modelCalls.get(`peerage:${id}`)).toBe(1);
    expect(home.logged).toEqual([]);
  });
});
