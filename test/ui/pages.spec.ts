import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AgentCardView, SetupStep } from '../../electron/contract/index.ts';
import { ids } from './mock/ids.ts';
import { chromiumPath, launchBrowser, MockApp, type MockOptions } from './mock/mock-app.ts';
import { emptyWorld, fewWorld } from './mock/seeds.ts';
import { comparing, REQUEST, tailnets } from './mock/setup-lab.ts';
import type { World } from './mock/world.ts';

const path = chromiumPath();
if (!path && process.env.PEERAGE_REQUIRE?.split(',').includes('chromium')) {
  throw new Error('chromium is required and is not here');
}

/** A page as a person comes to it. `there` is seen once it is drawn. */
interface Scene {
  readonly world: () => World;
  readonly there: string | RegExp;
  readonly go?: (app: MockApp) => Promise<void>;
}

const press = (name: string | RegExp) => (app: MockApp) =>
  app.page.getByRole('button', { name, exact: true }).first().click();

/** Opens a page of this machine, from its menu in the sidebar. */
const ofMachine = (name: string) => async (app: MockApp) => {
  await app.page.getByRole('button', { name: 'This machine' }).click();
  await app.page.getByRole('menuitem', { name, exact: true }).click();
};

const at =
  (step: SetupStep, tailnet: World['tailnet'] = tailnets.running) =>
  (): World => {
    const world = emptyWorld();
    world.tailnet = tailnet;
    world.app = { ...world.app, setup: { ...world.app.setup, open: true, step } };
    return world;
  };

const lively =
  (tailnet: World['tailnet'] = tailnets.running) =>
  (): World => {
    const world = fewWorld();
    world.tailnet = tailnet;
    return world;
  };

const withPeer = (step: SetupStep, number: number) => (): World => {
  const world = lively()();
  const peer = {
    whose: 'mine' as const,
    name: 'Peer',
    address: null,
    inviteId: null,
    peerId: ids.peer(number),
  };
  world.app = { ...world.app, setup: { ...world.app.setup, open: true, step, peer } };
  return world;
};

const asked = (): World => {
  const world = withPeer('approval', 5)();
  const watch = { kind: 'on' as const, since: 0 };
  world.gateway = { ...world.gateway, watch, pending: [REQUEST], pendingCount: 1 };
  return world;
};

const scenes: Readonly<Record<string, Scene>> = {
  'tailscale-missing': { world: at('tailscale', tailnets.missing), there: 'Install it in one' },
  'tailnet-login': { world: at('tailnet', tailnets.login), there: 'has not joined' },
  'tailnet-joining': { world: at('tailnet', tailnets.joining), there: 'Waiting for your login' },
  'tailnet-denied': { world: at('tailnet', tailnets.denied), there: 'does not let this user' },
  'tailnet-joined': { world: at('tailnet'), there: /is in the tailnet/ },
  'own-gateway-step': { world: at('gateway'), there: 'Your gateway runs' },
  'bind-plan': { world: at('bind'), there: 'gateway.bind', go: press('Show what changes') },
  'peer-choice': { world: at('peer'), there: 'Whose machine is it?' },
  'peer-invite': {
    world: at('peer'),
    there: 'Waiting until it is used',
    go: async (app) => {
      await press(/ben-mini.*/)(app);
      await press('Make an invite')(app);
    },
  },
  'peer-words': {
    world: at('peer'),
    there: 'Do you both see these six words?',
    go: async (app) => {
      await press(/ben-mini.*/)(app);
      await press('Make an invite')(app);
      await app.page.getByText('Waiting until it is used').waitFor();
      app.world.putInvite(comparing());
    },
  },
  approval: { world: asked, there: 'Who asks to be let in here' },
  proof: { world: withPeer('proof', 1), there: 'Does a message come back?' },
  done: { world: withPeer('done', 1), there: 'Scout is in your list' },
  tailnet: { world: lively(), there: 'Other machines', go: ofMachine('Tailnet') },
  'tailnet-none': {
    world: lively(tailnets.missing),
    there: 'Install it in one',
    go: ofMachine('Tailnet'),
  },
  gateway: { world: lively(), there: 'Who is let in', go: ofMachine('Own gateway') },
  import: {
    world: emptyWorld,
    there: 'Other users of this machine can read it',
    go: async (app) => {
      await press('Take over peers from another tool')(app);
      await press('Look inside')(app);
    },
  },
  'invite-page': { world: emptyWorld, there: 'An invite', go: press('I was given an invite') },
};

const looks: Readonly<Record<string, MockOptions>> = {
  light: {},
  dark: { dark: true },
  narrow: { width: 400 },
  'zoomed to 200 %': { width: 640, height: 400, scale: 2 },
};

/** Scout is reached as an agent, whose card says this of it. */
function scoutAsAgent(world: World, says: Partial<AgentCardView>): void {
  const scout = world.details.get(ids.peer(1));
  const link = scout?.links[0];
  if (!scout || !link) throw new Error('Scout has a link');
  const card: AgentCardView = {
    name: 'Scout',
    description: '',
    provider: null,
    version: '1.0.0',
    protocol: '1.0',
    skills: [],
    website: null,
    peerage: false,
    limits: [],
    ...says,
  };
  world.putDetail({ ...scout, links: [{ ...link, kind: 'a2a', card }] });
}

describe.skipIf(!path)('the pages', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(path ?? '');
  });
  afterAll(async () => {
    await browser?.close();
  });

  for (const [name, scene] of Object.entries(scenes)) {
    it(`${name} holds against axe, the contract and the policy in light and dark, narrow and large`, async () => {
      for (const [look, options] of Object.entries(looks)) {
        const app = await MockApp.open(browser, scene.world(), options);
        await scene.go?.(app);
        await app.page.getByText(scene.there).first().waitFor();
        expect(await app.violations(), look).toEqual([]);
        const wider = await app.page.evaluate(
          () => document.documentElement.scrollWidth - window.innerWidth,
        );
        expect(wider, look).toBeLessThanOrEqual(0);
        expect(app.faults, look).toEqual([]);
        await app.picture(`page-${name}-${look.split(' ')[0]}`);
        await app.close();
      }
    });
  }

  it('tells the limits of an agent where one writes to it', async () => {
    const world = fewWorld();
    scoutAsAgent(world, { limits: ['no_stop', 'forgets_on_restart'] });
    const app = await MockApp.open(browser, world);
    await app.page.getByRole('option', { name: /^Scout/ }).click();
    await app.page.getByText('Cannot be stopped · forgets on restart').waitFor();
    await app.page.getByRole('button', { name: 'More about this link' }).click();
    await app.page.getByRole('menuitem', { name: 'Replace token' }).click();
    await app.page.getByRole('radio', { name: 'Token' }).waitFor();
    expect(await app.page.getByRole('radio', { name: 'Password' }).count()).toBe(0);
    expect(app.faults).toEqual([]);
    await app.close();
  });

  it('says that a Peerage’s key was never compared, and pins it once it was', async () => {
    for (const options of [{}, { dark: true }]) {
      const world = fewWorld();
      scoutAsAgent(world, { peerage: true });
      const app = await MockApp.open(browser, world, options);
      await app.page.getByRole('option', { name: /^Scout/ }).click();
      const compare = app.page.getByRole('button', { name: 'Compare keys' });
      await compare.click();
      await app.page.getByText('Their key, proven just now').waitFor();
      expect(await app.page.locator(':focus').textContent()).toBe('Not now');
      expect(await app.violations()).toEqual([]);
      await app.picture(`compare-device-${JSON.stringify(options).replace(/\W+/g, '-')}`);
      await press('Both are the same')(app);
      await compare.waitFor({ state: 'detached' });
      expect(app.faults).toEqual([]);
      await app.close();
    }
  });

  it('tells of a gateway that nobody is asked first there, and of one’s own that nothing is missing', async () => {
    const world = fewWorld();
    const app = await MockApp.open(browser, world);
    await app.page.getByRole('option', { name: /^Scout/ }).click();
    const line = app.page.locator('.thread__limits');
    await line.getByText('Nobody there is asked first · skips commands that need a yes').waitFor();
    const scout = world.peers.get(ids.peer(1));
    if (!scout) throw new Error('Scout is there');
    world.putPeer({ ...scout, own: true });
    await line.waitFor({ state: 'detached' });
    expect(app.faults).toEqual([]);
    await app.close();
  });

  it('leads from a broken rung of the own gateway to its step of the setup', async () => {
    const world = lively()();
    const old = world.details.get(ids.peer(6));
    if (!old) throw new Error('the old tower is there');
    world.putDetail({ ...old, own: true });
    const app = await MockApp.open(browser, world);
    await app.page.getByRole('option', { name: /^Old tower/ }).click();
    await press('Set up my gateway')(app);
    await app.page.getByText('Is your own gateway there?').waitFor();
    expect(app.faults).toEqual([]);
    await app.close();
  });

  it('adds another way to a peer as an agent', async () => {
    const app = await MockApp.open(browser, fewWorld());
    await app.page.getByRole('option', { name: /^Scout/ }).click();
    await press('Add another link')(app);
    const dialog = app.page.getByRole('dialog');
    await dialog.getByRole('radio', { name: 'A2A agent' }).click();
    expect(await dialog.getByRole('radio', { name: 'Password' }).count()).toBe(0);
    await dialog.getByLabel('Address').fill('https://host.tail1f2.ts.net');
    await dialog.locator('input[type=password]').fill('a-token');
    await dialog.getByRole('button', { name: 'Add', exact: true }).click();
    await expect
      .poll(() => app.session.called.find((one) => one.name === 'link.add')?.input)
      .toMatchObject({ link: { kind: 'a2a', credential: { kind: 'token' } } });
    await app.close();
  });
});
