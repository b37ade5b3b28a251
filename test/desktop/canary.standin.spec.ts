/**
 * The canary run: fake secrets go through every flow that there is, and are then looked for where none
 * may be. Every issue that adds a flow adds it here (docs/testing.md). On the stand-in, not on Electron.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
import { freePort } from '../real/parts/process.ts';
import { call, heard, listenIn, seenOn } from './parts/calls.ts';
import {
  changeToken,
  giveOut,
  inviteAndCancel,
  offerKeys,
  takeOver,
} from './parts/canary-flows.ts';
import { meetAndWork } from './parts/canary-invite.ts';
import { describeStandIn } from './parts/require.ts';
import { type StandInApp, standIn } from './parts/stand-in-driver.ts';

/** Of no shape that a redactor could know. */
const canary = (): string => randomBytes(18).toString('hex');
/** What a person might paste into a message: no secret of the app's own, and known by its shape alone. */
const shaped = [
  `tskey-auth-k${randomBytes(6).toString('hex')}CNTRL-${randomBytes(12).toString('hex')}`,
  `eyJ${randomBytes(30).toString('base64url')}.${randomBytes(30).toString('base64url')}`,
  randomBytes(32).toString('base64url'),
];
/** The same, in a draft that nobody sent yet. */
const drafted = `tskey-auth-k${randomBytes(6).toString('hex')}CNTRL-${randomBytes(12).toString('hex')}`;

await describeStandIn('the canary run', () => {
  const home = mkdtempSync(join(tmpdir(), 'peerage-canary-'));
  const folder = mkdtempSync(join(tmpdir(), 'peerage-canary-out-'));
  const secrets = {
    ...{ right: canary(), wrong: canary(), password: canary(), removed: canary() },
    // In a folder that was mounted for a pod, and named by a configuration file.
    ...{ mounted: canary(), inConfig: canary() },
    // Of the relay that this app is for a while.
    ...{ relay: canary() },
    ...{ changed: canary(), imported: canary(), joining: `tskey-auth-${canary()}-${canary()}` },
  };
  const all: string[] = Object.values(secrets);
  const screens: string[] = [];
  const frames: string[] = [];
  const texts: string[] = [];
  let gateway: FakeGateway;
  let app: StandInApp;
  let page: Page;
  let [peerId, invited] = ['', ''];

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
  const shoot = async (): Promise<void> => {
    screens.push(await seenOn(page));
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
    await expect.poll(state).toBe('up');
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
    // One of them takes no input and began the setup anew; a person would leave it now.
    await call(page, 'setup.update', { changes: { open: false } });
    await page.evaluate((secret) => {
      window.peerage?.send({ v: 1, id: '', kind: 'result', name: secret, body: secret });
    }, secrets.wrong);
  });

  test('through: another token, files to import, keys to join with, an invite, an export', async () => {
    const opened = await call(page, 'peer.open', { peerId });
    const { detail } = (opened?.value ?? {}) as { detail: { links: { id: string }[] } };
    await changeToken(page, detail.links[0]?.id ?? '', [secrets.changed, secrets.right]);
    await expect.poll(state).toBe('up');
    await takeOver(page, folder, secrets.imported);
    await offerKeys(page, [secrets.joining, secrets.wrong]);
    invited = await inviteAndCancel(page);
    texts.push(await giveOut(page));
  });

  test('through: an invite redeemed, work for the other side and from it, and the end of it', async () => {
    all.push(...(await meetAndWork(page, gateway, canary())));
    await shoot();
  });

  test('through: a relay that is started, asked with a right and a wrong token, and stopped', async () => {
    const port = await freePort();
    const config = { host: '127.0.0.1', port, encryption: 'both', announce: false, memory: false };
    const started = await call(page, 'relayServer.start', { config, token: secrets.relay });
    expect(started).toMatchObject({ ok: true, value: { hasToken: true } });
    const ask = async (token: string, query = '') =>
      (
        await fetch(`http://127.0.0.1:${port}/discover${query}`, {
          headers: token === '' ? {} : { Authorization: `Bearer ${token}` },
        })
      ).status;
    expect([await ask(secrets.relay), await ask('', `?token=${secrets.relay}`)]).toEqual([
      200, 200,
    ]);
    expect(await ask(secrets.wrong)).toBe(401);
    texts.push(JSON.stringify(await call(page, 'relayServer.view', {})));
    expect(await call(page, 'relayServer.stop', {})).toMatchObject({ value: { running: null } });
  });

  test('through: messages and files in which there is what looks like a token', async () => {
    const made = await call(page, 'thread.create', {
      peerId,
      linkId: null,
      title: '',
      agentId: null,
    });
    const { threadId = '' } = (made?.value ?? {}) as { threadId?: string };
    const draft = { threadId, text: `not yet:\n${drafted}\n`, revision: 0 };
    expect(await call(page, 'thread.saveDraft', draft)).toMatchObject({ ok: true });
    texts.push(await giveOut(page));
    const data = Buffer.from(shaped.join('\n'));
    const begun = await call(page, 'attachment.begin', {
      ...{ threadId, name: `${shaped[0]}.txt`, mimeType: 'text/plain', bytes: data.length },
    });
    const { attachmentId = '' } = (begun?.value ?? {}) as { attachmentId?: string };
    const piece = { attachmentId, offset: 0, data: data.toString('base64') };
    expect(await call(page, 'attachment.append', piece)).toMatchObject({ ok: true });
    // One whose file was only begun is refused, and so is a piece that does not fit.
    await call(page, 'attachment.append', { ...piece, offset: 7_000_000 });
    const text = `use these: ${shaped.join(' ')}`;
    const message = { threadId, text, kind: 'message', attachmentIds: [attachmentId] };
    // What looks like a secret goes only where the person says so once more.
    expect(await call(page, 'message.send', message)).toMatchObject({ ok: false });
    const anyway = { ...message, anyway: true };
    expect(await call(page, 'message.send', anyway)).toMatchObject({ ok: true });
    await expect
      .poll(async () => JSON.stringify(await call(page, 'thread.open', { threadId, around: null })))
      .toContain('"answered"');
    await call(page, 'message.send', { ...message, threadId: shaped[2], attachmentIds: [] });
  });

  test('through: reports, a notification, a crash of the page, a second start', async () => {
    const opened = await call(page, 'peer.open', { peerId });
    const { detail } = (opened?.value ?? {}) as { detail: { links: { id: string }[] } };
    const linkId = detail.links[0]?.id ?? '';
    for (const [name, input] of [
      ['app.about', {}],
      ['health.check', { linkId }],
      ['health.report', { linkId }],
    ] as const) {
      texts.push(JSON.stringify(await call(page, name, input)));
    }
    // What a peer wrote stands in a notice.
    frames.push(JSON.stringify(await call(page, 'notice.list', {})));
    const saved = join(folder, 'diagnostics.txt');
    await app.ask('personAnswers', 0, saved);
    await app.ask('clickApplicationMenu', 'Help', 'Diagnostics…');
    await expect.poll(() => existsSync(saved)).toBe(true);
    const bundle = readFileSync(saved, 'utf8');
    expect(bundle).toContain('## Log');
    expect(bundle).not.toContain('canary');
    texts.push(bundle, JSON.stringify(await app.ask('personSaw')));
    texts.push((await standIn.startAgain(['--home', home])).output);
    frames.push(...(await heard(page)));
    await page.goto('chrome://crash').catch(() => {});
    await expect.poll(async () => (await app.page()) !== page).toBe(true);
    page = await app.page();
    await page.getByText('canary').first().waitFor();
    await shoot();
    // Tray and notifications: the words of a peer are shown there.
    screens.push(JSON.stringify(await app.look()));
  });

  test('through: a configuration file and a mounted folder, and what is wrong with both', async () => {
    const mounted = join(folder, 'secrets');
    mkdirSync(mounted, { mode: 0o700 });
    writeFileSync(join(mounted, 'ada.token'), `${secrets.mounted}\n`, { mode: 0o600 });
    const links = [{ url: gateway.url, secretRef: 'ada' }];
    const start = async (peers: object[], until: (pod: StandInApp) => Promise<unknown>) => {
      const elsewhere = mkdtempSync(join(tmpdir(), 'peerage-canary-pod-'));
      const file = join(folder, 'peers.json');
      writeFileSync(file, JSON.stringify({ version: 1, peers }), { mode: 0o600 });
      const given = ['--home', elsewhere, '--config', file, '--secrets', mounted, '--hidden'];
      const pod = await standIn.start(given, { PEERAGE_LOG: '1' });
      await until(pod);
      const pid = pod.child.pid ?? 0;
      expect(processesWithSecrets([pid, ...descendants(pid)], all)).toEqual([]);
      await pod.kill();
      texts.push(pod.output());
      expect(filesWithSecrets(elsewhere, all)).toEqual([]);
      rmSync(elsewhere, { recursive: true, force: true });
    };
    const shown = (): boolean => JSON.stringify(gateway.requests).includes(secrets.mounted);
    await start([{ id: 'ada', name: 'Ada', links }], () => expect.poll(shown).toBe(true));
    // A secret where none belongs is refused, and not repeated in the refusal.
    const wrong = [{ ...links[0], token: secrets.inConfig }];
    await start([{ id: 'ada', name: 'Ada', links: wrong }], async (pod) => {
      expect(await pod.ended).toBe(1);
      expect(pod.output()).toContain('peers.json');
    });
  });

  test('through: a fault of ours that nobody caught, which knows a secret', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'peerage-canary-fault-'));
    const falling = await standIn.start(['--home', elsewhere]);
    const shown = await falling.page();
    await shown.getByText('Welcome to Peerage').waitFor();
    await call(shown, 'secrets.useSession', {});
    const credential = { kind: 'token', value: secrets.right };
    expect(await call(shown, 'link.probe', { url: gateway.url, credential })).toMatchObject({
      ok: true,
    });
    await falling.ask('fault', `${secrets.right} and ${shaped.join(' and ')}`);
    expect(await falling.ended).toBe(1);
    expect(falling.output()).toMatch(/because of a fault of its own:\nError: a fault with •••/);
    expect(readFileSync(join(elsewhere, 'logs/peerage.log'), 'utf8')).toContain('a cause with •••');
    texts.push(falling.output());
    expect(filesWithSecrets(elsewhere, [...all, ...shaped])).toEqual([]);
    rmSync(elsewhere, { recursive: true, force: true });
  });

  describe('found', () => {
    test('in no process: arguments and environment', () => {
      const pid = app.child.pid ?? 0;
      expect(descendants(pid).length).toBeGreaterThan(0);
      expect(processesWithSecrets([pid, ...descendants(pid)], [...all, ...shaped])).toEqual([]);
    });

    test('in no frame to the window, and on no screen', () => {
      expect(frames.length).toBeGreaterThan(20);
      expect(textsWithSecrets(frames, all)).toEqual([]);
      expect(textsWithSecrets(screens, all)).toEqual([]);
    });

    test('in no report, notification or line on the terminal', () => {
      const known = [...all, ...shaped, drafted];
      expect(textsWithSecrets([...texts, app.output()], known)).toEqual([]);
    });

    test('in no file of the home, while it runs and after it ended', async () => {
      expect(invited.length).toBeGreaterThan(40);
      expect(filesWithSecrets(home, [...all, invited, drafted])).toEqual([]);
      expect(filesWithSecrets(home, ['not yet:'])).not.toEqual([]);
      // What a person wrote is kept with the messages, which shows that the search sees it, and nowhere else.
      for (const word of shaped) {
        expect(filesWithSecrets(join(home, 'logs'), [word])).toEqual([]);
        expect(filesWithSecrets(home, [word])).not.toEqual([]);
        expect(textsWithSecrets(frames, [word])).not.toEqual([]);
      }
      await app.clickMenu('Quit Peerage');
      expect(await app.ended).toBe(0);
      expect(filesWithSecrets(home, all)).toEqual([]);
      expect(openToOthers(home)).toEqual([]);
    });
  });
});
