import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appError, DEFAULT_POLICY, type PeerId } from '../../electron/contract/index.ts';
import { chromiumPath, launchBrowser, MockApp, type MockOptions } from './mock/mock-app.ts';
import { freshPolicy, policiesOf } from './mock/policy-handlers.ts';
import { fewWorld, NOW } from './mock/seeds.ts';
import { delegation } from './mock/setup-lab.ts';
import type { World } from './mock/world.ts';

const path = chromiumPath();

describe.skipIf(!path)('what a peer may do without asking', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(path ?? '');
  });
  afterAll(async () => {
    await browser?.close();
  });

  const scout = (world: World): PeerId => {
    const found = [...world.peers.values()].find((one) => one.name === 'Scout');
    if (!found) throw new Error('there is no Scout');
    return found.id;
  };
  const opened = async (world: World, options: MockOptions = {}) => {
    const app = await MockApp.open(browser, world, options);
    await app.page.getByRole('option', { name: /^Scout/ }).click();
    return app;
  };
  const asking = () => {
    const world = fewWorld();
    const peerId = scout(world);
    policiesOf(world).set(peerId, freshPolicy(peerId));
    return { world, peerId };
  };

  it('is not asked about a peer that cannot ask', async () => {
    const app = await opened(fewWorld());
    await app.page.getByRole('region', { name: 'About this peer' }).waitFor();
    expect(await app.page.getByRole('region', { name: 'Their work here' }).count()).toBe(0);
    await app.close();
  });

  it('blocks with one click, says what follows, and takes it back with another', async () => {
    const { world, peerId } = asking();
    const app = await opened(world);
    const section = app.page.getByRole('region', { name: 'Their work here' });
    await section.getByText('waits in your inbox until you decide').waitFor();
    await app.picture('policy-ask');
    await section.getByRole('radio', { name: 'Block' }).click();
    await section.getByText('Nothing they ask for is taken in').waitFor();
    expect(policiesOf(world).get(peerId)?.policy.mode).toBe('block');
    await app.picture('policy-block');
    expect(await app.violations()).toEqual([]);
    await app.page.getByRole('button', { name: 'Undo' }).click();
    await section.getByText('waits in your inbox until you decide').waitFor();
    expect(policiesOf(world).get(peerId)?.policy).toEqual(DEFAULT_POLICY);
    expect(app.faults).toEqual([]);
    await app.close();
  });

  it.each([
    ['light', {}],
    ['dark', { dark: true }],
    ['narrow', { width: 400 }],
  ] as const)(
    'lets through within a budget, to an agent that asks first: %s',
    async (look, options) => {
      const { world, peerId } = asking();
      const app = await opened(world, options);
      if (look === 'narrow') await app.page.getByRole('button', { name: 'Details' }).click();
      const section = app.page.getByRole('region', { name: 'Their work here' });
      await section.getByRole('radio', { name: 'Let through' }).click();
      const dialog = app.page.getByRole('dialog', { name: 'Their work here' });
      await dialog.getByRole('radio', { name: 'Let through' }).click();
      await dialog.getByLabel('Goes to').selectOption('main');
      await dialog.getByText('This agent may run any command without asking').waitFor();
      await app.picture(`policy-unasked-${look}`);
      expect(await app.violations()).toEqual([]);
      await dialog.getByRole('button', { name: 'Save' }).click();
      expect(policiesOf(world).get(peerId)?.policy.mode).toBe('ask');
      await dialog.getByLabel('Goes to').selectOption('helper');
      await dialog.getByText('Nobody reads it before your agent does').waitFor();
      await dialog.getByLabel('Tasks a day').fill('3');
      await dialog.getByLabel('Quiet hours').click();
      await dialog.getByLabel('From').fill('21:30');
      await app.picture(`policy-auto-${look}`);
      expect(await app.violations()).toEqual([]);
      await dialog.getByRole('button', { name: 'Save' }).click();
      await dialog.waitFor({ state: 'detached' });
      expect(policiesOf(world).get(peerId)?.policy).toEqual({
        ...DEFAULT_POLICY,
        mode: 'auto',
        agents: ['helper'],
        tasksPerDay: 3,
        quiet: { from: 21 * 60 + 30, to: 7 * 60 },
      });
      await section.getByText('0 of 3 tasks, 0 of 60 minutes').waitFor();
      await section.getByText('21:30 to 07:00').waitFor();
      await app.picture(`policy-set-${look}`);
      expect(app.faults).toEqual([]);
      await app.close();
    },
  );

  it('says in sight, and once, why it cannot be saved', async () => {
    const { world, peerId } = asking();
    const app = await opened(world, { height: 500 });
    await app.page.getByRole('radio', { name: 'Let through' }).click();
    const dialog = app.page.getByRole('dialog', { name: 'Their work here' });
    await dialog.getByLabel('Goes to').selectOption('main');
    const why = dialog.getByText('This agent may run any command without asking');
    await why.waitFor();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect
      .poll(() =>
        why.evaluateAll((all) =>
          all.map((node) => {
            const { top, bottom } = node.getBoundingClientRect();
            const edge = node.closest('.dialog__body')?.getBoundingClientRect();
            return edge !== undefined && top >= edge.top && bottom <= edge.bottom;
          }),
        ),
      )
      .toEqual([true]);
    expect(policiesOf(world).get(peerId)?.policy.mode).toBe('ask');
    expect(app.faults).toEqual([]);
    await app.close();
  });

  it('refuses a number that makes no sense beside its field', async () => {
    const { world } = asking();
    const app = await opened(world);
    await app.page.getByRole('button', { name: 'Change the policy' }).click();
    const dialog = app.page.getByRole('dialog', { name: 'Their work here' });
    await dialog.getByRole('radio', { name: 'Let through' }).click();
    await dialog.getByLabel('Tasks a day').fill('5000');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('1,000').waitFor();
    expect(app.session.called.some(({ name }) => name === 'policy.set')).toBe(false);
    await app.close();
  });

  it('tells what was decided, when somebody wants to see it', async () => {
    const { world } = asking();
    const app = await opened(world);
    await app.page.getByRole('button', { name: 'Change the policy' }).click();
    const dialog = app.page.getByRole('dialog', { name: 'Their work here' });
    const asked = () => app.session.called.some(({ name }) => name === 'policy.decisions');
    await dialog.getByText('What was decided').waitFor();
    expect(asked()).toBe(false);
    await dialog.getByText('What was decided').click();
    await dialog.getByText('Let through: by policy, for helper').waitFor();
    await app.picture('policy-decisions');
    expect(await app.violations()).toEqual([]);
    expect(app.faults).toEqual([]);
    await app.close();
  });

  it('offers only what is stricter than the configuration file', async () => {
    const { world, peerId } = asking();
    policiesOf(world).set(peerId, { ...freshPolicy(peerId), fixed: 'ask' });
    const app = await opened(world);
    const section = app.page.getByRole('region', { name: 'Their work here' });
    await section.getByText('The configuration file says so').waitFor();
    expect(await section.getByRole('radio').allTextContents()).toEqual(['Ask me', 'Block']);
    await app.close();
  });

  it('says on a card why it waits although work is let through, and that nobody comes for its answer', async () => {
    const world = fewWorld();
    const held = appError('policy.tasks_used', 'All 10 of today were used.');
    world.putDelegation(delegation(1, { held, collects: false }));
    const app = await MockApp.open(browser, world);
    await app.page.getByRole('button', { name: /^Inbox/ }).click();
    const card = app.page.getByRole('article', { name: /^Asked by/ });
    await card.getByText('Today’s tasks are used up, so it waits for you').waitFor();
    await card.getByText('never comes for the answer').waitFor();
    await app.picture('policy-held');
    expect(await app.violations()).toEqual([]);
    expect(app.faults).toEqual([]);
    await app.close();
  });

  it('sends an answer that nobody comes for as a message', async () => {
    const world = fewWorld();
    const answer = { text: 'It is green.', bytes: 12, at: NOW, files: [] };
    const one = delegation(1, { collects: false, state: 'completed', answer });
    world.putDelegation(one);
    const app = await MockApp.open(browser, world);
    await app.page.getByRole('button', { name: /^Inbox/ }).click();
    await app.page.getByRole('radio', { name: /^Over/ }).click();
    await app.page.getByRole('button', { name: 'Show all of it' }).first().click();
    await app.page.getByText('They have not seen it').waitFor();
    await app.picture('policy-send-back');
    await app.page.getByRole('button', { name: 'Send it as a message' }).click();
    await app.page.getByText('It goes to them as a message of yours').waitFor();
    expect(app.session.called.map(({ name }) => name)).toContain('delegation.sendBack');
    await app.close();
  });

  it('lets the person choose to which agent one task goes', async () => {
    const { world } = asking();
    world.putDelegation(delegation(1));
    const app = await MockApp.open(browser, world);
    await app.page.getByRole('button', { name: /^Inbox/ }).click();
    const card = app.page.getByRole('article', { name: /^Asked by/ });
    await card.getByLabel('Goes to').selectOption('helper');
    await app.picture('policy-choose-agent');
    expect(await app.violations()).toEqual([]);
    await card.getByRole('button', { name: 'Accept', exact: true }).click();
    const accepted = app.session.called.find(({ name }) => name === 'delegation.accept');
    expect(accepted?.input).toMatchObject({ agentId: 'helper' });
    expect(app.faults).toEqual([]);
    await app.close();
  });
});
