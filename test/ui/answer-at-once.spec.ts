import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ids } from './mock/ids.ts';
import { chromiumPath, launchBrowser, MockApp } from './mock/mock-app.ts';
import { seedThread, theyWrote } from './mock/seed-messages.ts';
import { fewWorld, NOW } from './mock/seeds.ts';
import { outgoing } from './mock/setup-lab.ts';
import type { World } from './mock/world.ts';

const path = chromiumPath();

/** The home server asks back about a piece of work, in a thread in which something was begun. */
const askedWorld = (draft: string): World => {
  const world = fewWorld();
  const threadId = seedThread(world, 54, ids.peer(4), 'Changelog', {
    lastMessageAt: NOW,
    draft: { text: draft, revision: draft === '' ? 0 : 4 },
  });
  theyWrote(world, threadId, NOW - 9_000, 'Home server', 'Which version is the next one?');
  world.putOutgoing(
    outgoing(3, {
      peerId: ids.peer(4),
      peer: 'Home server',
      threadId,
      linkKind: 'a2a',
      topic: 'Changelog',
      state: 'asked_back',
      running: false,
      question: 'Which version is the next one?',
    }),
  );
  return world;
};

describe.skipIf(!path)('what is typed right after *Answer*', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(path ?? '');
  });
  afterAll(async () => {
    await browser?.close();
  });

  const answering = async (draft: string) => {
    const app = await MockApp.open(browser, askedWorld(draft));
    await app.page.getByRole('button', { name: 'Inbox' }).click();
    const letGo = { peer: app.session.hold('peer.open'), thread: app.session.hold('thread.open') };
    await app.page.getByRole('button', { name: 'Answer', exact: true }).click();
    const field = app.page.getByRole('textbox', { name: 'Message to Home server' });
    await field.waitFor();
    return { app, letGo, field };
  };
  const saved = (app: MockApp) => app.world.threads.get(ids.thread(54))?.draft.text;

  it('stands in the field, and in the thread once that has opened', async () => {
    const { app, letGo, field } = await answering('');
    await app.page.keyboard.type('Version ');
    letGo.peer();
    await app.page.keyboard.type('two ');
    letGo.thread();
    await app.page.getByText('Which version is the next one?').first().waitFor();
    await app.page.keyboard.type('please.');
    expect(await field.inputValue()).toBe('Version two please.');
    await field.press('Enter');
    await expect.poll(() => field.inputValue()).toBe('');
    const sent = app.session.called.filter((call) => call.name === 'message.send');
    expect(sent.map(({ input }) => input)).toMatchObject([
      { threadId: ids.thread(54), text: 'Version two please.' },
    ]);
    expect(app.session.called.some((call) => call.name === 'thread.create')).toBe(false);
    expect(app.faults).toEqual([]);
    await app.close();
  });

  it('comes below what was begun there before, and no other window is blamed', async () => {
    const { app, letGo, field } = await answering('Begun yesterday.');
    await app.page.keyboard.type('Typed at once.');
    letGo.peer();
    letGo.thread();
    await expect.poll(() => field.inputValue()).toBe('Begun yesterday.\n\nTyped at once.');
    await app.page.keyboard.type(' And on.');
    await expect.poll(() => saved(app)).toBe('Begun yesterday.\n\nTyped at once. And on.');
    expect(await app.page.getByText('Another window wrote here too').count()).toBe(0);
    expect(app.faults).toEqual([]);
    await app.close();
  });

  it('goes into the thread that opens with the peer', async () => {
    const app = await MockApp.open(browser, askedWorld(''));
    const open = app.session.hold('peer.open');
    await app.page.getByRole('option', { name: /^Home server/ }).click();
    const field = app.page.getByRole('textbox', { name: 'Message to Home server' });
    await field.fill('Before anything has come.');
    open();
    await app.page.getByText('Which version is the next one?').first().waitFor();
    expect(await field.inputValue()).toBe('Before anything has come.');
    await expect.poll(() => saved(app)).toBe('Before anything has come.');
    expect(app.faults).toEqual([]);
    await app.close();
  });

  it('stays where it is typed on while a message is being sent', async () => {
    const app = await MockApp.open(browser, askedWorld(''));
    await app.page.getByRole('option', { name: /^Home server/ }).click();
    await app.page.getByText('Which version is the next one?').first().waitFor();
    const field = app.page.getByRole('textbox', { name: 'Message to Home server' });
    const sent = app.session.hold('message.send');
    await field.fill('First.');
    await field.press('Enter');
    await field.pressSequentially(' Second.');
    sent();
    await expect.poll(() => field.inputValue()).toBe('Second.');
    await expect.poll(() => saved(app)).toBe('Second.');
    expect(app.faults).toEqual([]);
    await app.close();
  });
});
