/** Notifications and what can be done to them, on the stand-in (not on Electron). */
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { call } from './parts/calls.ts';
import { describeStandIn } from './parts/require.ts';
import { useRig, visible } from './parts/rig.ts';
import type { StandInApp } from './parts/stand-in-driver.ts';
import { addPracticePeer, say } from './parts/walks.ts';

const MAC = { PEERAGE_STANDIN_PLATFORM: 'darwin' };

await describeStandIn('a notification', () => {
  const rig = useRig();
  const { start } = rig;
  const sent = (page: Page, text: string): Promise<number> =>
    page.locator('article.message--out', { hasText: text }).count();

  /** An answer that came while the window was away: its place in the list of notifications. */
  async function notified(env: NodeJS.ProcessEnv = {}) {
    const app = await start([], env);
    const page = await app.page();
    await addPracticePeer(page);
    await say(page, 'A slow one, please.');
    await app.closeWindow();
    const find = async (): Promise<number> =>
      (await app.look()).notifications.findLastIndex(
        ({ title, state }) => /practice/i.test(title) && state === 'shown',
      );
    await expect.poll(find).toBeGreaterThan(-1);
    return { app, page, index: await find() };
  }
  const state = async (app: StandInApp, index: number): Promise<string | undefined> =>
    (await app.look()).notifications[index]?.state;

  test('is answered where the system has a field, and once, wherever else it is tried', async () => {
    const { app, page, index } = await notified(MAC);
    expect((await app.look()).notifications[index]).toMatchObject({ hasReply: true });
    await app.ask('replyNotification', index, 'Answered from outside.');
    await app.ask('replyNotification', index, 'Answered from outside.');
    await app.ask('clickNotification', index);
    await expect.poll(() => state(app, index)).toBe('closed');
    expect(await visible(app)).toEqual([false]);
    await app.ask('clickTray');
    await page.locator('article.message--out', { hasText: 'Answered from outside.' }).waitFor();
    expect(await sent(page, 'Answered from outside.')).toBe(1);
    await page.getByRole('button', { name: 'Notices' }).click();
    await page.getByText('Reply: done').first().waitFor();
  });

  test('has a button on Linux that leads to the field in the window', async () => {
    const { app, page, index } = await notified();
    expect((await app.look()).notifications[index]).toMatchObject({
      actions: ['Reply'],
      hasReply: false,
      urgency: 'normal',
    });
    await app.ask('pressNotification', index, 0);
    await expect.poll(() => visible(app)).toEqual([true]);
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label')))
      .toMatch(/^Message to Practice/);
  });

  test('is answered from the list in the window as well, and then it goes', async () => {
    const { app, page, index } = await notified(MAC);
    const notice = await page.evaluate(
      () =>
        new Promise<string>((found) => {
          window.peerage?.onFrame((frame) => {
            const { kind, body } = frame as { kind: string; body: { notices: { id: string }[] } };
            if (kind === 'snapshot') found(body.notices[0]?.id ?? '');
          });
          window.peerage?.send({ v: 1, id: '', kind: 'snapshot', name: '', body: {} });
        }),
    );
    const act = () =>
      call(page, 'notice.act', { noticeId: notice, actionId: 'reply', text: 'From the list.' });
    const outcomes = await Promise.all([act(), act()]);
    expect(outcomes.map((one) => one?.value)).toEqual([
      { outcome: 'done' },
      { outcome: 'done_before' },
    ]);
    await expect.poll(() => state(app, index)).toBe('closed');
    await app.ask('replyNotification', index, 'Too late.');
    await app.ask('clickTray');
    await page.locator('article.message--out', { hasText: 'From the list.' }).waitFor();
    expect(await sent(page, 'From the list.')).toBe(1);
    expect(await sent(page, 'Too late.')).toBe(0);
  });

  test('that went to the notification centre can still be clicked there', async () => {
    const { app, index } = await notified(MAC);
    await app.ask('closeNotification', index, 'timedOut');
    await app.ask('clickNotification', index);
    await expect.poll(() => visible(app)).toEqual([true]);
  });

  test('clicked after its thread is gone leads to the peer, and says so', async () => {
    const { app, page, index } = await notified();
    const threadId = await page.evaluate(
      () =>
        new Promise<string>((found) => {
          window.peerage?.onFrame((frame) => {
            const { kind, body } = frame as {
              kind: string;
              body: { notices: { threadId: string }[] };
            };
            if (kind === 'snapshot') found(body.notices[0]?.threadId ?? '');
          });
          window.peerage?.send({ v: 1, id: '', kind: 'snapshot', name: '', body: {} });
        }),
    );
    expect(await call(page, 'thread.delete', { threadId })).toMatchObject({ ok: true });
    await app.ask('clickNotification', index);
    await expect.poll(() => visible(app)).toEqual([true]);
    await page.getByText('That thread is gone').first().waitFor();
  });
});
