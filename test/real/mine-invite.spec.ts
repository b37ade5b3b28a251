import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { GatewayLive } from '../../electron/contract/index.ts';
import { startInProcess, workFolder } from '../journeys/app-handle.ts';
import { type Contact, Person } from '../journeys/person.ts';
import { invite } from '../journeys/two-people.ts';
import { LINK_PATIENCE_MS } from '../patience.ts';
import { createNamespace, type NetworkNamespace } from './parts/namespace.ts';
import {
  ensureOpenClaw,
  type RealGateway,
  type StubModel,
  startGateway,
  startStubModel,
} from './parts/openclaw.ts';
import { until } from './parts/process.ts';
import { describeWith } from './parts/require.ts';

const NO_KEYCHAIN = { kind: 'none' } as const;

/**
 * Two machines of one person: at the desk runs OpenClaw, on the laptop Peerage. Nobody types a token,
 * and nobody needs a terminal.
 */
await describeWith(['openclaw', 'netns'], 'an invite for a machine of one’s own', () => {
  let model: StubModel;
  let gateway: RealGateway;
  let namespace: NetworkNamespace;
  let desk: Person;
  let laptop: Person;
  let live: GatewayLive | null = null;
  let token = '';
  let contact: Contact;
  const before = { ...process.env };

  const start = async (): Promise<Person> => {
    const app = await startInProcess({ home: workFolder().home, keychain: NO_KEYCHAIN });
    const person = new Person(app, NO_KEYCHAIN, LINK_PATIENCE_MS);
    await person.do('secrets.useSession', {});
    return person;
  };

  /** The desk says yes to whatever asks, and asks again, until its own link is up and nobody is left. */
  const letAllIn = async (own: Contact): Promise<void> => {
    const allIn = async (): Promise<boolean> => {
      for (const { requestId, scopes } of live?.pending ?? []) {
        const yes = { requestId, scopes: scopes.map((one) => one.scope) };
        // The app lets the device of its own reception in by itself, perhaps in this moment.
        await desk.do('ownGateway.approve', yes).catch((error: Error) => {
          if (!error.message.includes('own_gateway.request_gone')) throw error;
        });
      }
      return desk.linkState(own)?.kind === 'online' && live?.pendingCount === 0;
    };
    await until('the desk is in', allIn, LINK_PATIENCE_MS, 200).catch((error: Error) => {
      throw new Error(`${error.message}; ${JSON.stringify(live)}\n${desk.describe()}`);
    });
  };

  beforeAll(async () => {
    namespace = await createNamespace();
    model = await startStubModel();
    const bind = { bind: 'custom', customBindHost: namespace.hostAddress };
    gateway = await startGateway({
      name: 'desk',
      model,
      config: { gateway: { ...bind, nodes: { pairing: { autoApproveLocal: false } } } },
    });
    token = gateway.token ?? '';
    const { folder } = await ensureOpenClaw();
    process.env.OPENCLAW_CONFIG_PATH = gateway.configPath;
    process.env.OPENCLAW_STATE_DIR = gateway.stateDir;
    delete process.env.VITEST;
    process.env.PATH = `${join(folder, 'node_modules', '.bin')}:${process.env.PATH}`;
    desk = await start();
    desk.app.onChange((change) => {
      if (change.type === 'gateway') live = change.value;
    });
    await desk.do('ownGateway.connect', { name: 'Mine', agentId: null, credential: null });
    // It is met at an address of the network, where nobody is let in unasked: also not this machine.
    await desk.do('ownGateway.watchRequests', { watch: true });
    const { peers } = await desk.do('peer.list', {});
    const [mine] = peers;
    if (!mine) throw new Error('it is no peer');
    await letAllIn(await desk.see(mine.id));
    await desk.do('ownGateway.watchRequests', { watch: false });
    // The laptop has no gateway of its own.
    process.env.OPENCLAW_CONFIG_PATH = join(gateway.home, 'none', 'openclaw.json');
    process.env.OPENCLAW_STATE_DIR = join(gateway.home, 'none');
    laptop = await start();
    laptop.guard(token);
    process.env.OPENCLAW_CONFIG_PATH = gateway.configPath;
    process.env.OPENCLAW_STATE_DIR = gateway.stateDir;
    await desk.do('reception.configure', { listen: 'loopback', port: 0 });
  });
  afterAll(async () => {
    await laptop?.app.stop();
    await desk?.app.stop();
    await gateway?.stop();
    await model?.close();
    await namespace?.remove();
    process.env = before;
  });

  it('lets the laptop ask to be let in after both compared the words', async () => {
    const { text } = await desk.do('invite.create', { for: 'mine', peerName: 'Laptop' });
    await laptop.do('invite.redeem', { text, peerName: 'Desk' });
    const [here, there] = [await invite(desk, 'comparing'), await invite(laptop, 'comparing')];
    expect(here.words).toEqual(there.words);
    expect(live?.pendingCount ?? 0).toBe(0);
    await desk.do('invite.confirm', { inviteId: here.id });
    await laptop.do('invite.confirm', { inviteId: there.id });
    const done = await invite(laptop, 'done');
    expect(done.gateway?.url).toContain(namespace.hostAddress);
    if (!done.peerId) throw new Error('no peer came of it');
    contact = await laptop.see(done.peerId);
    await laptop.link(contact, 'needs_approval');
    const links = laptop.mirror.details.get(contact.peerId)?.links;
    expect(links?.map((one) => [one.kind, one.credential])).toEqual([['gateway', 'setup']]);
  });

  it('shows the desk who asks: the device whose words were compared, and what it wants', async () => {
    await until('the request', () => live?.pendingCount === 1);
    const [request] = live?.pending ?? [];
    const { invites } = await desk.do('invite.list', {});
    expect(request?.fingerprint).toBe(invites[0]?.other?.fingerprint);
    expect(request?.scopes.map((one) => one.scope)).toEqual(['operator.read', 'operator.write']);
    const { notices } = await desk.do('notice.list', {});
    expect(notices.some((one) => one.title.endsWith('asks to be let in'))).toBe(true);
  });

  it('is up within seconds of the yes, with no more rights than it asked for', async () => {
    const [request] = live?.pending ?? [];
    await desk.do('ownGateway.approve', {
      requestId: request?.requestId ?? '',
      scopes: ['operator.read', 'operator.write'],
    });
    expect(await laptop.link(contact, 'online')).toMatchObject({
      scopes: ['operator.read', 'operator.write'],
    });
    const { paired } = await desk.do('ownGateway.devices', {});
    expect(paired.find((one) => one.deviceId === request?.fingerprint)).toMatchObject({
      connected: true,
      approvedBy: 'person',
    });
  });

  it('comes back by its device key after the gateway started anew, the code long used', async () => {
    await gateway.restart();
    await laptop.link(contact, 'restarting', 'offline', 'connecting', 'starting', 'online');
    await laptop.link(contact, 'online');
  });

  it('brings a message there and back', async () => {
    model.script('Good morning', { text: 'Good morning from the desk.' });
    const threadId = await laptop.thread(contact);
    await laptop.open(threadId);
    const id = await laptop.write(threadId, 'Good morning');
    expect((await laptop.answer(id)).body).toBe('Good morning from the desk.');
  });

  it('never had the shared token of the gateway on the laptop', () => {
    expect(token).not.toBe('');
    laptop.check();
    desk.guard(token);
    desk.check();
  });

  it('is told so once its device is taken away, and is out', async () => {
    const deviceId = (await invite(desk, 'done')).other?.fingerprint ?? '';
    await desk.do('ownGateway.remove', { deviceId });
    const removedAt = Date.now();
    // The gateway's word alone makes it so; a link that lost it would stay, or be offline of silence.
    await laptop.link(contact, 'revoked');
    console.info(`a removal was known on the other side after ${Date.now() - removedAt} ms`);
  });
});
