/**
 * The canary run: fake secrets go through every flow that there is, and are then looked for where none
 * may be. Every issue that adds a flow adds it here (docs/testing.md). On the stand-in, not on Electron.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { calls } from '../../electron/contract/index.ts';
import { FakeGateway } from '../fakes/gateway/fake-gateway.ts';
import {
  descendants,
  filesWithSecrets,
  openToOthers,
  processesWithSecrets,
  textsWithSecrets,
} from '../journeys/canary.ts';
import { call, heard, listenIn } from './parts/calls.ts';
import { describeStandIn } from './parts/require.ts';
import { type StandInApp, standIn } from './parts/stand-in-driver.ts';

/** Of no shape that a redactor could know. */
const canary = (): string => randomBytes(18).toString('hex');

await describeStandIn('the canary run', () => {
  const home = mkdtempSync(join(tmpdir(), 'peerage-canary-'));
  const folder = mkdtempSync(join(tmpdir(), 'peerage-canary-out-'));
  const secrets = { right: canary(), wrong: canary(), password: canary(), removed: canary() };
  const all = Object.values(secrets);
  const screens: string[] = [];
  const frames: string[] = [];
  const texts: string[] = [];
  let gateway: FakeGateway;
  let app: StandInApp;
  let page: Page;
  let peerId = '';

  const link = (kind: 'token' | 'password', value: string) => ({
    kind: 'gateway',
    url: gateway.url,
    credential: { kind, value },
    agentId: null,
    sessionKey: null,
  });
  const state = async (): Promise<string> => {
    const answer = await call(page, 'peer.list', {});
    const { peers } = (answer?.value ?? { peers: [] }) as {
      peers: { id: string; status: string }[];
    };
    return peers.find((peer) => peer.id === peerId)?.status ?? 'gone';
  };
  /** What a screenshot would show, and what is in the fields. */
  const shoot = async (): Promise<void> => {
    screens.push(
      await page.evaluate(() =>
        [
          document.body.textContent,
          ...[...document.querySelectorAll('input,textarea')]
            .filter((field) => field.getAttribute('type') !== 'password')
            .map((field) => (field as HTMLInputElement).value),
        ].join('\n'),
      ),
    );
  };

  beforeAll(async () => {
    gateway = await FakeGateway.start({ auth: { mode: 'token', secret: secrets.right } });
    app = await standIn.start(['--home', home], { PEERAGE_LOG: '1' });
    page = await app.page();
    await page.getByText('Welcome to Peerage').waitFor();
    await listenIn(page);
    expect(await call(page, 'secrets.useSession', {})).toMatchObject({ ok: true });
  });
  afterAll(async () => {
    await app.kill();
    await gateway.stop();
    for (const made of [home, folder]) rmSync(made, { recursive: true, force: true });
  });

  test('through: trying, adding, typing, changing and removing peers', async () => {
    await call(page, 'link.probe', {
      url: gateway.url,
      credential: { kind: 'token', value: secrets.wrong },
    });
    await call(page, 'link.probe', {
      url: 'nonsense',
      credential: { kind: 'password', value: secrets.password },
    });
    const added = await call(page, 'peer.add', {
      name: 'canary',
      link: link('token', secrets.right),
    });
    peerId = (added?.value as { peerId: string } | undefined)?.peerId ?? '';
    await expect.poll(state, { timeout: 15_000 }).toBe('up');
    await page
      .getByRole('button', { name: /connect a peer/i })
      .first()
      .click();
    await page.getByLabel('Address').fill(gateway.url);
    await page.getByLabel('Token', { exact: true }).fill(secrets.removed);
    await shoot();
    await page.keyboard.press('Escape');
    const other = await call(page, 'peer.add', {
      name: 'other',
      link: link('password', secrets.password),
    });
    const otherId = (other?.value as { peerId: string } | undefined)?.peerId ?? '';
    await call(page, 'peer.remove', { peerId: otherId });
    await shoot();
  });

  test('through: what the app refuses, with a secret where none belongs', async () => {
    for (const name of Object.keys(calls)) {
      if (name === 'app.show') continue;
      await call(page, name, { [secrets.wrong]: secrets.wrong, text: { secret: secrets.wrong } });
    }
    await page.evaluate((secret) => {
      window.peerage?.send({ v: 1, id: '', kind: 'result', name: secret, body: secret });
    }, secrets.wrong);
  });

  test('through: reports, a notification, a crash of the page, a second start', async () => {
    const opened = await call(page, 'peer.open', { peerId });
    const { detail } = (opened?.value ?? {}) as { detail: { links: { id: string }[] } };
    const linkId = detail.links[0]?.id ?? '';
    for (const [name, input] of [
      ['app.about', {}],
      ['health.check', { linkId }],
      ['health.report', { linkId }],
      ['notice.list', {}],
    ] as const) {
      texts.push(JSON.stringify(await call(page, name, input)));
    }
    const saved = join(folder, 'diagnostics.txt');
    await app.ask('personAnswers', 0, saved);
    await app.ask('clickApplicationMenu', 'Help', 'Diagnostics…');
    await expect.poll(() => existsSync(saved), { timeout: 10_000 }).toBe(true);
    const bundle = readFileSync(saved, 'utf8');
    expect(bundle).toContain('## Log');
    expect(bundle).not.toContain('canary');
    texts.push(bundle, JSON.stringify(await app.ask('personSaw')));
    texts.push((await standIn.startAgain(['--home', home])).output);
    frames.push(...(await heard(page)));
    await page.goto('chrome://crash').catch(() => {});
    await expect.poll(async () => (await app.page()) !== page, { timeout: 15_000 }).toBe(true);
    page = await app.page();
    await page.getByText('canary').first().waitFor();
    await shoot();
    texts.push(JSON.stringify(await app.look()));
  });

  describe('found', () => {
    test('in no process: arguments and environment', () => {
      const pid = app.child.pid ?? 0;
      expect(descendants(pid).length).toBeGreaterThan(0);
      expect(processesWithSecrets([pid, ...descendants(pid)], all)).toEqual([]);
    });

    test('in no frame to the window, and on no screen', () => {
      expect(frames.length).toBeGreaterThan(20);
      expect(textsWithSecrets(frames, all)).toEqual([]);
      expect(textsWithSecrets(screens, all)).toEqual([]);
    });

    test('in no report, notification or line on the terminal', () => {
      expect(textsWithSecrets([...texts, app.output()], all)).toEqual([]);
    });

    test('in no file of the home, while it runs and after it ended', async () => {
      expect(filesWithSecrets(home, all)).toEqual([]);
      await app.clickMenu('Quit Peerage');
      expect(await app.ended).toBe(0);
      expect(filesWithSecrets(home, all)).toEqual([]);
      expect(openToOthers(home)).toEqual([]);
    });
  });
});
