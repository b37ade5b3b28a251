import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appError, type NoticeId, placeText } from '../../electron/contract/index.ts';
import { chromiumPath, launchBrowser, MockApp, type MockOptions } from './mock/mock-app.ts';
import { shelfOf } from './mock/relay-handlers.ts';
import { fewWorld, NOW } from './mock/seeds.ts';
import type { World } from './mock/world.ts';
import { KEY, RELAY, shared, team } from './parts/relay-worlds.ts';

const path = chromiumPath();

describe.skipIf(!path)('relays and what is shared over them', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(path ?? '');
  });
  afterAll(async () => {
    await browser?.close();
  });

  const opened = async (world: World, place: string, options: MockOptions = {}) => {
    const app = await MockApp.open(browser, world, options);
    await app.page.getByRole('button', { name: 'This machine' }).click();
    await app.page.getByRole('menuitem', { name: place }).click();
    return app;
  };
  const clean = async (app: MockApp) => {
    expect(await app.violations()).toEqual([]);
    expect(app.faults).toEqual([]);
    await app.close();
  };

  it('adds a relay that was typed: looked at first, then as whom we want to be there', async () => {
    const world = fewWorld();
    const app = await opened(world, 'Relays');
    await app.page.getByText('it reads everything').waitFor();
    await app.picture('relays-empty');
    await app.page.getByRole('button', { name: 'Add a relay' }).click();
    await app.page.getByLabel('Address').fill('192.168.1.20:9077');
    await app.page.getByRole('textbox', { name: /^Token/ }).fill('a token');
    await app.page.getByRole('button', { name: 'Check' }).click();
    await app.page.getByText('A relay answers, with 3 agents on it').waitFor();
    await app.page.getByLabel('Your name on it').fill('Ada');
    await app.picture('relays-add');
    expect(await app.violations()).toEqual([]);
    await app.page.getByRole('button', { name: 'Add', exact: true }).click();
    await app.page.getByRole('region', { name: '192.168.1.20:9077' }).waitFor();
    await clean(app);
  });

  it('warns of relays that announce themselves, and sends them nothing before a click', async () => {
    const world = fewWorld();
    shelfOf(world).found = [
      {
        name: 'ClawLink Relay (attic)',
        url: 'http://192.168.1.66:9077',
        host: 'attic',
        version: '1.0.1',
        auth: true,
        elsewhere: false,
      },
      {
        name: 'Prize draw',
        url: 'http://172.16.9.9:9077',
        host: 'prizes',
        version: '1.0.1',
        auth: false,
        elsewhere: true,
      },
    ];
    const app = await opened(world, 'Relays');
    await app.page.getByRole('button', { name: 'Add a relay' }).click();
    const nearby = app.page.getByRole('region', { name: 'On your network' });
    await nearby.getByText('None of these is trusted yet').waitFor();
    const promise = 'Nothing goes to it until you enter its token and press Check.';
    await nearby.getByText(promise).waitFor();
    const marks = nearby.getByText('not on a network of this machine');
    expect(await marks.allTextContents()).toEqual([expect.stringContaining('172.16.9.9')]);
    await app.picture('relays-found');
    expect(await app.violations()).toEqual([]);
    await app.page.getByRole('button', { name: 'Use this one: ClawLink Relay (attic)' }).click();
    expect(await app.page.getByLabel('Address').inputValue()).toBe('http://192.168.1.66:9077');
    expect(app.session.called.some(({ name }) => name === 'relay.probe')).toBe(false);
    await clean(app);
  });

  it('shows a certificate that nobody vouches for before the token goes there', async () => {
    const world = fewWorld();
    shelfOf(world).tls = KEY;
    const app = await opened(world, 'Relays');
    await app.page.getByRole('button', { name: 'Add a relay' }).click();
    await app.page.getByLabel('Address').fill('https://relay.local:9077');
    await app.page.getByRole('button', { name: 'Check' }).click();
    await app.page.getByText('Nobody vouches for its certificate').waitFor();
    expect(await app.page.getByRole('button', { name: 'Check' }).isDisabled()).toBe(true);
    await app.picture('relays-certificate');
    await app.page.getByRole('button', { name: 'It is the same' }).click();
    await app.page.getByText('A relay answers').waitFor();
    await clean(app);
  });

  it.each([
    ['light', {}],
    ['dark', { dark: true }],
    ['narrow', { width: 400 }],
  ] as const)('lists who is there, %s', async (name, options) => {
    const app = await opened(team(fewWorld()), 'Relays', options);
    await app.page.getByText('3 other agents').waitFor();
    await app.page.getByText('and it and every agent on it can write in anybody’s name').waitFor();
    await app.picture(`relays-${name}`);
    await clean(app);
  });

  it('has two people compare their keys, and marks what was compared', async () => {
    const app = await opened(team(fewWorld()), 'Relays');
    await app.page.getByRole('button', { name: 'Compare keys: Bea' }).click();
    await app.page.getByText('abab abab').first().waitFor();
    await app.picture('relays-compare');
    expect(await app.violations()).toEqual([]);
    await app.page.getByRole('button', { name: 'Both are the same' }).click();
    await app.page.getByRole('button', { name: 'Key compared: Bea' }).waitFor();
    await clean(app);
  });

  it('says what is wrong with a relay, and offers what helps', async () => {
    const world = team(fewWorld());
    const [relay] = world.relays.relays;
    if (!relay) throw new Error('no relay');
    world.relays = {
      ...world.relays,
      relays: [
        {
          ...relay,
          state: { kind: 'bad_credential', detail: 'It answered 401.', what: 'secret' },
          stateText: 'The relay refused the token.',
          error: appError('link.bad_credential', 'It answered 401.', {
            title: 'The relay refused the token',
          }),
          incoming: 'none',
        },
      ],
    };
    const app = await opened(world, 'Relays');
    await app.page.getByRole('button', { name: 'Enter another token' }).waitFor();
    // What was known of its agents is shown as what it is.
    await app.page
      .getByText(/^Last heard of .*not known while the relay is away$/)
      .first()
      .waitFor();
    await app.page.getByText('It reads everything and can write in anybody’s name.').waitFor();
    await app.picture('relays-broken');
    await app.page.getByRole('button', { name: 'Enter another token' }).click();
    await app.page.getByRole('dialog', { name: 'Change Team relay' }).waitFor();
    await clean(app);
  });

  it('removes a relay, and takes that back', async () => {
    const app = await opened(team(fewWorld()), 'Relays');
    const remove = async () => {
      await app.page.getByRole('button', { name: 'More about Team relay' }).click();
      await app.page.getByRole('menuitem', { name: 'Remove' }).click();
      await app.page.getByText('You can undo that for a short while').waitFor();
      expect(await app.violations()).toEqual([]);
      await app.page
        .getByRole('dialog')
        .getByRole('button', { name: 'Remove', exact: true })
        .click();
      await app.page.getByText('Team relay was removed').waitFor();
    };
    await remove();
    await app.page.getByText('No relay yet').waitFor();
    await app.picture('relays-removed');
    await app.page.getByRole('button', { name: 'Undo' }).click();
    await app.page.getByRole('region', { name: 'Team relay' }).waitFor();
    await clean(app);
  });

  it('opens a shared file, and tells what changed since', async () => {
    const world = shared(
      team(fewWorld()),
      { content: 'one\ntwo\nthree\n', key: 'plan.txt', type: 'text' },
      { content: 'one\n2\nthree\nfour\n', key: 'plan.txt', type: 'text', version: 2 },
      {},
    );
    const app = await opened(world, 'Shared files');
    await app.page.getByRole('button', { name: /plan\.txt Changed/ }).waitFor();
    await app.picture('files-list');
    expect(await app.violations()).toEqual([]);
    await app.page.getByRole('button', { name: /plan\.txt/ }).click();
    await app.page.getByRole('button', { name: 'Compare with version 1' }).click();
    await app.page.getByText('From version 1 to version 2').waitFor();
    await app.picture('files-diff');
    await clean(app);
  });

  it.each([
    ['dark', { dark: true }],
    ['narrow', { width: 400 }],
  ] as const)('draws markdown, %s', async (name, options) => {
    const app = await opened(shared(team(fewWorld()), {}), 'Shared files', options);
    await app.page.getByRole('button', { name: /notes\.md/ }).click();
    await app.page.getByRole('heading', { name: 'Notes', exact: true }).waitFor();
    await app.picture(`files-open-${name}`);
    await clean(app);
  });

  it('leads from the notice of a change to the file, and to its newest version', async () => {
    const world = shared(team(fewWorld()), {
      key: 'docs/plan.txt',
      type: 'text',
      content: 'one\n',
    });
    const to = placeText({ kind: 'file', relayId: RELAY, key: 'docs/plan.txt' });
    world.putNotice({
      id: '01900000-0000-7000-8000-00000000aa01' as NoticeId,
      kind: 'message',
      title: 'Bea saved docs/plan.txt',
      text: '1 line added.',
      at: NOW,
      read: false,
      peerId: null,
      threadId: null,
      messageId: null,
      to,
      actions: [],
      acted: null,
    });
    const app = await MockApp.open(browser, world, {});
    await app.page.getByRole('button', { name: /^Notices/ }).click();
    await app.page.getByRole('button', { name: /Bea saved docs/ }).click();
    await app.page.getByRole('heading', { name: 'docs/plan.txt' }).waitFor();
    await app.page.getByText('Version 1, saved by Bea').waitFor();
    // Saved again while it is open, and the system's notification is clicked.
    const plan = { key: 'docs/plan.txt', type: 'text' };
    shared(world, { ...plan, content: 'one\ntwo\n', version: 2 });
    app.session.tell({ type: 'go', to });
    await app.page.getByText('Version 2, saved by Bea').waitFor();
    // What is being written stays.
    await app.page.getByRole('button', { name: 'Change', exact: true }).click();
    await app.page.getByLabel('Text of docs/plan.txt').fill('mine\n');
    shared(world, { ...plan, content: 'three\n', version: 3 });
    app.session.tell({ type: 'go', to });
    await app.page.getByRole('button', { name: 'Save for everybody' }).click();
    await app.page.getByText('Bea saved version 3 since you loaded it').waitFor();
    expect(await app.page.getByLabel('Text of docs/plan.txt').inputValue()).toBe('mine\n');
    await clean(app);
  });

  it('shows a conflict before anything is overwritten, and merges', async () => {
    const world = shared(team(fewWorld()), { key: 'plan.txt', type: 'text', content: 'one\n' });
    const app = await opened(world, 'Shared files');
    await app.page.getByRole('button', { name: /plan\.txt/ }).click();
    await app.page.getByRole('button', { name: 'Change', exact: true }).click();
    await app.page.getByLabel('Text of plan.txt').fill('zero\none\n');
    // Somebody saves while we write.
    shared(world, { key: 'plan.txt', type: 'text', content: 'one\ntwo\n', version: 2 });
    await app.page.getByRole('button', { name: 'Save for everybody' }).click();
    await app.page.getByText('Bea saved version 2 since you loaded it').waitFor();
    await app.picture('files-conflict');
    expect(await app.violations()).toEqual([]);
    await app.page.getByRole('button', { name: 'Merge', exact: true }).click();
    await app.page.getByRole('button', { name: 'Save for everybody' }).click();
    await app.page.getByText('Saved as version 3').waitFor();
    await clean(app);
  });

  it('shows nothing shared, and no relay, as what they are', async () => {
    const none = await opened(fewWorld(), 'Shared files');
    await none.page.getByText('Files are shared over a relay').waitFor();
    await none.picture('files-no-relay');
    await clean(none);
    const empty = await opened(team(fewWorld()), 'Shared files');
    await empty.page.getByText('Nothing is shared yet').waitFor();
    await empty.picture('files-empty');
    await clean(empty);
  });
});
