import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appError, type SetupStep } from '../../electron/contract/index.ts';
import { ids } from './mock/ids.ts';
import { chromiumPath, launchBrowser, MockApp, type MockOptions } from './mock/mock-app.ts';
import { emptyWorld, fewWorld } from './mock/seeds.ts';
import { labOf } from './mock/setup-handlers.ts';
import { comparing, invite, REQUEST, tailnets, WORDS } from './mock/setup-lab.ts';
import type { World } from './mock/world.ts';

const path = chromiumPath();
if (!path && process.env.PEERAGE_REQUIRE?.split(',').includes('chromium')) {
  throw new Error('chromium is required and is not here');
}

/** A world without peers whose setup stands at a step. */
const at =
  (step: SetupStep, tailnet: World['tailnet'] = tailnets.running) =>
  (): World => {
    const world = emptyWorld();
    world.tailnet = tailnet;
    world.app = { ...world.app, setup: { ...world.app.setup, open: true, step } };
    return world;
  };

/** A world with peers, one of which is being set up. */
const withPeer = (step: SetupStep, whose: 'mine' | 'theirs', number: number) => (): World => {
  const world = fewWorld();
  world.tailnet = tailnets.running;
  const peerId = ids.peer(number);
  const peer = { whose, name: 'Peer', address: null, inviteId: null, peerId };
  world.app = { ...world.app, setup: { ...world.app.setup, open: true, step, peer } };
  return world;
};

describe.skipIf(!path)('the setup over a mock app', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(path ?? '');
  });
  afterAll(async () => {
    await browser?.close();
  });

  const button = (app: MockApp, name: string | RegExp) =>
    app.page.getByRole('button', { name, exact: true });
  const text = (app: MockApp, words: string | RegExp) => app.page.getByText(words).first();
  const called = (app: MockApp, name: string) =>
    app.session.called.filter((one) => one.name === name).map((one) => one.input);

  const open = async (
    world: () => World,
    work: (app: MockApp) => Promise<void>,
    options: MockOptions = {},
  ) => {
    const app = await MockApp.open(browser, world(), options);
    try {
      await work(app);
      expect(app.faults).toEqual([]);
    } finally {
      await app.close();
    }
  };

  const makeInvite = async (app: MockApp) => {
    await app.page.getByRole('button', { name: /ben-mini/ }).click();
    await button(app, 'Make an invite').click();
    await app.page.getByRole('img', { name: 'The invite as a QR code' }).waitFor();
  };
  const compareWords = async (app: MockApp) => {
    await makeInvite(app);
    app.world.putInvite(comparing());
    await text(app, 'Do you both see these six words?').waitFor();
  };

  it('goes on at the step where the app was stopped, and remembers each step', () =>
    open(at('gateway'), async (app) => {
      await app.page.getByRole('heading', { name: 'Is your own gateway there?' }).waitFor();
      await button(app, 'Back').click();
      await text(app, 'Is this machine in your tailnet?').waitFor();
      expect(called(app, 'setup.update').at(-1)).toEqual({ changes: { step: 'tailnet' } });
    }));

  it('offers what was left out again, and never hides a step', () =>
    open(at('tailscale', tailnets.missing), async (app) => {
      await button(app, 'Go on without Tailscale').click();
      await app.page.getByRole('button', { name: /Tailscale.*Left out/ }).waitFor();
      await app.page.getByRole('button', { name: /Prove it/ }).click();
      await text(app, 'Does a message come back?').waitFor();
    }));

  it('sends an auth key once, and forgets what was typed', () =>
    open(at('tailnet', tailnets.login), async (app) => {
      await app.page.getByRole('radio', { name: 'With an auth key' }).click();
      await app.page.getByLabel('Auth key').fill('tskey-api-abc');
      await button(app, 'Join with this key').click();
      await text(app, 'setup.join_api_key').waitFor();
      await app.page.getByLabel('Auth key').fill('tskey-auth-abc');
      await button(app, 'Join with this key').click();
      await text(app, 'Waiting for your login').waitFor();
      await button(app, 'Stop waiting').click();
      expect(await app.page.getByLabel('Auth key').inputValue()).toBe('');
    }));

  it('changes nothing at the gateway before the difference was shown', () =>
    open(at('bind'), async (app) => {
      await button(app, 'Show what changes').click();
      await text(app, 'gateway.bind').waitFor();
      expect(called(app, 'ownGateway.applyBind')).toEqual([]);
      await button(app, 'Change it').click();
      await text(app, 'Connecting to each address of this machine').waitFor();
      expect(called(app, 'ownGateway.applyBind')).toEqual([{ planId: 'plan-1' }]);
    }));

  /** Nothing of it is below the bar of buttons, or above the window. */
  const standsAboveButtons = async (app: MockApp, what: Locator) => {
    const box = await what.boundingBox();
    const foot = await app.page.locator('.step__foot').boundingBox();
    expect(Math.round((box?.y ?? 0) + (box?.height ?? 0))).toBeLessThanOrEqual(
      Math.round(foot?.y ?? 0),
    );
    expect(box?.y).toBeGreaterThan(0);
  };

  it.each([
    [1280, 800],
    [400, 760],
  ])('brings what would change into view, whole, in a window of %i × %i', (width, height) =>
    open(
      at('bind'),
      async (app) => {
        await button(app, 'Show what changes').click();
        await text(app, 'gateway.bind').waitFor();
        await standsAboveButtons(app, app.page.locator('.plan > :last-child'));
      },
      { width, height },
    ),
  );

  it.each([
    [1280, 800],
    [640, 400],
  ])('brings a failure into view, far from its button, in a window of %i × %i', (width, height) =>
    open(
      () => {
        const world = at('bind')();
        labOf(world).noPlan = appError('own_gateway.no_answer', 'It did not answer.');
        return world;
      },
      async (app) => {
        await button(app, 'Show what changes').click();
        await text(app, 'own_gateway.no_answer').waitFor();
        await standsAboveButtons(app, app.page.getByText('own_gateway.no_answer'));
      },
      { width, height },
    ),
  );

  it('asks anew whose machine it is with each one that is picked', () =>
    open(at('peer'), async (app) => {
      const machine = (name: string) => app.page.getByRole('button', { name: new RegExp(name) });
      const whose = (name: string) => app.page.getByRole('radio', { name: new RegExp(name) });
      await machine('studio').first().click();
      await expect.poll(() => whose('^Mine').isChecked()).toBe(true);
      await machine('ben-mini').first().click();
      await expect.poll(() => whose('^Someone else').isChecked()).toBe(true);
    }));

  it.each([
    ['loopback', 1],
    ['tailnet', 0],
  ] as const)('says of an invite whether it leads here from another machine (%s)', (listen, said) =>
    open(
      () => {
        const world = at('peer')();
        world.app = { ...world.app, reception: { ...world.app.reception, listen } };
        return world;
      },
      async (app) => {
        await makeInvite(app);
        expect(await app.page.getByText('This invite works on this machine only').count()).toBe(
          said,
        );
      },
    ),
  );

  it('puts the focus on the safe button where words are compared', () =>
    open(at('peer'), async (app) => {
      await compareWords(app);
      const focused = app.page.locator(':focus');
      expect(await focused.textContent()).toContain('They differ');
      await button(app, 'The words are the same').click();
      await text(app, 'Now the other side must agree too').waitFor();
    }));

  it('says of an invite that ended only what is known: words that differ are one of the ways', () =>
    open(at('peer'), async (app) => {
      await compareWords(app);
      const error = appError('invite.ended_there', 'It said no.');
      app.world.putInvite({ ...comparing(), state: 'rejected', error });
      await text(app, 'The other side ended the invite').waitFor();
      app.world.putInvite({ ...comparing(), state: 'rejected' });
      await text(app, 'You said that the words differ').waitFor();
      app.world.putInvite({ ...comparing(), state: 'cancelled' });
      await text(app, 'You stopped waiting').waitFor();
      app.world.putInvite({ ...comparing(), state: 'expired' });
      await text(app, 'Not both of you agreed in time').waitFor();
    }));

  it('lets a device in with exactly what was shown', () =>
    open(
      () => {
        const world = withPeer('approval', 'mine', 5)();
        world.gateway = {
          ...world.gateway,
          watch: { kind: 'on', since: 0 },
          pending: [REQUEST],
          pendingCount: 1,
        };
        return world;
      },
      async (app) => {
        await button(app, 'Let it in').click();
        await text(app, 'Nobody asks at the moment').waitFor();
        expect(called(app, 'ownGateway.approve')).toEqual([
          { requestId: 'request-1', scopes: ['operator.read', 'operator.write'] },
        ]);
      },
    ));

  it('tells what ends with a partnership, and what could not be done', () =>
    open(fewWorld, async (app) => {
      await app.page.getByRole('option', { name: /^Scout/ }).click();
      await button(app, 'End partnership').click();
      await text(app, 'Their token is revoked').waitFor();
      expect(await app.page.locator(':focus').textContent()).toBe('Keep it');
      expect(await app.page.getByRole('switch', { name: /Ada’s laptop/ }).isChecked()).toBe(true);
      expect(await app.page.getByRole('switch', { name: /Telephone/ }).isChecked()).toBe(false);
      expect(await app.violations()).toEqual([]);
      await app.picture('end-partnership');
      await button(app, 'End the partnership').click();
      await text(app, 'They could not be told').waitFor();
      expect(called(app, 'partnership.end')).toMatchObject([{ removeDevices: ['a'.repeat(64)] }]);
      await text(app, 'ada-laptop is shared with you').waitFor();
      await app.picture('end-partnership-done');
      expect(called(app, 'ownGateway.rotateToken')).toEqual([]);
      await button(app, 'Give it a new token').click();
      expect(called(app, 'ownGateway.rotateToken')).toHaveLength(1);
    }));

  it.each([
    ['light', {}],
    ['dark', { dark: true }],
    ['narrow', { width: 400 }],
  ] as const)('lets the machine of one’s own in, whose words were compared (%s)', (look, options) =>
    open(
      at('peer'),
      async (app) => {
        await makeInvite(app);
        const other = comparing().other;
        const gateway = { url: 'ws://100.64.0.1:18789', identity: null, tls: null };
        const words = [...WORDS];
        app.world.putInvite(invite({ for: 'mine', state: 'done', words, other, gateway }));
        await text(app, 'Its device now asks your gateway to be let in').waitFor();
        const asks = { ...REQUEST, fingerprint: other?.fingerprint ?? '' };
        app.world.changeGateway({
          watch: { kind: 'on', since: 0 },
          pending: [asks, { ...REQUEST, requestId: 'request-2', name: 'Stranger' }],
          pendingCount: 2,
        });
        const known = app.page.getByRole('article', { name: 'Request of Peerage on studio' });
        await known.getByText('whose six words you compared').waitFor();
        const stranger = app.page.getByRole('article', { name: 'Request of Stranger' });
        expect(await stranger.getByText('whose six words you compared').count()).toBe(0);
        expect(await app.violations()).toEqual([]);
        await app.picture(`invite-mine-${look}`);
        await known.getByRole('button', { name: 'Let it in' }).click();
        await button(app, 'Continue').click();
        await text(app, 'Has each side let the other in?').waitFor();
        await button(app, 'Continue').click();
      },
      options,
    ),
  );

  it('asks for a token only where the gateway over there gave no code', () =>
    open(at('peer'), async (app) => {
      await makeInvite(app);
      const gateway = { url: 'ws://100.64.0.4:18789', identity: null, tls: null };
      const redeemed = { for: 'mine', direction: 'redeemed', state: 'done', gateway } as const;
      app.world.putInvite(invite({ ...redeemed, peerId: ids.peer(2) }));
      await text(app, 'Say yes over there').waitFor();
      expect(await app.page.getByLabel('Token of the gateway over there').count()).toBe(0);
      app.world.putInvite(invite(redeemed));
      await app.page.getByLabel('Token of the gateway over there').waitFor();
    }));

  it('takes files from the system’s dialog and dropped ones, and of each only where it lies', () =>
    open(emptyWorld, async (app) => {
      await button(app, 'Take over peers from another tool').click();
      const file = (name: string, text = 'a token') => ({
        name,
        mimeType: 'text/plain',
        buffer: Buffer.from(text),
      });
      await app.page
        .getByLabel('Files to take peers over from')
        .setInputFiles([file('picked.md'), file('registry.json')]);
      await text(app, '/home/ada/picked.md').waitFor();
      const drop = (name: string, contents: string) =>
        app.page.locator('.import__drop').evaluate(
          (place, [called, held]) => {
            const dataTransfer = new DataTransfer();
            dataTransfer.items.add(new File([held ?? ''], called ?? ''));
            place.dispatchEvent(
              new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }),
            );
          },
          [name, contents],
        );
      await drop('dropped.json', 'a token');
      await text(app, '/home/ada/dropped.json').waitFor();
      await drop('nowhere.json', '');
      await text(app, 'Type the path').waitFor();
      expect(await app.violations()).toEqual([]);
      await app.picture('import-picked');
      await button(app, 'Look inside').click();
      const [input] = called(app, 'import.preview') as { paths: string[] }[];
      expect(input?.paths).toEqual(
        expect.arrayContaining([
          '/home/ada/picked.md',
          '/home/ada/registry.json',
          '/home/ada/dropped.json',
        ]),
      );
      expect(JSON.stringify(app.session.called)).not.toContain('a token');
    }));

  it('asks before a file is deleted, and names what would be lost', () =>
    open(emptyWorld, async (app) => {
      await button(app, 'Take over peers from another tool').click();
      await button(app, 'Look inside').click();
      await button(app, 'Add one peer and one relay').click();
      await button(app, 'Overwrite and delete it').click();
      await text(app, /lost with it/).waitFor();
      expect(called(app, 'import.deleteSource')).toEqual([]);
      await button(app, 'Overwrite and delete').click();
      await text(app, 'The file was overwritten and deleted').waitFor();
    }));
});
