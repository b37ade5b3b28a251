import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, launchBrowser, MockApp, type MockOptions } from './mock/mock-app.ts';
import { shelfOf } from './mock/relay-handlers.ts';
import { fewWorld } from './mock/seeds.ts';
import type { World } from './mock/world.ts';
import { shared, team } from './parts/relay-worlds.ts';

const path = chromiumPath();
/** A PNG of one colour, 180 by 120. */
function picture(...colour: readonly [number, number, number]): Buffer {
  const [width, height] = [180, 120];
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const size = Buffer.alloc(4);
    size.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([size, body, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const line = Buffer.from([0, ...Array.from({ length: width }, () => colour).flat()]);
  const pixels = Buffer.concat(Array.from({ length: height }, () => line));
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

describe.skipIf(!path)('files of this machine, shared over a relay', () => {
  let browser: Browser;
  let folder: string;
  beforeAll(async () => {
    browser = await launchBrowser(path ?? '');
    folder = mkdtempSync(join(tmpdir(), 'peerage-drop-'));
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const file = (name: string, content: string | Buffer): string => {
    const whole = join(folder, name);
    writeFileSync(whole, content);
    return whole;
  };
  const open = async (
    work: (app: MockApp) => Promise<void>,
    world: World,
    options: MockOptions = {},
  ) => {
    const app = await MockApp.open(browser, world, options);
    try {
      await app.page.getByRole('button', { name: 'This machine' }).click();
      await app.page.getByRole('menuitem', { name: 'Shared files' }).click();
      await app.page.getByText('Drop files here').waitFor();
      await work(app);
      expect(await app.violations()).toEqual([]);
      expect(app.faults).toEqual([]);
    } finally {
      await app.close();
    }
  };

  /** What Chromium does when files of the disk are dragged in and let go: real events, real files. */
  const drag = async (app: MockApp, selector: string, files: readonly string[]) => {
    const box = await app.page.locator(selector).boundingBox();
    if (!box) throw new Error(`${selector} is not shown`);
    const devtools = await app.page.context().newCDPSession(app.page);
    const over = async (type: 'dragEnter' | 'dragOver' | 'drop') =>
      devtools.send('Input.dispatchDragEvent', {
        type,
        x: box.x + box.width / 2,
        y: box.y + 8,
        data: { items: [], files: [...files], dragOperationsMask: 1 },
      });
    await over('dragEnter');
    await over('dragOver');
    return { drop: () => over('drop') };
  };
  const ZONE = '.files__drop';
  const put = (app: MockApp) =>
    app.session.called
      .filter(({ name }) => name === 'files.put')
      .map(({ input }) => (input as { key: string }).key);

  it('are taken where they are dropped, and the place says that it takes them', () =>
    open(async (app) => {
      const { drop } = await drag(app, ZONE, [file('new.txt', 'fresh\n')]);
      await app.page.locator('.files__drop--over').waitFor();
      await app.picture('files-drop-over');
      await drop();
      await app.page.getByText('new.txt is shared, version 1').waitFor();
      await app.page.getByRole('button', { name: /^new\.txt/ }).waitFor();
      await app.page.locator('.files__drop--over').waitFor({ state: 'detached' });
      expect(shelfOf(app.world).files.get('new.txt')?.[0]).toMatchObject({
        content: 'fresh\n',
        type: 'text',
      });
    }, team(fewWorld())));

  it('are not opened in place of the window where they fall beside it', () =>
    open(async (app) => {
      // Left alone, Chromium opens what is dropped.
      await app.page.evaluate(() => {
        addEventListener('dragover', (event) => {
          const { dropEffect } = event.dataTransfer ?? {};
          document.body.dataset.over = `${event.defaultPrevented} ${dropEffect}`;
        });
      });
      const { drop } = await drag(app, '.page__bar', [file('beside.html', '<h1>not here</h1>')]);
      await drop();
      const over = () => app.page.evaluate(() => document.body.dataset.over);
      await expect.poll(over).toBe('true none');
      await app.page.getByText('Drop files here').waitFor();
      expect(app.page.context().pages()).toHaveLength(1);
      expect(put(app)).toEqual([]);
    }, team(fewWorld())));

  it('are all shared, also those behind one that somebody else had already', () =>
    open(
      async (app) => {
        const files = ['a.txt', 'plan.txt', 'b.txt'].map((name) => file(name, `mine: ${name}\n`));
        const { drop } = await drag(app, ZONE, files);
        await drop();
        await app.page.getByText('There is a file “plan.txt” already').waitFor();
        await app.page.getByText('1 more file waiting for what you decide below').waitFor();
        await app.picture('files-drop-conflict');
        expect(await app.violations()).toEqual([]);
        await app.page.getByRole('button', { name: 'Keep both' }).click();
        await app.page.getByText('b.txt is shared, version 1').waitFor();
        expect(put(app)).toEqual(['a.txt', 'plan.txt', 'plan (beside 1).txt', 'b.txt']);
        expect(shelfOf(app.world).files.get('plan.txt')).toHaveLength(1);
      },
      shared(team(fewWorld()), { key: 'plan.txt', type: 'text', content: 'one\n' }),
    ));

  it('are told apart: what cannot be shared says why, and the others go', () =>
    open(async (app) => {
      mkdirSync(join(folder, 'a folder'), { recursive: true });
      const files = [
        file('huge.bin', Buffer.alloc(1_048_577)),
        join(folder, 'a folder'),
        file('good.txt', 'good\n'),
      ];
      const { drop } = await drag(app, ZONE, files);
      await drop();
      await app.page.getByText('good.txt is shared, version 1').waitFor();
      await app.page.getByText('It is larger than the relay takes').waitFor();
      await app.page.getByText('This file cannot be read').waitFor();
      await app.picture('files-drop-refused');
      // What is too large is not even read.
      expect(put(app)).toEqual(['good.txt']);
    }, team(fewWorld())));

  it('are held back where one looks like a secret, until the person says to share it anyway', () =>
    open(async (app) => {
      const files = [file('env.txt', 'TOKEN=ghp_abc\n'), file('good.txt', 'good\n')];
      await app.page.locator('input[type=file]').setInputFiles(files);
      await app.page.getByText('good.txt is shared, version 1').waitFor();
      await app.page.getByText('This looks like a secret').waitFor();
      await app.page.getByText('GitHub token on line 1 of “env.txt”').waitFor();
      await app.picture('files-drop-secret');
      expect(await app.violations()).toEqual([]);
      expect(shelfOf(app.world).files.has('env.txt')).toBe(false);
      await app.page.getByRole('button', { name: 'Share anyway' }).click();
      await app.page.getByText('env.txt is shared, version 1').waitFor();
      await app.page.getByText('This looks like a secret').waitFor({ state: 'detached' });
      expect(shelfOf(app.world).files.get('env.txt')).toHaveLength(1);
    }, team(fewWorld())));

  it('are saved with what looks like a secret only when the person says so again', () =>
    open(
      async (app) => {
        await app.page.getByRole('button', { name: /plan\.txt/ }).click();
        await app.page.getByRole('button', { name: 'Change', exact: true }).click();
        await app.page.getByLabel('Text of plan.txt').fill('one\nTOKEN=ghp_abc\n');
        await app.page.getByRole('button', { name: 'Save for everybody', exact: true }).click();
        await app.page.getByText('GitHub token on line 1 of “plan.txt”').waitFor();
        expect(shelfOf(app.world).files.get('plan.txt')).toHaveLength(1);
        await app.page.getByRole('button', { name: 'Save for everybody anyway' }).click();
        await app.page.getByText('Saved as version 2').waitFor();
      },
      shared(team(fewWorld()), { key: 'plan.txt', type: 'text', content: 'one\n' }),
    ));

  it('leads to the file that was kept beside the other', () =>
    open(
      async (app) => {
        await app.page.locator('input[type=file]').setInputFiles([file('plan.txt', 'mine\n')]);
        await app.page.getByText('There is a file “plan.txt” already').waitFor();
        await app.page.getByRole('button', { name: 'Leave theirs' }).click();
        await app.page
          .getByText('There is a file “plan.txt” already')
          .waitFor({ state: 'detached' });
        await app.page.locator('input[type=file]').setInputFiles([file('plan.txt', 'mine\n')]);
        await app.page.getByRole('button', { name: 'Keep both' }).click();
        await app.page.getByRole('heading', { name: 'plan (beside 1).txt' }).waitFor();
      },
      shared(team(fewWorld()), { key: 'plan.txt', type: 'text', content: 'one\n' }),
    ));

  describe.each([
    ['light', {}],
    ['dark', { dark: true }],
    ['narrow', { width: 400, height: 800 }],
  ] as const)('a conflict, %s', (name, options) => {
    const before = 'Goals\n\n- one release a month\n- fewer pages at night\n\nOwner: Ada\n';
    it('shows what they wrote against what we wrote, and merges', () =>
      open(
        async (app) => {
          await app.page.getByRole('button', { name: /plan\.txt/ }).click();
          await app.page.getByRole('button', { name: 'Change', exact: true }).click();
          await app.page
            .getByLabel('Text of plan.txt')
            .fill(before.replace('Owner: Ada', 'Owner: Ada and Bea'));
          shared(app.world, {
            key: 'plan.txt',
            type: 'text',
            version: 2,
            content: before.replace('a month', 'every two weeks'),
          });
          await app.page.getByRole('button', { name: 'Save for everybody' }).click();
          await app.page.getByText('Bea saved version 2 since you loaded it').waitFor();
          await app.page.getByRole('button', { name: 'Overwrite theirs' }).scrollIntoViewIfNeeded();
          await app.picture(`files-conflict-${name}`);
          expect(await app.violations()).toEqual([]);
          await app.page.getByRole('button', { name: 'Merge', exact: true }).click();
          await app.page.getByRole('button', { name: 'Save for everybody' }).click();
          await app.page.getByText('Saved as version 3').waitFor();
        },
        shared(team(fewWorld()), { key: 'plan.txt', type: 'text', content: before }),
        options,
      ));

    it('shows both of two pictures', () =>
      open(
        async (app) => {
          const ours = file('logo.png', picture(40, 90, 200));
          await app.page.locator('input[type=file]').setInputFiles([ours]);
          await app.page.getByRole('img', { name: 'Yours' }).waitFor();
          await app.page.getByRole('img', { name: 'Theirs' }).waitFor();
          await app.picture(`files-conflict-picture-${name}`);
          expect(await app.violations()).toEqual([]);
          await app.page.getByRole('button', { name: 'Overwrite theirs' }).click();
          await app.page.getByText('Version 2, saved by You').waitFor();
        },
        shared(team(fewWorld()), {
          key: 'logo.png',
          type: 'image/png;base64',
          content: picture(200, 120, 40).toString('base64'),
        }),
        options,
      ));
  });
});
