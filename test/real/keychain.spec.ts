import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadOrCreateDeviceIdentity, secretAccount } from '../../electron/secrets/index.ts';
import { nodeChild } from '../../electron/secrets/keychain-process.ts';
import { KeychainStore } from '../../electron/secrets/keychain-store.ts';
import { keepsSecrets, saysTrouble } from '../unit/secrets/store-behaviour.ts';
import { type KeychainState, type RealKeychain, startKeychain } from './parts/keychain.ts';
import { sleep, until } from './parts/process.ts';
import { describeWith } from './parts/require.ts';

const CHILD = join(import.meta.dirname, '../../electron/secrets/keychain-child.ts');
const TOKEN = secretAccount('home', 'gateway-token', 'kept');

interface Setting {
  keychain: RealKeychain;
  store: KeychainStore;
}

/** A store on a keychain of the given state; `blind` skips the look at the Secret Service. */
function setting(
  state: KeychainState,
  options: { display?: boolean; blind?: boolean; idleMs?: number } = {},
): Setting {
  const made = {} as Setting;
  beforeAll(async () => {
    made.keychain = await startKeychain(state, options);
    made.store = openStore(made.keychain, options);
  });
  afterAll(async () => {
    made.store?.close();
    await made.keychain?.stop();
  });
  return made;
}

function openStore(
  keychain: RealKeychain,
  options: { blind?: boolean; idleMs?: number } = {},
): KeychainStore {
  return new KeychainStore({
    spawnChild: nodeChild({ execPath: process.execPath, childEntry: CHILD, env: keychain.env }),
    platform: options.blind ? 'darwin' : 'linux',
    ...(options.idleMs === undefined ? {} : { idleMs: options.idleMs }),
  });
}

await describeWith(['keychain'], 'an unlocked keychain', () => {
  const real = setting('unlocked');
  keepsSecrets(() => real.store);

  it('is available', async () => {
    expect(await real.store.status()).toMatchObject({ kind: 'available' });
  });

  it('keeps secrets over a new store and a new child', async () => {
    await real.store.set(TOKEN, 'stays');
    const second = openStore(real.keychain);
    expect(await second.get(TOKEN)).toEqual({ kind: 'found', value: 'stays' });
    second.close();
  });

  it('shows no secret in the arguments or the environment of its process', async () => {
    const seen: string[] = [];
    const spy = new KeychainStore({
      platform: 'linux',
      spawnChild: nodeChild({
        execPath: process.execPath,
        childEntry: CHILD,
        env: { ...real.keychain.env, PEERAGE_TOKEN: 'in our environment' },
      }),
    });
    await spy.set(TOKEN, 'in the keychain');
    for (const pid of await readdir('/proc')) {
      if (!/^\d+$/.test(pid)) continue;
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      if (!command.includes('keychain-child')) continue;
      seen.push(command + (await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')));
    }
    spy.close();
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.join()).not.toMatch(/in our environment|in the keychain/);
  });

  it('works on after the keyring daemon was restarted under it', async () => {
    await real.store.set(TOKEN, 'stays');
    await real.keychain.restart();
    expect(await real.store.get(TOKEN)).toEqual({ kind: 'found', value: 'stays' });
    await real.store.set(TOKEN, 'and changes');
    expect(await real.store.get(TOKEN)).toEqual({ kind: 'found', value: 'and changes' });
  });

  it('tells locked from absent when it is locked in the middle, and works on afterwards', async () => {
    const heard: string[] = [];
    real.store.onStatusChange((status) => heard.push(status.kind));
    const identity = await loadOrCreateDeviceIdentity(real.store, 'home');
    await real.keychain.lock();
    expect(await real.store.get(TOKEN)).toMatchObject({
      kind: 'unavailable',
      status: { kind: 'locked' },
    });
    await expect(loadOrCreateDeviceIdentity(real.store, 'home')).rejects.toMatchObject({
      code: 'secrets.locked',
    });
    await real.keychain.unlock();
    expect(await real.store.get(TOKEN)).toMatchObject({ kind: 'found' });
    expect(await loadOrCreateDeviceIdentity(real.store, 'home')).toEqual(identity);
    expect(heard.filter((kind, i) => kind !== heard[i - 1]).slice(-2)).toEqual([
      'locked',
      'available',
    ]);
  });

  it('says hung while the daemon does not answer, and works on afterwards', async () => {
    real.keychain.freeze();
    try {
      // Only its own limit ends this wait: the daemon never answers.
      expect(await real.store.status()).toMatchObject({ kind: 'hung' });
      expect(await real.store.get(TOKEN)).toMatchObject({
        kind: 'unavailable',
        status: { kind: 'hung' },
      });
    } finally {
      real.keychain.thaw();
    }
    expect(await real.store.get(TOKEN)).toMatchObject({ kind: 'found' });
  });
});

await describeWith(['keychain'], 'a locked keychain without a display', () => {
  const real = setting('locked');
  saysTrouble(() => real.store, 'locked');

  it('says that its question cannot be shown', async () => {
    const outcome = await real.store.unlock({ limitMs: 5_000 });
    expect(outcome).toMatchObject({ kind: 'unavailable', status: { kind: 'locked' } });
    expect(JSON.stringify(outcome)).toContain('no display');
  });

  it('is noticed to be open once it was opened elsewhere', async () => {
    await real.keychain.unlock();
    expect(await real.store.status()).toMatchObject({ kind: 'available' });
    expect(await real.store.get(TOKEN)).toEqual({ kind: 'absent' });
  });
});

await describeWith(['keychain'], 'a locked keychain with a display', () => {
  const real = setting('locked', { display: true });
  saysTrouble(() => real.store, 'locked');

  it('asks the person, withdraws the question when told, and answers others meanwhile', async () => {
    const controller = new AbortController();
    const asked = real.store.unlock({ signal: controller.signal });
    await sleep(1_500);
    expect(await real.store.get(TOKEN)).toMatchObject({
      kind: 'unavailable',
      status: { kind: 'locked' },
    });
    controller.abort();
    expect(await asked).toEqual({ kind: 'cancelled' });
    expect(await real.store.status()).toMatchObject({ kind: 'locked' });
  });

  it('withdraws the question when nobody answers', async () => {
    expect(await real.store.unlock({ limitMs: 1_000 })).toEqual({ kind: 'timed_out' });
  });
});

await describeWith(['keychain'], 'a locked keychain whose owner is there', () => {
  const real = setting('locked', { display: true });

  it('says denied once the question was refused', async () => {
    const outcome = await real.keychain.answerPrompt('escape', real.store.unlock());
    expect(outcome).toEqual({ kind: 'denied' });
    expect(await real.store.status()).toMatchObject({ kind: 'denied' });
    await expect(real.store.set(TOKEN, 'value')).rejects.toMatchObject({ code: 'secrets.denied' });
    expect(await real.store.get(TOKEN)).toMatchObject({ kind: 'unavailable' });
  });

  it('is open once the password was typed, and forgets the refusal', async () => {
    const outcome = await real.keychain.answerPrompt('password', real.store.unlock());
    expect(outcome).toEqual({ kind: 'unlocked' });
    expect(await real.store.status()).toMatchObject({ kind: 'available' });
    await real.store.set(TOKEN, 'value');
    await real.keychain.lock();
    expect(await real.store.status()).toMatchObject({ kind: 'locked' });
  });
});

await describeWith(['keychain'], 'a keychain call that waits for a question nobody sees', () => {
  const real = setting('locked', { display: true, blind: true });

  it('is given up for all who wait, and its process is gone', async () => {
    const answers = await Promise.all([
      real.store.get(TOKEN),
      real.store.set(TOKEN, 'value').catch((error: unknown) => error),
      sleep(200).then(() => real.store.get(TOKEN)),
    ]);
    expect(answers[1]).toMatchObject({ code: 'secrets.hung' });
    expect(answers[2]).toMatchObject({ kind: 'unavailable', status: { kind: 'hung' } });
  });

  it('does not outlive an app that was killed meanwhile', async () => {
    const script = `
      import { nodeChild } from ${JSON.stringify(join(import.meta.dirname, '../../electron/secrets/index.ts'))};
      const port = nodeChild({ execPath: process.execPath, childEntry: ${JSON.stringify(CHILD)} })();
      const calls = [{ op: 'get', account: 'kill-probe' }];
      port.send({ id: 1, op: 'batch', service: 'Peerage', probe: false, calls });
      setInterval(() => {}, 1000);`;
    const app = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env: real.keychain.env,
      stdio: 'ignore',
    });
    const childOf = async (): Promise<string | undefined> => {
      for (const pid of await readdir('/proc')) {
        const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
        if (stat.split(') ')[1]?.split(' ')[1] === String(app.pid)) return pid;
      }
      return undefined;
    };
    const child = await until('the child', childOf);
    await sleep(1_500);
    app.kill('SIGKILL');
    await until('the end of the child', async () => {
      const stat = await readFile(`/proc/${child}/stat`, 'utf8').catch(() => undefined);
      return stat === undefined || stat.split(') ')[1]?.startsWith('Z');
    });
  });

  it('works on, in a new process, once the keychain is open', async () => {
    await real.keychain.unlock();
    await real.store.set(TOKEN, 'value');
    expect(await real.store.get(TOKEN)).toEqual({ kind: 'found', value: 'value' });
  });
});

await describeWith(['keychain'], 'a session bus without a keychain', () => {
  const real = setting('no_service');
  saysTrouble(() => real.store, 'no_service');
});

await describeWith(['keychain'], 'no session bus', () => {
  const real = setting('no_bus');
  saysTrouble(() => real.store, 'no_bus');
});

await describeWith(['keychain'], 'a keychain without any collection', () => {
  const real = setting('empty');
  saysTrouble(() => real.store, 'locked');
});

await describeWith(['keychain'], 'a first keychain', () => {
  const real = setting('empty', { display: true });

  it('is made when the person chooses a password', async () => {
    expect(await real.store.status()).toMatchObject({ kind: 'locked', reason: 'no_collection' });
    const outcome = await real.keychain.answerPrompt('new_password', real.store.unlock());
    expect(outcome).toEqual({ kind: 'unlocked' });
    await real.store.set(TOKEN, 'value');
    expect(await real.store.get(TOKEN)).toEqual({ kind: 'found', value: 'value' });
  });
});

await describeWith(['keychain'], 'a keychain that the bus starts when asked', () => {
  const real = setting('activatable');

  it('is started, and found to have no collection', async () => {
    expect(await real.store.status()).toMatchObject({ kind: 'locked', reason: 'no_collection' });
  });
});
