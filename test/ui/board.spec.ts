import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appError } from '../../electron/contract/index.ts';
import { ids } from './mock/ids.ts';
import { chromiumPath, launchBrowser, MockApp, type MockOptions } from './mock/mock-app.ts';
import { theyWrote, weWrote } from './mock/seed-messages.ts';
import { fewWorld, NOW } from './mock/seeds.ts';
import { delegation, outgoing, unasked } from './mock/setup-lab.ts';
import type { World } from './mock/world.ts';

const path = chromiumPath();
if (!path && process.env.PEERAGE_REQUIRE?.split(',').includes('chromium')) {
  throw new Error('chromium is required and is not here');
}

const HOUR = 3_600_000;
const LOOKS = [
  ['light', {}],
  ['dark', { dark: true }],
  ['narrow', { width: 400 }],
] as const;

/** Ben asks us for release notes; we asked Marta and Ben for work of all kinds. */
const boardWorld = (): World => {
  const world = fewWorld();
  world.putDelegation(delegation(1, { state: 'in_progress', deadlineAt: NOW + 3 * HOUR }));
  world.putOutgoing(outgoing(2, { deadlineAt: NOW - HOUR, priority: 'high' }));
  world.putOutgoing(
    outgoing(3, {
      peerId: ids.peer(3),
      peer: 'Marta',
      linkKind: 'a2a',
      topic: 'Changelog',
      task: 'Draft the changelog of the next version.',
      state: 'asked_back',
      running: false,
      question: 'Which version is the next one?',
    }),
  );
  world.putOutgoing(
    outgoing(4, {
      topic: 'Old tickets',
      state: 'declined',
      running: false,
      error: appError('a2a.rejected', 'Not before Monday.'),
    }),
  );
  return world;
};

describe.skipIf(!path)('the board', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(path ?? '');
  });
  afterAll(async () => {
    await browser?.close();
  });

  const called = (app: MockApp, name: string) =>
    app.session.called.filter((one) => one.name === name).map((one) => one.input);
  /** Whether it can be seen where its dialog stands now. */
  const inSight = (what: Locator) =>
    what.evaluate((node) => {
      const { top, bottom } = node.getBoundingClientRect();
      const edge = node.closest('.dialog__body')?.getBoundingClientRect();
      return edge !== undefined && top >= edge.top && bottom <= edge.bottom;
    });
  const cards = (app: MockApp) =>
    app.page
      .getByRole('article')
      .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));

  const on = async (
    world: World,
    work: (app: MockApp) => Promise<void>,
    options: MockOptions = {},
  ) => {
    const app = await MockApp.open(browser, world, options);
    try {
      await work(app);
      expect(app.faults).toEqual([]);
    } finally {
      await app.close();
    }
  };
  const open = (work: (app: MockApp) => Promise<void>, options: MockOptions = {}) =>
    on(
      boardWorld(),
      async (app) => {
        await app.page.getByRole('button', { name: 'Inbox' }).click();
        await app.page.getByRole('heading', { name: 'Inbox' }).waitFor();
        await work(app);
      },
      options,
    );

  it('shows what we asked of others beside what was asked of us, each once', () =>
    open(async (app) => {
      await app.page.getByText('Which version is the next one?').waitFor();
      expect(await cards(app)).toEqual(['Asked of Marta']);
      await app.page.getByRole('radio', { name: 'Under way 2' }).click();
      await app.page.getByText('their agent works on it').waitFor();
      expect(await cards(app)).toEqual(['Asked of Ben', 'Asked by Ben']);
      await app.page.getByText('Overdue since 1 h ago').waitFor();
      await app.page.getByRole('radio', { name: 'Over', exact: true }).click();
      await app.page.getByText('declined: Not before Monday.').waitFor();
    }));

  it('leads from where nothing waits to what is under way', () =>
    open(async (app) => {
      app.world.putOutgoing(outgoing(3, { state: 'completed', running: false }));
      await app.page.getByText('Nothing waits for you').waitFor();
      await app.page.getByRole('button', { name: 'Show what is under way' }).click();
      await expect.poll(() => cards(app)).toEqual(['Asked of Ben', 'Asked by Ben']);
    }));

  it('follows what changes, and lets work be stopped or settled by hand', () =>
    open(async (app) => {
      await app.page.getByRole('radio', { name: 'Under way' }).click();
      const ours = app.page.getByRole('article', { name: 'Asked of Ben' });
      app.world.putOutgoing(outgoing(2, { running: false, stateFrom: 'answer' }));
      await ours.getByText('they say that it is in progress').waitFor();
      await ours.getByRole('button', { name: 'More about what you asked of Ben' }).click();
      await app.page.getByRole('menuitem', { name: 'It is done' }).click();
      await ours.waitFor({ state: 'detached' });
      expect(called(app, 'outgoing.mark')).toMatchObject([{ state: 'completed' }]);
      app.world.putOutgoing(outgoing(5));
      await ours.getByRole('button', { name: 'Stop' }).click();
      await ours.waitFor({ state: 'detached' });
      expect(called(app, 'outgoing.cancel')).toEqual([{ delegationId: outgoing(5).id }]);
    }));

  it('is narrowed by direction, peer, priority, lateness and words', () =>
    open(async (app) => {
      const { page } = app;
      await page.getByRole('radio', { name: 'Under way' }).click();
      await page.getByRole('radio', { name: 'Asked of us' }).click();
      await expect.poll(() => cards(app)).toEqual(['Asked by Ben']);
      await page.getByLabel('Overdue').check();
      await page.getByText('Nothing fits').waitFor();
      await page.getByRole('button', { name: 'Show all' }).click();
      await page.getByLabel('Priority').selectOption('High');
      await expect.poll(() => cards(app)).toEqual(['Asked of Ben']);
      await page.getByLabel('Peer', { exact: true }).selectOption('Jonas');
      await page.getByText('Nothing fits').waitFor();
      await page.getByRole('button', { name: 'Show all' }).click();
      await page.getByLabel('Search in the work').fill('release notes');
      await expect.poll(() => cards(app)).toEqual(['Asked by Ben']);
    }));

  it('keeps what runs unasked with the peer whose name it bears, and tells of what nobody’s name is on', () =>
    open(async (app) => {
      const { page } = app;
      app.world.putUnasked(unasked(1));
      app.world.putUnasked(unasked(2, { sender: 'Eve', peerId: null }));
      await page.getByRole('radio', { name: 'Under way 4' }).click();
      await page.getByLabel('Peer', { exact: true }).selectOption(ids.peer(2));
      await expect
        .poll(() => cards(app))
        .toEqual(['Runs for Peerage on ben-mini', 'Asked of Ben', 'Asked by Ben']);
      await page.getByText('1 piece of work runs here for somebody').waitFor();
      expect(await app.violations()).toEqual([]);
      await app.picture('board-peer-filter');
      await page.getByRole('button', { name: 'Show any peer' }).click();
      await page.getByRole('article', { name: 'Runs for Eve' }).waitFor();
    }));

  it.each(LOOKS)(
    'shows what an agent answered as it was meant, and long answers cut (%s)',
    (name, options) =>
      open(async (app) => {
        const { page } = app;
        const list = Array.from({ length: 30 }, (_, n) => `- **Point** ${n + 1}`).join('\n');
        const text = `## Summary\n\n${list}\n\n<img src=x onerror=alert(1)>`;
        const answer = { text, bytes: 600, at: NOW, files: 2 };
        app.world.putOutgoing(
          outgoing(5, { peer: 'Jonas', state: 'completed', running: false, answer }),
        );
        app.world.putDelegation(
          delegation(6, {
            state: 'completed',
            deadlineAt: NOW + HOUR,
            answer: { ...answer, text: 'Done: **1.4**', files: [] },
          }),
        );
        await page.getByRole('radio', { name: 'Over', exact: true }).click();
        const ours = page.getByRole('article', { name: 'Asked of Jonas' });
        await ours.getByRole('heading', { name: 'Summary' }).waitFor();
        await ours.getByText('Point', { exact: true }).first().waitFor();
        expect(await ours.getByRole('img').count()).toBe(0);
        const tall = async () => (await ours.boundingBox())?.height ?? 0;
        await ours.getByText('2 files, in the thread').waitFor();
        await ours.getByRole('button', { name: 'Show more' }).waitFor();
        const cut = await tall();
        expect(await app.violations()).toEqual([]);
        await app.picture(`board-answers-${name}`);
        await ours.getByRole('button', { name: 'Show more' }).click();
        await expect.poll(tall).toBeGreaterThan(cut + 100);
        await ours.getByRole('button', { name: 'Show less' }).click();
        const theirs = page.getByRole('article', { name: 'Asked by Ben' });
        await theirs.getByText('Your agent answered:').waitFor();
        await theirs.getByText('1.4', { exact: true }).waitFor();
        await theirs.getByText('text, 120 bytes').waitFor();
        expect(await theirs.getByText(/^Wanted/).count()).toBe(0);
      }, options),
  );

  it('declines what they were asked back about and never answered', () =>
    open(async (app) => {
      app.world.putDelegation(
        delegation(8, { caller: 'Scout', state: 'asked_back', question: 'Which version?' }),
      );
      await app.page.getByRole('radio', { name: 'Under way' }).click();
      const card = app.page.getByRole('article', { name: 'Asked by Scout' });
      await card.getByRole('button', { name: 'Decline' }).focus();
      await app.page.keyboard.press('d');
      await card.getByLabel('Reason').fill('No answer came.');
      await app.page.keyboard.press('Control+Enter');
      await card.waitFor({ state: 'detached' });
      expect(called(app, 'delegation.decline')).toMatchObject([{ reason: 'No answer came.' }]);
    }));

  it('pauses incoming work from where it comes in', () =>
    open(async (app) => {
      await app.page.getByRole('button', { name: 'Pause incoming work' }).click();
      await app.page.getByText('Incoming work is paused').waitFor();
      expect(await app.violations()).toEqual([]);
      await app.picture('board-paused');
      await app.page.getByRole('button', { name: 'Resume' }).click();
      await app.page.getByRole('button', { name: 'Pause incoming work' }).waitFor();
    }));

  it('marks what runs here unasked, and offers to stop it and to move its sender to reception', () =>
    open(async (app) => {
      app.world.putUnasked(unasked(1));
      await app.page.getByRole('radio', { name: 'Under way 3' }).click();
      const card = app.page.getByRole('article', { name: 'Runs for Peerage on ben-mini' });
      await card.getByText('Already running, no consent was possible').waitFor();
      expect(await app.violations()).toEqual([]);
      await app.picture('board-unasked-light');
      await card.getByRole('button', { name: 'Stop' }).click();
      await app.page.getByRole('radio', { name: 'Over', exact: true }).click();
      await card.getByRole('button', { name: 'Move them to reception' }).click();
      await app.page.getByRole('heading', { name: 'Inbox' }).waitFor({ state: 'detached' });
      expect(await app.page.getByLabel('Your name for this peer').inputValue()).toBe(
        'Peerage on ben-mini',
      );
      expect(await app.page.getByRole('radio', { name: /^Someone else’s/ }).isChecked()).toBe(true);
    }));

  it('shows incoming work that was written as a form by its fields, once', () =>
    open(async (app) => {
      const text =
        '[Delegation] → Parser\nPriority: normal\nTask: Mend the quotes.\nExpected output: A patch';
      app.world.putDelegation(
        delegation(8, { caller: 'Scout', topic: 'Parser', text, expected: 'A patch' }),
      );
      const card = app.page.getByRole('article', { name: 'Asked by Scout' });
      const form = card.getByRole('region', { name: 'Delegation' });
      await form.getByText('Mend the quotes.', { exact: true }).waitFor();
      expect(await form.getByRole('term').allTextContents()).toEqual(['Task', 'Expected output']);
      expect(await card.getByText('[Delegation]').count()).toBe(0);
      expect(await card.getByText('A patch').count()).toBe(1);
      expect(await app.violations()).toEqual([]);
      await app.picture('board-form-light');
    }));

  it('shows what was told to many as a broadcast, with what is hidden in it marked', () =>
    open(async (app) => {
      const text = '[Broadcast] → Fre\u200beze\nTags: release\n\nNo merges until **Friday**.';
      app.world.putDelegation(delegation(8, { caller: 'Scout', topic: null, text }));
      const card = app.page.getByRole('article', { name: 'Asked by Scout' });
      const told = card.getByRole('region', { name: 'Broadcast' });
      await told.getByText('No merges until **Friday**.').waitFor();
      await told.getByText('release', { exact: true }).waitFor();
      await told.getByText('1 invisible character').waitFor();
      expect(await card.getByText('[Broadcast]').count()).toBe(0);
      expect(await app.violations()).toEqual([]);
    }));

  it('never hides a text that says something else than the card', () =>
    open(async (app) => {
      const text = '[Delegation] → Remove it all\nPriority: urgent\nTask: Do it.';
      app.world.putDelegation(delegation(8, { caller: 'Scout', topic: 'Parser', text }));
      const form = app.page
        .getByRole('article', { name: 'Asked by Scout' })
        .getByRole('region', { name: 'Delegation' });
      await form.getByText('Remove it all').waitFor();
      await form.getByText('urgent', { exact: true }).waitFor();
    }));

  it('shows what was answered to a question before it is decided upon', () =>
    open(async (app) => {
      app.world.putDelegation(
        delegation(8, { caller: 'Scout', question: 'Which version?', reply: 'The next one.' }),
      );
      const card = app.page.getByRole('article', { name: 'Asked by Scout' });
      await card.getByText('You asked: Which version?').waitFor();
      await card.getByText('They answered: The next one.').waitFor();
    }));

  it('stops what an agent here works on from its card, by a key too', () =>
    open(async (app) => {
      await app.page.getByRole('radio', { name: 'Under way' }).click();
      const card = app.page.getByRole('article', { name: 'Asked by Ben' });
      await card.getByRole('button', { name: 'Stop' }).focus();
      await app.page.keyboard.press('x');
      await expect
        .poll(() => called(app, 'delegation.stop'))
        .toEqual([{ delegationId: delegation(1).id }]);
    }));

  it('leads to the thread with the field ready where an answer is wanted', () =>
    open(async (app) => {
      await app.page.getByRole('button', { name: 'Answer', exact: true }).click();
      await app.page.getByRole('heading', { name: 'Inbox' }).waitFor({ state: 'detached' });
      await expect
        .poll(() => app.page.evaluate(() => document.activeElement?.tagName))
        .toBe('TEXTAREA');
    }));

  it('keeps few cards in the page, however many there are, and what is being written', () => {
    const world = fewWorld();
    for (let n = 1; n <= 1_000; n++) world.putDelegation(delegation(n, { caller: `Peer ${n}` }));
    return on(world, async (app) => {
      await app.page.getByRole('button', { name: 'Inbox' }).click();
      const first = app.page.getByRole('article', { name: 'Asked by Peer 1000' });
      await first.getByRole('button', { name: 'Decline', exact: true }).click();
      await first.getByLabel('Reason').fill('Not today.');
      // A click on plain words: nothing has the focus any more.
      await first.getByText('Proven how').click();
      await app.page.mouse.move(600, 500);
      await app.page.mouse.wheel(0, 20_000);
      await expect.poll(async () => (await cards(app)).length).toBeLessThan(20);
      await expect
        .poll(async () => (await cards(app)).some((one) => /Peer 9[0-7]\d/.test(one ?? '')))
        .toBe(true);
      await app.page.mouse.wheel(0, -40_000);
      expect(await first.getByLabel('Reason').inputValue()).toBe('Not today.');
    });
  });

  it.each(LOOKS)('holds against axe (%s)', (name, options) =>
    open(async (app) => {
      for (const list of ['Waiting 1', 'Under way 2', 'Over']) {
        await app.page.getByRole('radio', { name: list, exact: true }).click();
        await app.page.getByRole('article').first().waitFor();
        expect(await app.violations()).toEqual([]);
        await app.picture(`board-${list.replaceAll(' ', '-').toLowerCase()}-${name}`);
      }
    }, options),
  );

  it('gives work to who can do it, as a form that is previewed', () =>
    open(async (app) => {
      const { page } = app;
      await page.getByRole('button', { name: 'Delegate' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Delegate' }).click();
      await dialog.getByText('Choose who gets it.').waitFor();
      await dialog.getByLabel('Topic').fill('Parser');
      await dialog.getByLabel('Task').fill('Mend the nested quotes.');
      await dialog.getByLabel('To', { exact: true }).selectOption(ids.peer(2));
      await dialog.getByRole('radio', { name: 'Urgent' }).click();
      await dialog.getByText('What they get').click();
      await dialog.getByText('[Delegation] → Parser').waitFor();
      await dialog.getByRole('button', { name: 'Delegate' }).click();
      await dialog.waitFor({ state: 'detached' });
      expect(called(app, 'outgoing.send')).toMatchObject([
        {
          peerId: ids.peer(2),
          topic: 'Parser',
          task: 'Mend the nested quotes.',
          priority: 'urgent',
        },
      ]);
      await expect
        .poll(() => page.getByRole('radio', { name: 'Under way 3' }).isChecked())
        .toBe(true);
      const given = page.getByRole('article', { name: 'Asked of Marta’s laptop' });
      await given.getByText('Mend the nested quotes.').waitFor();
      expect((await cards(app))[0]).toBe('Asked of Marta’s laptop');
    }));

  it('says where something looks like a secret, and sends it only when told to', () =>
    open(
      async (app) => {
        const { page } = app;
        await page.getByRole('button', { name: 'Delegate' }).click();
        const dialog = page.getByRole('dialog');
        await dialog.getByLabel('Topic').fill('Parser');
        await dialog.getByLabel('Task').fill('Use the token.');
        await dialog.getByLabel('To', { exact: true }).selectOption(ids.peer(2));
        await dialog.getByRole('button', { name: 'Delegate' }).click();
        const warning = dialog.getByText('A token, in line 2.');
        await warning.waitFor();
        await expect.poll(() => inSight(warning)).toBe(true);
        await dialog.getByRole('button', { name: 'Send anyway' }).click();
        await expect.poll(() => called(app, 'outgoing.send').length).toBe(2);
        expect(called(app, 'outgoing.send')[1]).toMatchObject({ anyway: true });
      },
      { height: 500 },
    ));

  it('attaches the last turns of an own session, once they were seen', () =>
    open(async (app) => {
      const { page } = app;
      await page.getByRole('button', { name: 'Delegate' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Attach turns of a session' }).click();
      await dialog.getByLabel('Session', { exact: true }).selectOption('main');
      await dialog.getByText('A file was renamed.').waitFor();
      expect(await app.violations()).toEqual([]);
      await app.picture('compose-turns-light');
      await dialog.getByRole('button', { name: 'Attach this' }).click();
      await dialog.getByText('session.md').waitFor();
    }));

  it.each(LOOKS)(
    'schedules a morning status, and not before it was previewed (%s)',
    (name, options) =>
      on(
        fewWorld(),
        async (app) => {
          const { page } = app;
          await page.getByRole('option').first().click();
          await page.getByRole('button', { name: 'Write a form' }).click();
          await page.getByRole('menuitem', { name: 'Morning status' }).click();
          const dialog = page.getByRole('dialog');
          await dialog.getByRole('button', { name: 'Schedule it' }).click();
          await dialog.getByLabel('Time').fill('08:30');
          await dialog.getByLabel('Scout').check();
          await dialog.getByLabel('Focus').fill('The parser.');
          expect(await dialog.getByRole('button', { name: 'Schedule' }).count()).toBe(0);
          await dialog.getByRole('button', { name: 'Preview' }).click();
          await dialog.getByText('Scout would get now:').waitFor();
          await dialog.getByText('Focus today: The parser.').waitFor();
          expect(await app.violations()).toEqual([]);
          await app.picture(`morning-status-${name}`);
          await dialog.getByRole('button', { name: 'Schedule' }).click();
          await dialog.waitFor({ state: 'detached' });
          expect(called(app, 'status.set')).toMatchObject([
            { schedule: { at: 510, weekdays: [1, 2, 3, 4, 5], focus: 'The parser.' } },
          ]);
        },
        options,
      ),
  );

  it.each(LOOKS)(
    'offers every form from the thread, each with its own fields (%s)',
    (name, options) =>
      on(
        fewWorld(),
        async (app) => {
          const { page } = app;
          await page.getByRole('option').first().click();
          for (const form of ['Delegation', 'Morning status', 'Feedback']) {
            await page.getByRole('button', { name: 'Write a form' }).click();
            await page.getByRole('menuitem', { name: form }).click();
            const dialog = page.getByRole('dialog');
            await dialog.getByLabel('Topic').waitFor();
            expect(await app.violations()).toEqual([]);
            await app.picture(`compose-${form.toLowerCase().replace(' ', '-')}-${name}`);
            await page.keyboard.press('Escape');
            await dialog.waitFor({ state: 'detached' });
          }
        },
        options,
      ),
  );

  it.each(LOOKS)('shows a form in a thread as what it is (%s)', (name, options) => {
    const world = fewWorld();
    const threadId = [...world.threads.values()][0]?.id ?? ids.thread(1);
    const peerId = world.threads.get(threadId)?.peerId ?? ids.peer(1);
    weWrote(
      world,
      threadId,
      NOW,
      '[Question] → Parser\nQuestion: Which branch?\nContext: There are two.',
    );
    theyWrote(
      world,
      threadId,
      NOW,
      'Their agent',
      '[Milestone] -> Parser\nWhat happened: The tests pass.\nAll of them.\nNext step: release',
    );
    weWrote(world, threadId, NOW, '[Broadcast] → Freeze\nTags: release\n\nNo merges until Friday.');
    return on(
      world,
      async (app) => {
        await app.page.locator(`#peer-${peerId}`).click();
        await app.page
          .getByRole('region', { name: 'Broadcast' })
          .getByText('No merges until Friday.', { exact: true })
          .waitFor();
        const milestone = app.page.getByRole('region', { name: 'Milestone' });
        await milestone.getByText('The tests pass.\nAll of them.').waitFor();
        await app.page
          .getByRole('region', { name: 'Question' })
          .getByText('Which branch?')
          .waitFor();
        expect(await app.violations()).toEqual([]);
        await app.picture(`forms-thread-${name}`);
      },
      options,
    );
  });
});
