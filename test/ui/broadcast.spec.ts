import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { broadcastId, groupId, knownItem, seedBroadcast } from './mock/broadcast-handlers.ts';
import { ids } from './mock/ids.ts';
import { chromiumPath, launchBrowser, MockApp, type MockOptions } from './mock/mock-app.ts';
import { fewWorld } from './mock/seeds.ts';
import type { World } from './mock/world.ts';

const path = chromiumPath();
if (!path && process.env.PEERAGE_REQUIRE?.split(',').includes('chromium')) {
  throw new Error('chromium is required and is not here');
}

const fullWorld = (): World => {
  const world = fewWorld();
  world.putGroup(groupId(1), { id: groupId(1), name: 'Ops', peerIds: [ids.peer(1), ids.peer(2)] });
  seedBroadcast(world, 1, ['answered', 'failed', 'queued', 'delivered', 'out', 'failed']);
  seedBroadcast(world, 5, ['answered', 'answered'], { topic: null, tags: [], audience: 'Ops' });
  world.known.push(
    knownItem(1),
    knownItem(2, { topic: 'dns', tags: ['ops'], text: 'The TTL is 60 seconds now.' }),
    knownItem(3, { direction: 'out', who: 'Everyone', peerId: null, topic: null, tags: [] }),
  );
  return world;
};

describe.skipIf(!path)('the page of broadcasts', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(path ?? '');
  });
  afterAll(async () => {
    await browser?.close();
  });

  const called = (app: MockApp, name: string) =>
    app.session.called.filter((one) => one.name === name).map((one) => one.input);
  const tab = (app: MockApp, name: string) =>
    app.page.locator('.page__bar').getByRole('radio', { name }).click();

  const open = async (
    work: (app: MockApp) => Promise<void>,
    { world = fullWorld, ...options }: MockOptions & { world?: () => World } = {},
  ) => {
    const app = await MockApp.open(browser, world(), options);
    try {
      await app.page.getByRole('button', { name: 'Broadcast' }).click();
      await app.page.getByRole('heading', { name: 'Broadcast' }).waitFor();
      await work(app);
      expect(app.faults).toEqual([]);
    } finally {
      await app.close();
    }
  };
  const write = async (app: MockApp, text = 'The build is green again.') => {
    await app.page.getByLabel('Topic').fill('builds');
    await app.page.getByLabel('Tags').fill('ci, linux, ci');
    await app.page.getByLabel('Text', { exact: true }).fill(text);
    await app.page.getByRole('button', { name: 'Dry run' }).click();
    await app.page.getByRole('region', { name: 'Dry run' }).waitFor();
  };

  it('sends nothing before the dry run, and then to exactly those that it named', () =>
    open(async (app) => {
      expect(await app.page.getByRole('button', { name: 'Dry run' }).isDisabled()).toBe(true);
      await write(app);
      expect(called(app, 'broadcast.send')).toEqual([]);
      await app.page
        .getByRole('region', { name: 'What each of them gets' })
        .getByText('[Broadcast] → builds')
        .waitFor();
      const going = app.page.getByRole('list', { name: 'Recipients' }).getByRole('listitem');
      const number = await going.count();
      expect(number).toBeGreaterThan(1);
      await app.page.getByRole('button', { name: /^Send to \d+ peers$/ }).click();
      await app.page.getByText(/^Under way\. Of/).waitFor();
      expect(called(app, 'broadcast.send')).toMatchObject([
        { audience: { kind: 'all' }, topic: 'builds', tags: ['ci', 'linux'], anyway: false },
      ]);
      const [sent] = called(app, 'broadcast.send') as { to: string[] }[];
      expect(sent?.to).toHaveLength(number);
    }));

  it('keeps what is written through the dry run and other pages', () =>
    open(async (app) => {
      await write(app);
      await app.page.getByRole('button', { name: 'Back to writing' }).click();
      await tab(app, 'Sent');
      await tab(app, 'Write');
      expect(await app.page.getByLabel('Topic').inputValue()).toBe('builds');
      expect(await app.page.getByLabel('Text', { exact: true }).inputValue()).toBe(
        'The build is green again.',
      );
    }));

  it('goes to groups and peers that were ticked', () =>
    open(async (app) => {
      await app.page.getByRole('radio', { name: 'Groups and peers' }).click();
      await app.page.getByRole('checkbox', { name: /Ops/ }).check();
      await app.page.getByLabel('Find peers').fill('jon');
      await app.page.getByRole('checkbox', { name: /Jonas/ }).check();
      await write(app);
      expect(called(app, 'broadcast.preview')).toMatchObject([
        { audience: { kind: 'chosen', groups: ['Ops'] } },
      ]);
    }));

  it('makes, changes and deletes a group, with an undo', () =>
    open(async (app) => {
      await app.page.getByRole('radio', { name: 'Groups and peers' }).click();
      await app.page.getByRole('button', { name: 'New group' }).click();
      const dialog = app.page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Make group' }).click();
      await dialog.getByText('A group needs a name.').waitFor();
      await dialog.getByLabel('Name').fill('Friends');
      await dialog.getByRole('button', { name: 'Make group' }).click();
      await dialog.waitFor({ state: 'detached' });
      expect(await app.page.getByRole('checkbox', { name: /Friends/ }).isChecked()).toBe(true);
      await app.page.getByRole('button', { name: 'Group Friends' }).click();
      await app.page.getByRole('menuitem', { name: 'Delete' }).click();
      await app.page.getByRole('checkbox', { name: /Friends/ }).waitFor({ state: 'detached' });
      await app.page.getByRole('button', { name: 'Undo' }).click();
      await app.page.getByRole('checkbox', { name: /Friends/ }).waitFor();
    }));

  it('warns of a secret, and of a text that is too long', () =>
    open(async (app) => {
      await write(app, 'ghp_abc');
      await app.page.getByText('This looks like a secret').waitFor();
      await app.page.getByText('GitHub token on line 4').waitFor();
      await app.page.getByRole('button', { name: /^Send anyway to/ }).waitFor();
      await app.page.getByRole('button', { name: 'Back to writing' }).click();
      await write(app, 'x'.repeat(9_000));
      await app.page.getByText('The message is too long').waitFor();
      expect(await app.page.getByRole('button', { name: /^Send to/ }).isDisabled()).toBe(true);
    }));

  it('shows how each recipient went, as it goes, and tries the failed again', () =>
    open(async (app) => {
      await tab(app, 'Sent');
      await app.page.getByRole('button', { name: /builds/ }).click();
      const rows = app.page.getByRole('list', { name: 'Recipients' }).getByRole('listitem');
      await app.page.getByText(/^Under way\. Of 5 recipients/).waitFor();
      expect(await rows.count()).toBe(6);
      await app.page.getByRole('radio', { name: 'Trouble 2' }).click();
      expect(await rows.count()).toBe(2);
      await rows
        .first()
        .getByRole('button', { name: /^Try .* again$/ })
        .click();
      await app.page.getByRole('radio', { name: 'Trouble 1' }).waitFor();
      await app.page.getByRole('button', { name: 'Try the failed one again' }).click();
      await app.page.getByText('None of them.').waitFor();
      await app.page.getByRole('button', { name: /^Take back/ }).click();
      await app.page.getByText(/^Done\. Of 5 recipients: .*3 taken back/).waitFor();
      await app.page.getByRole('radio', { name: 'Left out 1' }).click();
      await rows.getByText('not let in there yet').waitFor();
      await app.page.getByRole('button', { name: 'All broadcasts' }).click();
      await app.page.getByRole('list', { name: 'Broadcasts' }).waitFor();
      expect(called(app, 'broadcast.close')).toEqual([{ broadcastId: broadcastId(1) }]);
    }));

  it('finds what is known by topic, tag and words, and shares it with others', () =>
    open(async (app) => {
      await tab(app, 'Knowledge');
      const items = app.page.getByRole('list', { name: 'Knowledge' }).getByRole('article');
      await items.first().waitFor();
      expect(await items.count()).toBe(3);
      await app.page.getByRole('button', { name: 'redis' }).first().click();
      await expect.poll(() => items.count()).toBe(1);
      await items.getByRole('button', { name: 'Share to others' }).click();
      expect(await app.page.getByLabel('Topic').inputValue()).toBe('cache');
      expect(await app.page.getByLabel('Tags').inputValue()).toBe('redis, ops');
      expect(await app.page.getByLabel('Text', { exact: true }).inputValue()).toContain(
        '(From Ben)',
      );
      await app.page.getByRole('radio', { name: 'Groups and peers' }).waitFor();
    }));

  it('says what each of its parts is for while there is nothing', () =>
    open(
      async (app) => {
        await app.page.getByText('Nothing leaves before you have seen the dry run.').waitFor();
        await tab(app, 'Sent');
        await app.page.getByText('No broadcast was sent yet').waitFor();
        await tab(app, 'Knowledge');
        await app.page.getByText('Nothing is known yet').waitFor();
      },
      { world: fewWorld },
    ));

  for (const [name, options] of [
    ['light', {}],
    ['dark', { dark: true }],
    ['narrow', { width: 400, height: 800 }],
  ] as const) {
    it(`has nothing against it, ${name}`, () =>
      open(async (app) => {
        await app.page.getByRole('radio', { name: 'Groups and peers' }).click();
        await app.picture(`broadcast-write-${name}`);
        expect(await app.violations()).toEqual([]);
        await app.page.getByRole('radio', { name: 'Everyone' }).click();
        await write(app, 'The build is green again.\nghp_abc');
        await app.picture(`broadcast-dry-run-${name}`);
        expect(await app.violations()).toEqual([]);
        await tab(app, 'Sent');
        await app.picture(`broadcast-sent-${name}`);
        await app.page.getByRole('button', { name: /builds/ }).click();
        await app.page.getByRole('list', { name: 'Recipients' }).waitFor();
        await app.picture(`broadcast-one-${name}`);
        expect(await app.violations()).toEqual([]);
        await tab(app, 'Knowledge');
        await app.page.getByRole('list', { name: 'Knowledge' }).waitFor();
        await app.picture(`broadcast-knowledge-${name}`);
        expect(await app.violations()).toEqual([]);
      }, options));
  }
});
