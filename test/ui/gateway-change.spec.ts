import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appError, type GatewayTask } from '../../electron/contract/index.ts';
import { ids } from './mock/ids.ts';
import { chromiumPath, launchBrowser, MockApp, type MockOptions } from './mock/mock-app.ts';
import { emptyWorld, fewWorld, NOW } from './mock/seeds.ts';
import { labOf } from './mock/setup-handlers.ts';
import { PLAN, REQUEST, STATUS, tailnets } from './mock/setup-lab.ts';
import type { World } from './mock/world.ts';

const path = chromiumPath();
if (!path && process.env.PEERAGE_REQUIRE?.split(',').includes('chromium')) {
  throw new Error('chromium is required and is not here');
}

const at = (step: 'gateway' | 'bind', from: World = emptyWorld()): World => {
  from.tailnet = tailnets.running;
  from.app = { ...from.app, setup: { ...from.app.setup, open: true, step } };
  return from;
};

const task = (step: GatewayTask['step'], more: Partial<GatewayTask> = {}): GatewayTask => ({
  what: 'bind',
  planId: PLAN.planId,
  startedAt: NOW,
  step,
  exposure: null,
  links: [],
  ...more,
});

/** The own gateway is a peer, and its link stands like this. */
const used = (state: 'bad_credential' | 'needs_approval') => (): World => {
  const world = at('gateway', fewWorld());
  const peerId = ids.peer(1);
  world.app = {
    ...world.app,
    ownGateway: {
      kind: 'found',
      configPath: '/home/ada/.openclaw/openclaw.json',
      url: 'ws://127.0.0.1:18789',
      credential: 'token',
      peerIds: [peerId],
    },
  };
  const detail = world.details.get(peerId);
  const [link] = detail?.links ?? [];
  if (!detail || !link) throw new Error('the seeds have no such peer');
  const states = {
    bad_credential: { kind: 'bad_credential', detail: 'It refused it.' },
    needs_approval: {
      kind: 'needs_approval',
      requestId: 'request-1',
      reason: 'not_paired',
      command: 'openclaw devices approve request-1',
      retryAt: NOW + 5_000,
    },
  } as const;
  const broken = {
    ...link,
    kind: 'gateway' as const,
    state: states[state],
    stateText: 'The gateway refused the token or password.',
    error: appError('link.bad_credential', 'It refused it.'),
  };
  world.details.set(peerId, { ...detail, own: true, links: [broken] });
  return world;
};

describe.skipIf(!path)('a change of the own gateway, over a mock app', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(path ?? '');
  });
  afterAll(async () => {
    await browser?.close();
  });

  const button = (app: MockApp, name: string | RegExp) =>
    app.page.getByRole('button', { name, exact: true });
  const text = (app: MockApp, words: string | RegExp) => app.page.getByText(words).first();
  const called = (app: MockApp, name: string) =>
    app.session.called.filter((one) => one.name === name).map((one) => one.input);
  const open = async (
    world: () => World,
    work: (app: MockApp) => Promise<void>,
    options: MockOptions = {},
  ) => {
    const app = await MockApp.open(browser, world(), options);
    try {
      await work(app);
      expect(app.faults).toEqual([]);
    } finally {
      await app.close();
    }
  };
  const openPage = async (app: MockApp) => {
    await app.page.getByRole('button', { name: 'This machine' }).click();
    await app.page.getByRole('menuitem', { name: /^Own gateway/ }).click();
    await app.page.getByRole('heading', { name: 'Own gateway' }).waitFor();
  };
  const isSeen = (app: MockApp, words: string | RegExp) =>
    text(app, words).evaluate((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight;
    });

  it('brings what happens into view, whose button was at the end of the page', () =>
    open(
      () => at('bind'),
      async (app) => {
        await button(app, 'Show what changes').click();
        await text(app, 'gateway.bind').waitFor();
        await button(app, 'Change it').click();
        await text(app, 'Connecting to each address of this machine').waitFor();
        const error = appError('own_gateway.config_changed', 'It is not as it was.');
        const failed = task({ kind: 'failed', at: NOW, error, restored: null });
        app.world.changeGateway({ task: failed });
        await text(app, 'The configuration was changed meanwhile').waitFor();
        expect(await isSeen(app, 'The configuration was changed meanwhile')).toBe(true);
      },
      { width: 900, height: 500 },
    ));

  it('looks again at who can reach the gateway as soon as a change ends', () =>
    open(
      () => at('bind'),
      async (app) => {
        app.world.changeGateway({ task: task({ kind: 'proving' }) });
        await text(app, 'Connecting to each address of this machine').waitFor();
        const before = called(app, 'ownGateway.exposure').length;
        const error = appError('own_gateway.not_as_planned', '192.168.1.5 is open.');
        app.world.changeGateway({ task: task({ kind: 'failed', at: NOW, error, restored: true }) });
        await text(app, 'The configuration is as it was before').waitFor();
        await expect.poll(() => called(app, 'ownGateway.exposure').length).toBeGreaterThan(before);
      },
    ));

  it('begins with how the gateway is set, so that nothing that works is undone by a switch', () =>
    open(
      () => {
        const world = at('bind');
        const settings = STATUS.settings && { ...STATUS.settings, bind: 'tailnet' };
        labOf(world).status = { ...STATUS, settings };
        return world;
      },
      async (app) => {
        const tailnet = app.page.getByRole('radio', { name: /its tailnet address/ });
        await expect.poll(() => tailnet.isChecked()).toBe(true);
        await app.page.getByRole('switch', { name: /Ask me about new devices/ }).click();
        await button(app, 'Show what changes').click();
        await text(app, 'gateway.bind').waitFor();
        expect(called(app, 'ownGateway.planBind')).toMatchObject([{ choice: 'tailnet' }]);
      },
    ));

  it('restarts a gateway that is set as wished and still listens as before', () =>
    open(
      () => {
        const world = at('bind');
        labOf(world).plan = {
          ...PLAN,
          diff: [],
          restartBy: 'person',
          restartCommand: 'openclaw gateway run',
        };
        return world;
      },
      async (app) => {
        await button(app, 'Show what changes').click();
        await text(app, 'does not do so yet').waitFor();
        await button(app, 'Wait for my restart').click();
        await text(app, 'Connecting to each address of this machine').waitFor();
        expect(called(app, 'ownGateway.applyBind')).toHaveLength(1);
      },
    ));

  it('shows a new token on its way also where it was asked for on the way to a bind', () =>
    open(
      () => at('bind'),
      async (app) => {
        app.world.changeGateway({ task: task({ kind: 'coming_back' }, { what: 'rotate_token' }) });
        await text(app, 'Waiting until it is ready again').waitFor();
        expect(await button(app, 'Show what changes').count()).toBe(0);
        const done = { kind: 'done', at: NOW, text: 'The gateway has a new token.' } as const;
        app.world.changeGateway({ task: task(done, { what: 'rotate_token' }) });
        await text(app, 'The gateway has a new token.').waitFor();
        await button(app, 'Show what changes').waitFor();
      },
    ));

  it('shows who can reach the gateway once on its page, and what was done until it is understood', () =>
    open(fewWorld, async (app) => {
      await openPage(app);
      await text(app, 'Who can reach it').waitFor();
      app.world.changeGateway({ task: task({ kind: 'restoring' }, { what: 'restore' }) });
      await text(app, 'Putting the copy back').waitFor();
      const { exposure } = labOf(app.world);
      const done = { kind: 'done', at: NOW, text: 'The file is as it was then.' } as const;
      const before = called(app, 'ownGateway.status').length;
      app.world.changeGateway({ task: task(done, { what: 'restore', exposure }) });
      await text(app, 'The file is as it was then.').waitFor();
      expect(await app.page.locator('table.exposure').count()).toBe(1);
      await expect.poll(() => called(app, 'ownGateway.status').length).toBeGreaterThan(before);
      await button(app, 'Understood').click();
      await text(app, 'The file is as it was then.').waitFor({ state: 'detached' });
    }));

  it('says on its page that a device asks, also while nobody is told of it', () =>
    open(
      () => {
        const world = fewWorld();
        world.gateway = { ...world.gateway, pending: [REQUEST], pendingCount: 1 };
        return world;
      },
      async (app) => {
        await openPage(app);
        await text(app, 'Peerage on studio asks to be let in').waitFor();
        await button(app, 'Show what is asked').click();
        expect(called(app, 'ownGateway.watchRequests')).toEqual([{ watch: true }]);
      },
    ));

  it('says that the own gateway refused the token, and reads it again', () =>
    open(used('bad_credential'), async (app) => {
      await text(app, 'is not connected: The gateway refused').waitFor();
      expect(await app.page.getByText('Peerage is connected to it').count()).toBe(0);
      await button(app, 'Read its token again').click();
      await expect.poll(() => called(app, 'ownGateway.readAgain')).toHaveLength(1);
    }));

  it('lets itself in at a gateway that asks about each device', () =>
    open(used('needs_approval'), async (app) => {
      await button(app, 'Show what it asks for').click();
      app.world.changeGateway({ pending: [REQUEST], pendingCount: 1 });
      await button(app, 'Let it in').waitFor();
      expect(await app.violations()).toEqual([]);
    }));
});
