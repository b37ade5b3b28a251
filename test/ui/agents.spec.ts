import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CallInput, RequestView } from '../../electron/contract/index.ts';
import { chromiumPath, launchBrowser, MockApp, type MockOptions } from './mock/mock-app.ts';
import { fewWorld, NOW } from './mock/seeds.ts';
import type { World } from './mock/world.ts';

const path = chromiumPath();
if (!path && process.env.PEERAGE_REQUIRE?.split(',').includes('chromium')) {
  throw new Error('chromium is required and is not here');
}

const id = (n: number): string => `01900000-0000-7000-8009-${String(n).padStart(12, '0')}`;

/** Three requests wait, one was denied. */
const agentWorld = (): World => {
  const world = fewWorld();
  const [peer] = world.peers.values();
  if (!peer) throw new Error('no peer');
  const request = (n: number, more: Partial<RequestView>): RequestView => ({
    ...{ id: id(n) as RequestView['id'], agent: 'Claude', verb: 'send', kind: 'question' },
    ...{ text: 'Is the build of 1.4 green?', textBytes: 26, topic: 'Release', facts: [] },
    ...{ recipientCount: 1, state: 'waiting', at: NOW - 60_000 * n, decision: null, error: null },
    recipients: [
      { peerId: peer.id, name: peer.name, threadId: null, messageId: null, error: null },
    ],
    ...more,
  });
  world.putRequest(
    request(3, {
      state: 'denied',
      decision: { by: 'person', at: NOW, reason: 'Not today' },
      text: 'Old one',
      textBytes: 7,
    }),
  );
  world.putRequest(request(2, { agent: 'OpenClaw main', recipientCount: 12, kind: 'broadcast' }));
  world.putRequest(request(1, {}));
  const named = ['Ada', 'Ben', 'Cora', 'Dan'].map((name, index) => ({
    ...{ peerId: id(20 + index) as typeof peer.id, name },
    ...{ threadId: null, messageId: null, error: null },
  }));
  world.putRequest(
    request(4, {
      ...{ agent: 'Codex', recipients: named, recipientCount: named.length },
      facts: [
        { label: 'Priority', value: 'high' },
        { label: 'Context', value: '{ "branch": "main" }' },
      ],
    }),
  );
  return world;
};

describe.skipIf(!path)('what agents ask for', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(path ?? '');
  });
  afterAll(async () => {
    await browser?.close();
  });

  const called = (app: MockApp, name: string) =>
    app.session.called.filter((one) => one.name === name).map((one) => one.input);
  const open = async (work: (app: MockApp) => Promise<void>, options: MockOptions = {}) => {
    const app = await MockApp.open(browser, agentWorld(), options);
    try {
      await app.page.getByRole('button', { name: /^Agents/ }).click();
      await app.page.getByRole('heading', { name: 'Agents', exact: true }).waitFor();
      await work(app);
      expect(app.faults).toEqual([]);
    } finally {
      await app.close();
    }
  };

  it('is shown with who, to whom and the text, and goes once it is approved', () =>
    open(async (app) => {
      const card = app.page.getByRole('article', { name: 'Asked by Claude' });
      await card.getByText('Is the build of 1.4 green?').waitFor();
      const buttons = await card.getByRole('button').allTextContents();
      expect(buttons).toEqual(['Deny', 'Approve']);
      await card.getByRole('button', { name: 'Approve' }).click();
      await card.waitFor({ state: 'detached' });
      expect(called(app, 'agents.decide')).toEqual([{ requestId: id(1), decision: 'approve' }]);
    }));

  it('keeps everything with who decided, and takes rules and a budget', () =>
    open(async (app) => {
      await app.page.getByRole('radio', { name: 'All' }).click();
      await app.page.getByText('Denied by you: Not today').waitFor();
      await app.page.getByRole('radio', { name: 'Rules' }).click();
      const rule = app.page.getByLabel('Agents and Claude');
      await rule.getByRole('radio', { name: 'Never' }).click();
      await expect
        .poll(() => called(app, 'agents.setRule'))
        .toEqual([{ subject: { kind: 'agent', agent: 'Claude' }, policy: 'never' }]);
      await app.page.getByText('Messages in 24 hours').waitFor();
    }));

  it('tells a rule to ask from no rule: only the rule holds where an agent is allowed', () =>
    open(async (app) => {
      await app.page.getByRole('radio', { name: 'Rules' }).click();
      const rule = app.page.getByLabel('Agents and Claude');
      expect(await rule.getByRole('radio').allTextContents()).toEqual([
        ...['No rule', 'Ask me', 'Allow', 'Never'],
      ]);
      await expect
        .poll(() => rule.getByRole('radio', { name: 'No rule' }).getAttribute('aria-checked'))
        .toBe('true');
      await app.page.getByRole('button', { name: 'Close agents' }).click();
      await app.page.getByRole('option').first().click();
      const ofPeer = app.page.getByLabel('Agents and Agents may write');
      await ofPeer.getByRole('radio', { name: 'Ask me' }).click();
      await expect
        .poll(() => called(app, 'agents.setRule'))
        .toMatchObject([{ subject: { kind: 'peer' }, policy: 'ask' }]);
    }));

  it('takes what the agents here are good at, and says where that is told', () =>
    open(async (app) => {
      await app.page.keyboard.press('Control+,');
      const dialog = app.page.getByRole('dialog', { name: 'Settings' });
      await dialog.getByRole('tab', { name: 'Agents' }).click();
      const field = dialog.getByLabel('What your agents are good at');
      await dialog.getByText('The agent card of your reception tells it').waitFor();
      await field.fill('code review, , translate,translate');
      await field.press('Enter');
      await expect
        .poll(() => called(app, 'settings.update'))
        .toEqual([{ changes: { capabilities: ['code review', 'translate'] } }]);
      await field.fill('x'.repeat(41));
      await dialog.getByText('At most 32, each of at most 40 characters.').waitFor();
      await field.press('Enter');
      expect(called(app, 'settings.update')).toHaveLength(1);
    }));

  it('keeps what is being typed while what was typed before is being saved', () =>
    open(async (app) => {
      await app.page.keyboard.press('Control+,');
      const dialog = app.page.getByRole('dialog', { name: 'Settings' });
      await dialog.getByRole('tab', { name: 'Agents' }).click();
      const tags = dialog.getByLabel('What your agents are good at');
      const budget = dialog.getByLabel('Messages of agents in 24 hours');
      const said = () => Promise.all([tags.inputValue(), budget.inputValue()]);
      const saved = () =>
        called(app, 'settings.update').map(
          (input) => (input as CallInput<'settings.update'>).changes,
        );
      const code = { capabilities: ['code', 'review'] };

      const answer = app.session.hold('settings.update');
      await tags.fill('code ,review');
      await tags.press('Enter');
      await budget.fill('70');
      await budget.press('Enter');
      await budget.fill('');
      await tags.fill('code,');
      await expect.poll(saved).toEqual([code, { agentBudget: 70 }]);
      answer();
      await expect.poll(() => app.world.settings.agentBudget).toBe(70);
      await expect.poll(() => app.session.allTaken).toBe(true);
      expect(await said()).toEqual(['code,', '']);

      // The last word counts, also where it is what was there before.
      const later = app.session.hold('settings.update');
      await tags.fill('code, review, paint');
      await tags.press('Enter');
      await tags.fill('code, review');
      await budget.fill('80');
      await tags.focus();
      const paint = { capabilities: ['code', 'review', 'paint'] };
      await expect.poll(() => saved().slice(2)).toEqual([paint, code, { agentBudget: 80 }]);
      later();
      await expect.poll(() => app.world.settings.agentBudget).toBe(80);
      await expect.poll(() => app.session.allTaken).toBe(true);
      expect(await said()).toEqual(['code, review', '80']);
    }));

  it('shows a setting as it was understood, and as it is changed elsewhere', () =>
    open(async (app) => {
      await app.page.keyboard.press('Control+,');
      const dialog = app.page.getByRole('dialog', { name: 'Settings' });
      await dialog.getByRole('tab', { name: 'Agents' }).click();
      const tags = dialog.getByLabel('What your agents are good at');
      await tags.fill(' code,code , review');
      await tags.press('Enter');
      await expect.poll(() => tags.inputValue()).toBe('code, review');
      app.world.changeSettings({ capabilities: ['paint'] });
      await expect.poll(() => tags.inputValue()).toBe('paint');
      await tags.fill('paint,');
      await tags.press('Enter');
      await expect.poll(() => tags.inputValue()).toBe('paint');
      expect(called(app, 'settings.update')).toHaveLength(1);
    }));

  it('shows all that goes along with a text, and all who get it', () =>
    open(async (app) => {
      const card = app.page.getByRole('article', { name: 'Asked by Codex' });
      await card.getByText('to Ada, Ben, Cora and 1 more').waitFor();
      expect(await card.getByRole('term').allTextContents()).toEqual(['Priority', 'Context', 'To']);
      expect(await card.getByRole('definition').allTextContents()).toEqual([
        ...['high', '{ "branch": "main" }', 'Ada, Ben, Cora, Dan'],
      ]);
    }));

  it('has the rule of a peer in its details', () =>
    open(async (app) => {
      await app.page.getByRole('button', { name: 'Close agents' }).click();
      await app.page.getByRole('option').first().click();
      const rule = app.page.getByLabel('Agents and Agents may write');
      await rule.getByRole('radio', { name: 'Allow' }).click();
      await expect.poll(() => called(app, 'agents.setRule')).toHaveLength(1);
    }));
});
