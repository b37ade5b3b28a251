import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  configPlace,
  detectOwnGateway,
  type Environment,
  readOwnCredential,
} from '../../../electron/setup/index.ts';

let home: string;
beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'peerage-own-'));
});
afterEach(() => fs.rmSync(home, { recursive: true, force: true }));

const write = (text: string, name = '.openclaw/openclaw.json'): string => {
  const file = path.join(home, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
  return file;
};
const gateway = (value: object) => write(JSON.stringify({ gateway: value }));
const options = (env: Environment = {}) => ({ env: { HOME: home, ...env }, systemHome: '/none' });
const found = async (env: Environment = {}) => {
  const own = await detectOwnGateway(options(env));
  if (own.kind !== 'found') throw new Error(JSON.stringify(own));
  return own;
};
const credential = async (env: Environment = {}) => {
  const read = await readOwnCredential(options(env));
  return read.ok ? read.value.credential : read.error.code;
};
/** A reference to the environment, as OpenClaw's files write it. */
const named = (name: string): string => `\${${name}}`;
const fault = async (env: Environment = {}) => {
  const own = await detectOwnGateway(options(env));
  if (own.kind !== 'unreadable') throw new Error(own.kind);
  expect(own.error.code).toBe('setup.own_gateway_unreadable');
  return own.error.detail;
};

describe('the configuration is looked for where OpenClaw looks', () => {
  it.each([
    [{ HOME: '/h' }, '/h/.openclaw/openclaw.json'],
    [{}, '/system/.openclaw/openclaw.json'],
    [{ HOME: '/h', OPENCLAW_HOME: '/o' }, '/o/.openclaw/openclaw.json'],
    [{ HOME: '/h', OPENCLAW_HOME: '~/o' }, '/h/o/.openclaw/openclaw.json'],
    [{ HOME: '/h', OPENCLAW_STATE_DIR: '/s' }, '/s/openclaw.json'],
    [{ HOME: '/h', OPENCLAW_STATE_DIR: '~/s' }, '/h/s/openclaw.json'],
    [{ HOME: '/h', OPENCLAW_STATE_DIR: '/s', OPENCLAW_CONFIG_PATH: '/c/x.json' }, '/c/x.json'],
    [{ HOME: '/h', OPENCLAW_PROFILE: 'work' }, '/h/.openclaw-work/openclaw.json'],
    [{ HOME: '/h', OPENCLAW_PROFILE: 'default' }, '/h/.openclaw/openclaw.json'],
    [{ HOME: '/h', OPENCLAW_PROFILE: '../evil' }, '/h/.openclaw/openclaw.json'],
    [{ HOME: '/h', OPENCLAW_STATE_DIR: '  ' }, '/h/.openclaw/openclaw.json'],
  ])('%o', (env, expected) => {
    expect(configPlace(env, '/system').configPath).toBe(path.resolve(expected));
  });

  it('and the place is named where there is none', async () => {
    expect(await detectOwnGateway(options())).toEqual({
      kind: 'not_found',
      lookedAt: [path.join(home, '.openclaw/openclaw.json')],
    });
    expect(await credential()).toBe('setup.own_gateway_not_found');
  });
});

describe('the address', () => {
  it.each([
    [{}, 'ws://127.0.0.1:18789'],
    [{ port: 19001 }, 'ws://127.0.0.1:19001'],
    [{ bind: 'lan', port: 5 }, 'ws://127.0.0.1:5'],
    [{ bind: 'auto' }, 'ws://127.0.0.1:18789'],
    [{ bind: 'custom', customBindHost: '10.0.0.5' }, 'ws://10.0.0.5:18789'],
    [{ bind: 'custom', customBindHost: '0.0.0.0' }, 'ws://127.0.0.1:18789'],
    [{ bind: 'custom', customBindHost: 'not an ip' }, 'ws://127.0.0.1:18789'],
    [{ tls: { enabled: true } }, 'wss://127.0.0.1:18789'],
    [{ port: 'odd' }, 'ws://127.0.0.1:18789'],
    [{ port: 70_000 }, 'ws://127.0.0.1:18789'],
    [{ mode: 'remote', remote: { url: 'wss://far.example' } }, 'wss://far.example'],
  ])('of %o is %s', async (value, url) => {
    gateway(value);
    expect((await found()).url).toBe(url);
  });

  it('takes the port of the environment first', async () => {
    gateway({ port: 19001 });
    expect((await found({ OPENCLAW_GATEWAY_PORT: '20000' })).url).toBe('ws://127.0.0.1:20000');
    expect((await found({ OPENCLAW_GATEWAY_PORT: 'x' })).url).toBe('ws://127.0.0.1:19001');
  });

  it('is that of the tailnet where the gateway is bound to it', async () => {
    gateway({ bind: 'tailnet' });
    const entry = (address: string) => ({ address, family: 'IPv4', internal: false });
    const interfaces = () => ({ e: [entry('192.168.1.2')], t: [entry('100.101.102.103')] });
    const own = await detectOwnGateway({ ...options(), interfaces: interfaces as never });
    expect(own).toMatchObject({ url: 'ws://100.101.102.103:18789' });
  });

  it('cannot be told where the gateway is elsewhere and nobody says where', async () => {
    gateway({ mode: 'remote' });
    expect(await fault()).toContain('elsewhere');
  });
});

describe('the credential', () => {
  const ref = { source: 'file', provider: 'x', id: '/k' };
  it.each([
    [{ auth: { mode: 'token', token: 'hush' } }, {}, { kind: 'token', value: 'hush' }],
    [{ auth: { token: 'hush' } }, {}, { kind: 'token', value: 'hush' }],
    [{ auth: { password: 'hush' } }, {}, { kind: 'password', value: 'hush' }],
    [
      { auth: { mode: 'token', token: 'hush', password: 'p' } },
      {},
      { kind: 'token', value: 'hush' },
    ],
    [{ auth: { mode: 'none' } }, {}, { kind: 'none' }],
    [{ auth: { mode: 'trusted-proxy' } }, {}, null],
    [{}, {}, null],
    [{ auth: { token: '  ' } }, {}, null],
    [{ auth: { token: ref } }, {}, null],
    [{ auth: { token: ref } }, { OPENCLAW_GATEWAY_TOKEN: 'other' }, null],
    [{ auth: { token: named('T') } }, {}, null],
    [{ auth: { token: named('T') } }, { T: 'hush' }, { kind: 'token', value: 'hush' }],
    [
      { auth: { token: `a-$${named('T')}` } },
      { T: 'x' },
      { kind: 'token', value: `a-${named('T')}` },
    ],
    [
      { auth: { token: { source: 'env', id: 'T' } } },
      { T: 'hush' },
      { kind: 'token', value: 'hush' },
    ],
    [{}, { OPENCLAW_GATEWAY_TOKEN: 'hush' }, { kind: 'token', value: 'hush' }],
    [
      { auth: { token: 'file' } },
      { OPENCLAW_GATEWAY_TOKEN: 'env' },
      { kind: 'token', value: 'file' },
    ],
    [
      { mode: 'remote', remote: { url: 'wss://f', token: 't', password: 'p' } },
      {},
      { kind: 'token', value: 't' },
    ],
    [
      { mode: 'remote', remote: { url: 'wss://f', password: 'p' } },
      {},
      { kind: 'password', value: 'p' },
    ],
  ])('of %o with %o', async (value, env, expected) => {
    gateway(value);
    const own = await found(env);
    expect(own.credential).toBe(expected?.kind ?? 'not_in_file');
    expect(JSON.stringify(own)).not.toContain('hush');
    expect(await credential(env)).toEqual(expected ?? 'setup.own_gateway_no_credential');
  });

  it('is found in OpenClaw’s own .env, behind the process environment', async () => {
    gateway({ auth: { token: named('OPENCLAW_GATEWAY_TOKEN') } });
    write('OPENCLAW_GATEWAY_TOKEN="hush"\n', '.openclaw/.env');
    expect(await credential()).toEqual({ kind: 'token', value: 'hush' });
    expect(await credential({ OPENCLAW_GATEWAY_TOKEN: 'first' })).toMatchObject({ value: 'first' });
  });
});

describe('the file', () => {
  it('may have comments, trailing commas and bare names, as OpenClaw allows', async () => {
    write(`\uFEFF// mine\n{ gateway: { port: 19001, /* soon */ auth: { token: 'hush', }, }, }`);
    expect(await found()).toMatchObject({ url: 'ws://127.0.0.1:19001', credential: 'token' });
  });

  it('may be put together of several, its own members winning', async () => {
    write(`{ $include: ['./a.json', './b.json'], gateway: { port: 3 } }`);
    write('{ gateway: { port: 1, bind: "loopback" } }', '.openclaw/a.json');
    write('{ gateway: { auth: { $include: "./sub/auth.json" } } }', '.openclaw/b.json');
    write('{ token: "hush" }', '.openclaw/sub/auth.json');
    write('{ token: "hush" }', '.openclaw/auth.json');
    expect(await found()).toMatchObject({ url: 'ws://127.0.0.1:3', credential: 'token' });
  });

  it('does no harm where another part of it is broken', async () => {
    write('{ gateway: { port: 4 }, channels: { $include: "./missing.json" } }');
    expect((await found()).url).toBe('ws://127.0.0.1:4');
  });

  it.each([
    ['is not JSON5', '{ gateway: hush }'],
    ['holds no object', '[]'],
    ['gateway', '{ gateway: [] }'],
    ['missing', '{ $include: "./missing.json" }'],
    ['out of', '{ $include: "../../../../etc/passwd" }'],
    ['circle', '{ $include: "./self.json" }'],
    ['not a file name', '{ $include: 7 }'],
  ])('that cannot be used says why and quotes nothing: %s', async (why, text) => {
    write('{ $include: "./self.json" }', '.openclaw/self.json');
    write(text);
    const said = await fault();
    expect(said).toContain(why);
    expect(said).not.toContain('hush');
    expect(await credential()).toBe('setup.own_gateway_unreadable');
  });

  it('is not followed out of its folder by a symbolic link', async () => {
    const outside = write('{ gateway: { port: 9 } }', 'outside.json');
    write('{ $include: "./in.json" }');
    fs.symlinkSync(outside, path.join(home, '.openclaw/in.json'));
    expect(await fault()).toContain('out of');
  });

  it('is not read where it is no file, or far too large', async () => {
    const file = write('');
    fs.rmSync(file);
    fs.mkdirSync(file);
    expect(await fault()).toMatch(/not a file|cannot be read/);
    fs.rmdirSync(file);
    fs.writeFileSync(file, ' '.repeat(3 * 1024 * 1024));
    expect(await fault()).toContain('too large');
  });

  it('cannot reach into the language by its member names', async () => {
    write('{ "__proto__": { "gateway": { "port": 1 } }, gateway: { "__proto__": { port: 2 } } }');
    expect((await found()).url).toBe('ws://127.0.0.1:18789');
    expect(({} as { port?: number }).port).toBeUndefined();
  });
});
