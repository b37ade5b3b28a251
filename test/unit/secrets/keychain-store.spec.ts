import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  KeychainStore,
  loadOrCreateDeviceIdentity,
  MemorySecretStore,
  type SecretLookup,
  type SecretsTrouble,
  secretAccount,
} from '../../../electron/secrets/index.ts';
import { FakeKeychain, type Fault, ManualTimer } from './fake-child.ts';
import { keepsSecrets, saysTrouble } from './store-behaviour.ts';

const TOKEN = secretAccount('home', 'gateway-token', 'a');
const OTHER = secretAccount('home', 'gateway-token', 'b');

let keychain: FakeKeychain;
let timer: ManualTimer;
let store: KeychainStore;

beforeEach(() => {
  keychain = new FakeKeychain();
  timer = new ManualTimer();
  store = new KeychainStore({ spawnChild: keychain.spawn, timer, platform: 'linux' });
});

afterEach(() => store.close());

describe('memory', () => {
  let memory: MemorySecretStore;
  beforeEach(() => {
    memory = new MemorySecretStore();
  });
  keepsSecrets(() => memory);

  it('says that it is for this session only, and forgets when closed', async () => {
    await memory.set(TOKEN, 'value');
    expect(await memory.status()).toMatchObject({ kind: 'session_only' });
    memory.close();
    expect(await memory.get(TOKEN)).toMatchObject({ kind: 'unavailable' });
  });
});

describe('an open keychain', () => {
  keepsSecrets(() => store);

  it('shares one child and one look among calls made together', async () => {
    keychain.entries.set('home/gateway-token/a', 'value');
    await Promise.all(Array.from({ length: 50 }, () => store.get(TOKEN)));
    expect(keychain.started).toBe(1);
    expect(keychain.probes).toBe(1);
  });

  it('ends an idle child, and starts another one when needed', async () => {
    await store.set(TOKEN, 'value');
    expect(keychain.alive).toBe(1);
    await timer.advance(31_000);
    expect(keychain.alive).toBe(0);
    expect(await store.get(TOKEN)).toEqual({ kind: 'found', value: 'value' });
  });

  it('sends secrets to the child by message alone', async () => {
    await store.set(TOKEN, 'the value');
    expect(keychain.sent.filter((text) => text.includes('the value'))).toHaveLength(1);
  });
});

const TROUBLES: readonly SecretsTrouble[] = [
  { kind: 'locked', reason: 'collection_locked', cause: 'The keychain is locked.' },
  { kind: 'no_service', cause: 'There is no keychain.' },
  { kind: 'no_bus', cause: 'There is no session bus.' },
  { kind: 'hung', cause: 'The keychain does not answer.' },
];

for (const trouble of TROUBLES) {
  describe(`a keychain that is ${trouble.kind}`, () => {
    beforeEach(() => {
      if (trouble.kind === 'no_bus') keychain.bus = trouble;
      else keychain.state = trouble;
    });
    saysTrouble(() => store, trouble.kind);

    it('never makes an identity', async () => {
      const code = `secrets.${trouble.kind}`;
      await expect(loadOrCreateDeviceIdentity(store, 'home')).rejects.toMatchObject({ code });
      expect(keychain.entries.size).toBe(0);
    });
  });
}

describe('faults', () => {
  async function hung<T>(work: Promise<T>): Promise<T> {
    await timer.advance(4_100);
    return work;
  }

  it('gives up a hung call in under 5 s, answers all who wait, and goes on in a new child', async () => {
    keychain.entries.set('home/gateway-token/a', 'value');
    keychain.faults.push('hang');
    const waiting = [store.get(TOKEN), store.get(OTHER), store.get(TOKEN)];
    await ManualTimer.turns();
    waiting.push(store.get(OTHER)); // comes while the first three are under way
    const answers = await hung(Promise.all(waiting));
    for (const answer of answers) expect(answer).toMatchObject({ status: { kind: 'hung' } });
    expect(keychain.alive).toBe(0);
    expect(await store.get(TOKEN)).toEqual({ kind: 'found', value: 'value' });
    expect(keychain.started).toBe(2);
  });

  it('ignores what a given-up child says late', async () => {
    keychain.faults.push('late');
    const answer = await hung(store.get(TOKEN));
    expect(answer).toMatchObject({ status: { kind: 'hung' } });
    const next = store.get(TOKEN);
    for (const release of keychain.late) release();
    expect(await next).toEqual({ kind: 'absent' });
  });

  it('says broken when a new child crashes, naming the signal', async () => {
    keychain.faults.push('crash_before');
    expect(await store.get(TOKEN)).toMatchObject({
      status: { kind: 'broken', cause: expect.stringContaining('SIGSEGV') },
    });
    expect(await store.get(TOKEN)).toEqual({ kind: 'absent' });
  });

  it('tries once more in a new child when an old one crashes or clings to a dead daemon', async () => {
    await store.set(TOKEN, 'value');
    for (const fault of ['crash_before', 'crash_after', 'keytar_error', 'garbage'] as const) {
      const before = keychain.started;
      keychain.faults.push(fault);
      expect(await store.get(TOKEN)).toEqual({ kind: 'found', value: 'value' });
      expect(keychain.started).toBe(before + 1);
    }
  });

  it('never takes a reply to another request', async () => {
    keychain.faults.push('other_id');
    expect(await store.get(TOKEN)).toEqual({ kind: 'absent' });
  });

  it('says locked, not absent, when the keychain closes between the look and the call', async () => {
    keychain.entries.set('home/gateway-token/a', 'value');
    keychain.faults.push('lock_meanwhile');
    expect(await store.get(TOKEN)).toMatchObject({
      kind: 'unavailable',
      status: { kind: 'locked' },
    });
    keychain.state = { kind: 'open' };
    keychain.faults.push('lock_meanwhile');
    await expect(store.delete(TOKEN)).rejects.toMatchObject({ code: 'secrets.locked' });
  });

  it('answers everyone when it is closed', async () => {
    keychain.faults.push('hang');
    const waiting = [store.get(TOKEN), store.status(), store.get(OTHER)];
    await ManualTimer.turns();
    store.close();
    const answers = await Promise.all(waiting);
    expect(answers.map((answer) => JSON.stringify(answer).includes('closing'))).toEqual([
      true,
      true,
      true,
    ]);
    await ManualTimer.turns();
    expect(keychain.alive).toBe(0);
    await expect(store.set(TOKEN, 'x')).rejects.toMatchObject({ code: 'secrets.broken' });
  });

  it('settles every call and never lies, whatever goes wrong', async () => {
    const fault = fc.constantFrom<Fault>(
      'none',
      'none',
      'none',
      'hang',
      'late',
      'crash_before',
      'crash_after',
      'garbage',
      'other_id',
      'keytar_error',
    );
    const step = fc.record({
      op: fc.constantFrom('get', 'set', 'delete'),
      value: fc.string({ minLength: 1, maxLength: 8 }).filter((text) => !text.includes('\0')),
      fault,
      locked: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const fake = new FakeKeychain();
        const clock = new ManualTimer();
        const subject = new KeychainStore({
          spawnChild: fake.spawn,
          timer: clock,
          platform: 'linux',
        });
        const settle = async <T>(work: Promise<T>): Promise<T | 'never'> => {
          let ended: T | 'never' = 'never';
          void work.then((value) => {
            ended = value;
          });
          await ManualTimer.turns();
          if (ended === 'never') await clock.advance(9_500);
          return ended;
        };
        for (const { op, value, fault: wrong, locked } of steps) {
          fake.faults.splice(0, fake.faults.length, wrong);
          fake.state = locked ? (TROUBLES[0] ?? { kind: 'open' }) : { kind: 'open' };
          const before = fake.entries.get('home/gateway-token/a');
          if (op === 'get') {
            const got: SecretLookup | 'never' = await settle(subject.get(TOKEN));
            expect(got).not.toBe('never');
            if (got !== 'never' && got.kind === 'found') expect(got.value).toBe(before);
            if (got !== 'never' && got.kind === 'absent') expect(before).toBeUndefined();
            if (locked)
              expect(got).toMatchObject({ kind: 'unavailable', status: { kind: 'locked' } });
          } else {
            const work = op === 'set' ? subject.set(TOKEN, value) : subject.delete(TOKEN);
            const done = await settle(
              work.then(
                () => 'done' as const,
                () => 'refused' as const,
              ),
            );
            expect(done).not.toBe('never');
            if (done === 'done')
              expect(fake.entries.get('home/gateway-token/a')).toBe(
                op === 'set' ? value : undefined,
              );
          }
        }
        fake.faults.length = 0;
        fake.state = { kind: 'open' };
        expect(await settle(subject.status())).toMatchObject({ kind: 'available' });
        subject.close();
        await ManualTimer.turns();
        expect(fake.alive).toBe(0);
      }),
      { numRuns: 150, seed: 20_261_121 },
    );
  });
});

describe('unlock', () => {
  beforeEach(() => {
    keychain.state = {
      kind: 'locked',
      reason: 'collection_locked',
      cause: 'The keychain is locked.',
    };
  });

  it('is open after the person agreed', async () => {
    const heard: string[] = [];
    store.onStatusChange((status) => heard.push(status.kind));
    await store.status();
    keychain.person = { kind: 'unlocked' };
    expect(await store.unlock()).toEqual({ kind: 'unlocked' });
    expect(heard).toEqual(['locked', 'available']);
  });

  it('says denied after the person refused, until it is open or asked again', async () => {
    keychain.person = { kind: 'denied' };
    expect(await store.unlock()).toEqual({ kind: 'denied' });
    expect(await store.status()).toMatchObject({ kind: 'denied' });
    expect(await store.get(TOKEN)).toMatchObject({ status: { kind: 'denied' } });
    keychain.state = { kind: 'open' };
    expect(await store.status()).toMatchObject({ kind: 'available' });
    keychain.state = {
      kind: 'locked',
      reason: 'collection_locked',
      cause: 'The keychain is locked.',
    };
    expect(await store.status()).toMatchObject({ kind: 'locked' });
  });

  it('ends when told, when nobody answers, and leaves no process', async () => {
    const controller = new AbortController();
    const asked = store.unlock({ signal: controller.signal });
    await ManualTimer.turns();
    controller.abort();
    expect(await asked).toEqual({ kind: 'cancelled' });
    const unanswered = store.unlock({ limitMs: 10_000 });
    await timer.advance(10_100);
    expect(await unanswered).toEqual({ kind: 'timed_out' });
    await timer.advance(31_000);
    expect(keychain.alive).toBe(0);
  });
});
