import { lstat, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../electron/clock/clock.ts';
import {
  type BindPlan,
  codedError,
  type GatewayExposure,
} from '../../../../electron/contract/index.ts';
import { createBackups, replaceFile } from '../../../../electron/setup/openclaw/backups.ts';
import { changeBind, changeSecret } from '../../../../electron/setup/openclaw/changes.ts';
import { hashOf } from '../../../../electron/setup/openclaw/config-write.ts';
import { GatewayTasks, type TaskWorld } from '../../../../electron/setup/openclaw/tasks.ts';

const LAN = '192.168.1.5';
const BEFORE = Buffer.from('{ /* mine */ gateway: { bind: "loopback" }, unknown: 1 }\n');

const LOST = codedError('own_gateway.no_answer', 'No answer came in time.');

/** A gateway that listens where it did when its process began, as the real one does. */
class Machine {
  file: Buffer = BEFORE;
  readonly patches: unknown[] = [];
  open = ['127.0.0.1'];
  process = '100';
  refuse: string | null = null;
  /** No answer comes: it was written, or not. */
  silent: 'written' | 'not_written' | null = null;
  restarts = 0;
  linksUp = true;
  /** It never comes back after its restart. */
  gone = false;
  handedOut = 0;

  seen = (): GatewayExposure => ({
    port: 18_789,
    reach: this.open.includes(LAN) ? 'lan' : 'loopback',
    summary: 'As measured.',
    checkedAt: 0,
    addresses: ['127.0.0.1', LAN].map((address) => ({
      address,
      interfaceName: 'x',
      kind: address === LAN ? 'lan' : 'loopback',
      state: this.open.includes(address) ? 'open' : 'closed',
      forwarded: false,
      meaning: '',
      ms: null,
    })),
  });

  world(folder: string): TaskWorld {
    let answers = 0;
    return {
      clock: systemClock(),
      backups: createBackups(folder),
      admin: async () => ({
        request: async (method, params) => {
          if (method === 'config.get') return { hash: 'h' };
          if (this.refuse) throw codedError('own_gateway.failed', this.refuse);
          if (this.silent === 'not_written') throw LOST;
          this.patches.push(params);
          this.file = Buffer.from('{"gateway":{"bind":"custom"},"unknown":1}');
          if (this.silent) throw LOST;
          return { sentinel: { payload: { stats: { requiresRestart: true } } } };
        },
        close: async () => {},
      }),
      readConfig: async () => this.file,
      replaceConfig: async (_, bytes) => {
        this.file = bytes;
      },
      measure: async () => this.seen(),
      // It goes away once, and comes back.
      ready: async () => ++answers !== 2 && !(this.gone && answers > 2),
      process: async () => this.process,
      restartService: async () => {
        this.restarts += 1;
        this.open = ['127.0.0.1', LAN];
      },
      changed: () => {},
      log: () => {},
    };
  }
}

const plan = (changes: Partial<BindPlan> = {}) => ({
  patch: { gateway: { bind: 'custom', customBindHost: LAN } },
  fileHash: hashOf(BEFORE),
  view: {
    planId: 'p',
    choice: 'custom',
    address: LAN,
    configPath: '/openclaw.json',
    diff: [],
    warnings: [],
    afterwards: ['127.0.0.1', LAN].map((address) => ({
      address,
      interfaceName: 'x',
      kind: 'lan',
      open: true,
    })),
    needsRestart: true,
    restartBy: 'service',
    restartCommand: null,
    baseHash: 'h',
    ...changes,
  } as BindPlan,
});

describe('a change of how the gateway listens', () => {
  let folder: string;
  let machine: Machine;
  let world: TaskWorld;
  let tasks: GatewayTasks;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'peerage-backups-'));
    machine = new Machine();
    world = machine.world(folder);
    tasks = new GatewayTasks(world);
  });
  afterEach(async () => {
    await tasks.end();
    await rm(folder, { recursive: true });
  });

  const until = async (kind: string) => {
    await expect.poll(() => tasks.view?.step.kind, { interval: 20 }).toBe(kind);
    return tasks.view;
  };

  it('is backed up byte for byte, written with its base, restarted and proven', async () => {
    tasks.begin('bind', 'p', (run) => changeBind(world, plan(), run), '');
    const done = await until('done');
    expect(done?.exposure?.reach).toBe('lan');
    expect(machine.restarts).toBe(1);
    expect(machine.patches).toEqual([
      { raw: '{"gateway":{"bind":"custom","customBindHost":"192.168.1.5"}}', baseHash: 'h' },
    ]);
    const [backup] = await world.backups.list();
    const file = join(folder, `${backup?.backupId}.json`);
    expect(await readFile(file)).toEqual(BEFORE);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('waits for a person where nothing else can start a new process, and goes on by itself', async () => {
    tasks.begin('bind', 'p', (run) => changeBind(world, plan({ restartBy: 'person' }), run), '');
    await until('waiting_for_person');
    machine.open = ['127.0.0.1', LAN];
    machine.process = '200';
    await until('done');
    expect(machine.restarts).toBe(0);
  });

  it('keeps the setting where the person stops waiting', async () => {
    tasks.begin(
      'bind',
      'p',
      (run) => changeBind(world, plan({ restartBy: 'person' }), run),
      'later',
    );
    await until('waiting_for_person');
    tasks.cancel();
    expect((await until('cancelled'))?.step).toMatchObject({ text: 'later' });
    expect(machine.file).not.toEqual(BEFORE);
  });

  it('puts the file back where the gateway does not listen as it was told', async () => {
    const stubborn = { ...world, restartService: async () => {} };
    tasks.begin('bind', 'p', (run) => changeBind(stubborn, plan(), run), '');
    expect((await until('failed'))?.step).toMatchObject({
      error: { code: 'own_gateway.not_as_planned', detail: `${LAN} is closed.` },
      restored: true,
    });
    expect(machine.file).toEqual(BEFORE);
  });

  it('keeps what another hand wrote meanwhile, where the former file is put back over it', async () => {
    const theirs = Buffer.from('{"gateway":{"bind":"custom"},"added":"by another hand"}');
    const stubborn = {
      ...world,
      restartService: async () => {
        if (machine.restarts++ === 0) machine.file = theirs;
      },
    };
    tasks.begin('bind', 'p', (run) => changeBind(stubborn, plan(), run), '');
    expect((await until('failed'))?.step).toMatchObject({ restored: true });
    expect(machine.file).toEqual(BEFORE);
    const kept = await world.backups.list();
    const files = await Promise.all(
      kept.map(({ backupId }) => readFile(join(folder, `${backupId}.json`), 'utf8')),
    );
    expect(files).toContain(theirs.toString());
  });

  it('replaces the file that a link leads to, and not the link', async () => {
    const real = join(folder, 'dotfiles.json');
    const link = join(folder, 'openclaw.json');
    await writeFile(real, 'before', { mode: 0o640 });
    await symlink(real, link);
    await replaceFile(link, Buffer.from('after'));
    expect((await lstat(link)).isSymbolicLink()).toBe(true);
    expect(await readFile(real, 'utf8')).toBe('after');
    expect((await stat(real)).mode & 0o777).toBe(0o640);
  });

  it('writes nothing over what another hand changed since the plan', async () => {
    machine.file = Buffer.from('{}');
    tasks.begin('bind', 'p', (run) => changeBind(world, plan(), run), '');
    expect((await until('failed'))?.step).toMatchObject({
      error: { code: 'own_gateway.config_changed' },
      restored: null,
    });
    expect(machine.patches).toEqual([]);
    expect(machine.file.toString()).toBe('{}');
  });

  it.each([
    ['config changed since last load; re-run config.get and retry', 'own_gateway.config_changed'],
    ['invalid config: gateway.bind', 'own_gateway.config_invalid'],
  ])('tells why the gateway refused: %s', async (said, code) => {
    machine.refuse = said;
    tasks.begin('bind', 'p', (run) => changeBind(world, plan(), run), '');
    expect((await until('failed'))?.step).toMatchObject({ error: { code } });
    expect(machine.file).toEqual(BEFORE);
  });

  it('is taken back where no answer came and it was written all the same', async () => {
    machine.silent = 'written';
    tasks.begin('bind', 'p', (run) => changeBind(world, plan(), run), '');
    expect((await until('failed'))?.step).toMatchObject({
      error: { code: 'own_gateway.no_answer' },
      restored: true,
    });
    expect(machine.file).toEqual(BEFORE);
    expect(machine.restarts).toBe(1);
    // What the gateway wrote is not lost either.
    expect(await world.backups.list()).toHaveLength(2);
  });

  it('is over where no answer came and nothing was written', async () => {
    machine.silent = 'not_written';
    tasks.begin('bind', 'p', (run) => changeBind(world, plan(), run), '');
    expect((await until('failed'))?.step).toMatchObject({
      error: { code: 'own_gateway.no_answer' },
      restored: null,
    });
    expect(machine.file).toEqual(BEFORE);
    expect(machine.restarts).toBe(0);
  });

  it('leaves our links the token that they have where no answer came to the new one', async () => {
    machine.silent = 'written';
    const handOut = async () => {
      machine.handedOut += 1;
    };
    const links = () => [];
    const secret = { configPath: '/openclaw.json', mode: 'token', secret: 'new' } as const;
    tasks.begin(
      'rotate_token',
      null,
      (run) => changeSecret(world, { ...secret, byService: false, handOut, links }, run),
      '',
    );
    expect((await until('failed'))?.step).toMatchObject({ restored: true });
    expect(machine.file).toEqual(BEFORE);
    expect(machine.handedOut).toBe(0);
  });

  it('leaves our links the new token also where the gateway is not back before Peerage ends', async () => {
    machine.gone = true;
    const handOut = async () => {
      machine.handedOut += 1;
    };
    const secret = { configPath: '/openclaw.json', mode: 'token', secret: 'new' } as const;
    const plan = { ...secret, byService: false, handOut, links: () => [] };
    tasks.begin('rotate_token', null, (run) => changeSecret(world, plan, run), '');
    await until('coming_back');
    await tasks.end();
    expect(tasks.view?.step.kind).toBe('cancelled');
    expect(machine.handedOut).toBe(1);
  });

  it('is one at a time', async () => {
    tasks.begin('bind', 'p', (run) => changeBind(world, plan({ restartBy: 'person' }), run), '');
    expect(() => tasks.begin('restore', null, async () => ({ text: '' }), '')).toThrow(
      'own_gateway.busy',
    );
    await until('waiting_for_person');
  });

  it('gives the new token to our links only once the gateway knows it, and waits until they are up', async () => {
    tasks.begin(
      'rotate_token',
      null,
      (run) =>
        changeSecret(
          world,
          {
            configPath: '/openclaw.json',
            mode: 'token',
            secret: 'new-secret',
            byService: false,
            handOut: async () => {
              expect(machine.patches).toHaveLength(1);
              machine.handedOut += 1;
            },
            links: () =>
              [
                {
                  peerId: 'peer',
                  linkId: 'link',
                  name: 'Mine',
                  connected: machine.handedOut > 0,
                  text: '',
                },
              ] as never,
          },
          run,
        ),
      '',
    );
    expect((await until('done'))?.links).toMatchObject([{ name: 'Mine', connected: true }]);
    expect(JSON.stringify(tasks.view)).not.toContain('new-secret');
  });
});
