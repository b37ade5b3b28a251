import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ids } from './mock/ids.ts';
import { chromiumPath, launchBrowser, MockApp } from './mock/mock-app.ts';
import { seedThread, theyWrote, weWrote } from './mock/seed-messages.ts';
import { fewWorld, NOW } from './mock/seeds.ts';

const path = chromiumPath();

describe.skipIf(!path)('the field one writes in', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(path ?? '');
  });
  afterAll(async () => {
    await browser?.close();
  });

  const openScout = async () => {
    const app = await MockApp.open(browser, fewWorld());
    await app.page.getByRole('option', { name: /^Scout/ }).click();
    await app.page.getByText('Answered').first().waitFor();
    return { app, field: app.page.getByRole('textbox', { name: 'Message to Scout' }) };
  };

  it('attaches a huge pasted text as a file, and goes on taking what one types', async () => {
    const { app, field } = await openScout();
    await field.fill('See the log.');
    await field.evaluate((one) => {
      const data = new DataTransfer();
      data.setData('text/plain', 'a line of a log\n'.repeat(640_000));
      one.dispatchEvent(
        new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }),
      );
    });
    await app.page.getByText('attached as pasted.txt').waitFor();
    await field.pressSequentially(' Please.');
    expect(await field.inputValue()).toBe('See the log. Please.');
    await app.page.getByText('10.2 MB', { exact: true }).waitFor();
    const begun = app.session.called.find((call) => call.name === 'attachment.begin');
    expect(begun?.input).toMatchObject({
      name: 'pasted.txt',
      mimeType: 'text/plain',
      bytes: 10_240_000,
    });
    await app.picture('composer-pasted');
    expect(await app.violations()).toEqual([]);
    expect(app.faults).toEqual([]);
    await app.close();
  });

  it('warns of what looks like a secret, and sends it only when one says so', async () => {
    const { app, field } = await openScout();
    await field.fill('ghp_abc');
    await field.press('Enter');
    await app.page.getByText('This looks like a secret').waitFor();
    expect(await field.inputValue()).toBe('ghp_abc');
    await app.picture('composer-secret');
    expect(await app.violations()).toEqual([]);
    await app.page.getByRole('button', { name: 'Send anyway' }).click();
    await app.page.getByText('This looks like a secret').waitFor({ state: 'detached' });
    expect(await field.inputValue()).toBe('');
    const sent = app.session.called.filter((call) => call.name === 'message.send');
    expect(sent.map(({ input }) => (input as { anyway: boolean }).anyway)).toEqual([false, true]);
    expect(app.faults).toEqual([]);
    await app.close();
  });

  it('makes a file of a huge text that came into the field another way', async () => {
    const { app, field } = await openScout();
    await field.fill('x'.repeat(1_000_000));
    await app.page.getByText('attached as pasted.txt').waitFor();
    expect(await field.inputValue()).toBe('');
    await app.page.getByText('1.0 MB', { exact: true }).waitFor();
    expect(app.faults).toEqual([]);
    await app.close();
  });

  it('shows where files may be dropped, and leaves a short dropped text to the field', async () => {
    const { app } = await openScout();
    const composer = app.page.locator('.composer');
    const drag = (type: string, file: boolean) =>
      composer.evaluate(
        (one, given) => {
          const data = new DataTransfer();
          if (given.file) data.items.add(new File(['hello'], 'a\u202Eb.txt'));
          else data.setData('text/plain', 'short');
          const event = new DragEvent(given.type, {
            dataTransfer: data,
            bubbles: true,
            cancelable: true,
          });
          one.querySelector('textarea')?.dispatchEvent(event);
          return event.defaultPrevented;
        },
        { type, file },
      );
    await drag('dragover', true);
    await app.page.locator('.composer--dragged').waitFor();
    await app.picture('composer-dragged');
    expect(await drag('drop', true)).toBe(true);
    await app.page.locator('.composer--dragged').waitFor({ state: 'detached' });
    await app.page.getByRole('button', { name: 'Remove ab.txt' }).waitFor();
    expect(await drag('drop', false)).toBe(false);
    expect(app.faults).toEqual([]);
    await app.close();
  });

  it('shows a small picture of what one sent, and none of what others sent', async () => {
    const world = fewWorld();
    const thread = seedThread(world, 54, ids.peer(4), 'Pictures', { lastMessageAt: NOW });
    const png = (number: number) => ({
      attachments: [
        { id: ids.attachment(number), name: 'dot.png', mimeType: 'image/png', bytes: 70 },
      ],
    });
    weWrote(world, thread, NOW - 9_000, 'Ours', png(80));
    theyWrote(world, thread, NOW - 8_000, 'Home', 'Theirs', png(81));
    const app = await MockApp.open(browser, world);
    await app.page.getByRole('option', { name: /^Home server/ }).click();
    await app.page.locator('.mine .chip__image img').waitFor();
    expect(await app.page.locator('.theirs img').count()).toBe(0);
    await app.picture('sent-image');
    expect(await app.violations()).toEqual([]);
    expect(app.faults).toEqual([]);
    await app.close();
  });
});
