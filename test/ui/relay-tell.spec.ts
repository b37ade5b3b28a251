import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appError, type RelayId } from '../../electron/contract/index.ts';
import { chromiumPath, launchBrowser, MockApp, type MockOptions } from './mock/mock-app.ts';
import { quietRelay, shelfOf } from './mock/relay-handlers.ts';
import { fewWorld } from './mock/seeds.ts';
import type { World } from './mock/world.ts';
import { RELAY, team } from './parts/relay-worlds.ts';

const path = chromiumPath();
const LAB = '01900000-0000-7000-8000-00000000f009' as RelayId;

describe.skipIf(!path)('telling all on a relay', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(path ?? '');
  });
  afterAll(async () => {
    await browser?.close();
  });

  const open = async (
    work: (app: MockApp) => Promise<void>,
    { world = () => team(fewWorld()), ...options }: MockOptions & { world?: () => World } = {},
  ) => {
    const app = await MockApp.open(browser, world(), options);
    try {
      await app.page.getByRole('button', { name: 'Broadcast' }).click();
      await app.page.getByRole('heading', { name: 'Broadcast' }).waitFor();
      await work(app);
      expect(await app.violations()).toEqual([]);
      expect(app.faults).toEqual([]);
    } finally {
      await app.close();
    }
  };
  const told = (app: MockApp) =>
    app.session.called
      .filter(({ name }) => name === 'relay.broadcast')
      .map(({ input }) => input as { id: string; anyway: boolean; relayId: string });
  const write = async (app: MockApp, text = 'The build is green again.') => {
    await app.page.getByRole('radio', { name: 'A relay' }).click();
    await app.page.getByLabel('Topic').fill('builds');
    await app.page.getByLabel('Tags').fill('ci, linux, ci');
    await app.page.getByLabel('Text', { exact: true }).fill(text);
    await app.page.getByRole('button', { name: 'Dry run' }).click();
    await app.page.getByRole('region', { name: 'Dry run' }).waitFor();
  };
  const send = (app: MockApp) => app.page.getByRole('button', { name: /^Tell all/ });

  it.each([
    ['light', {}],
    ['dark', { dark: true }],
    ['narrow', { width: 400, height: 800 }],
  ] as const)('shows what goes and who reads it, then goes and is kept, %s', (name, options) =>
    open(async (app) => {
      await app.page.getByRole('radio', { name: 'A relay' }).click();
      await app.page.getByText('All agents on Team relay (3 agents now)').waitFor();
      await app.picture(`relay-tell-write-${name}`);
      expect(await app.violations()).toEqual([]);
      await write(app);
      await app.page.getByText('Everybody on Team relay reads it in the clear').waitFor();
      await app.page.getByText('the network reads along').waitFor();
      await app.page.getByText('Signed in four more tags').waitFor();
      const agents = app.page.getByRole('list', { name: 'Agents on the relay' });
      expect(await agents.getByRole('listitem').count()).toBe(2);
      await agents.getByText('No peer of yours').waitFor();
      expect(told(app)).toEqual([]);
      await app.picture(`relay-tell-dry-run-${name}`);
      expect(await app.violations()).toEqual([]);
      await send(app).click();
      await app.page.getByText('Team relay passes it on to 3 agents').waitFor();
      const item = app.page.getByRole('article', { name: 'builds' });
      await item.getByText('to all on Team relay').waitFor();
      await app.picture(`relay-tell-kept-${name}`);
      expect(told(app)).toMatchObject([
        {
          relayId: RELAY,
          content: 'The build is green again.',
          tags: ['ci', 'linux'],
          anyway: false,
        },
      ]);
    }, options),
  );

  it('is not offered to whom is on no relay, and asks which one where there are several', async () => {
    await open(
      async (app) => {
        await app.page.getByRole('radio', { name: 'Groups and peers' }).waitFor();
        expect(await app.page.getByRole('radio', { name: 'A relay' }).count()).toBe(0);
      },
      { world: fewWorld },
    );
    const two = () => {
      const world = team(fewWorld());
      const { relays } = world.relays;
      const lab = quietRelay(LAB, { name: 'Lab', url: 'https://lab.local:9077' });
      world.relays = { ...world.relays, relays: [...relays, lab] };
      return world;
    };
    await open(
      async (app) => {
        await app.page.getByRole('radio', { name: 'A relay' }).click();
        await app.page.getByLabel('Relay', { exact: true }).selectOption('Lab');
        await write(app);
        await app.page.getByText('Everybody on Lab reads it').waitFor();
        expect(await app.page.getByText('the network reads along').count()).toBe(0);
        await app.page.getByText('No other agent is listed now').waitFor();
        await send(app).click();
        await app.page.getByText('to all on Lab').waitFor();
        expect(told(app)).toMatchObject([{ relayId: LAB }]);
      },
      { world: two },
    );
  });

  it('warns of a secret, and refuses what is too long', () =>
    open(async (app) => {
      await write(app, 'ghp_abc');
      await app.page.getByText('GitHub token in the topic or a tag').waitFor();
      await app.page.getByRole('button', { name: 'Tell all anyway on Team relay' }).waitFor();
      await app.page.getByRole('button', { name: 'Back to writing' }).click();
      await write(app, 'x'.repeat(9_000));
      await app.page.getByText('The message is too long').waitFor();
      expect(await send(app).isDisabled()).toBe(true);
    }));

  it('sends again under the same id where it is not known whether it went', () =>
    open(async (app) => {
      shelfOf(app.world).refusal = appError('relay.broadcast_unclear', 'No answer came in time.');
      await write(app);
      await send(app).click();
      await app.page.getByText('It is not known whether the relay told it').waitFor();
      await app.picture('relay-tell-unclear');
      expect(await app.violations()).toEqual([]);
      // Also from the text as it was.
      await app.page.getByRole('button', { name: 'Back to writing' }).click();
      await app.page.getByRole('button', { name: 'Dry run' }).click();
      await send(app).click();
      await app.page.getByText('to all on Team relay').waitFor();
      const ids = told(app).map(({ id }) => id);
      expect(ids).toHaveLength(2);
      expect(new Set(ids).size).toBe(1);
    }));

  it('waits for the relay to come back: nothing is queued for it', () =>
    open(async (app) => {
      await write(app);
      const [relay] = app.world.relays.relays;
      if (!relay) throw new Error('no relay');
      const away = {
        state: { kind: 'connecting', attempt: 3 } as const,
        stateText: 'Connecting to the relay.',
      };
      app.world.changeRelays({ relays: [{ ...relay, ...away }] });
      await app.page.getByText('Team relay is not connected').waitFor();
      expect(await send(app).isDisabled()).toBe(true);
      await app.picture('relay-tell-away');
      expect(await app.violations()).toEqual([]);
      app.world.changeRelays({ relays: [relay] });
      await app.page.getByText('Team relay is not connected').waitFor({ state: 'detached' });
      expect(await send(app).isDisabled()).toBe(false);
    }));

  it('begins at the relay itself too', () =>
    open(async (app) => {
      await app.page.getByRole('button', { name: 'Close broadcasts' }).click();
      await app.page.getByRole('button', { name: 'This machine' }).click();
      await app.page.getByRole('menuitem', { name: 'Relays' }).click();
      await app.page.getByRole('button', { name: 'Tell all on Team relay' }).click();
      await app.page.getByText('All agents on Team relay (3 agents now)').waitFor();
    }));
});
