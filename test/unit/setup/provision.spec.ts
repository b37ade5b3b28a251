import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProvisionedPeer } from '../../../electron/peers/index.ts';
import {
  type Provision,
  parseProvision,
  readProvisionFile,
} from '../../../electron/setup/index.ts';

const link = { url: 'wss://a.example', secretRef: 'a' };
const peer = { id: 'a', name: 'A', links: [link] };
const file = (more: object = {}) => ({ version: 1, peers: [peer], ...more });
const parse = (value: unknown) => parseProvision(value, 'peers.json');
const good = (value: unknown): Provision => {
  const result = parse(value);
  if (!result.ok) throw new Error(result.error.detail);
  return result.value;
};
const detail = (value: unknown): string => {
  const result = parse(value);
  if (result.ok) throw new Error('it was taken');
  expect(result.error.code).toBe('setup.config_invalid');
  return result.error.detail;
};

describe('the configuration file', () => {
  it('in the documentation is right', () => {
    const docs = fs.readFileSync(path.join(import.meta.dirname, '../../../docs/pods.md'), 'utf8');
    const example = /```json\n([\s\S]*?)```/.exec(docs)?.[1] ?? '';
    const { peers, policy } = good(JSON.parse(example));
    expect(peers.map((one) => one.key)).toEqual(['alice', 'builder']);
    expect(policy).toEqual({ giveUpHours: 48, retentionDays: 90 });
  });

  it('gives what the peer book takes, with all that was left out', () => {
    const peers: readonly ProvisionedPeer[] = good(file()).peers;
    expect(peers).toEqual([
      {
        key: 'a',
        name: 'A',
        nickname: null,
        group: null,
        favourite: false,
        notes: '',
        capabilities: [],
        links: [
          {
            key: 'a',
            kind: 'gateway',
            url: 'wss://a.example',
            credential: 'token',
            secretRef: 'a',
            policy: 'ask',
            agentId: null,
            sessionKey: null,
            pinnedIdentity: null,
            pinnedTls: null,
          },
        ],
      },
    ]);
  });

  it('takes fingerprints with colons and capitals', () => {
    const tlsFingerprint = Array(32).fill('AB').join(':');
    const { peers } = good(file({ peers: [{ ...peer, links: [{ ...link, tlsFingerprint }] }] }));
    expect(peers[0]?.links[0]?.pinnedTls).toBe('ab'.repeat(32));
  });

  it('may be without peers', () => {
    expect(good({ version: 1 }).peers).toEqual([]);
  });
});

describe('refused, with the place', () => {
  const withLink = (more: object) => file({ peers: [{ ...peer, links: [{ ...link, ...more }] }] });

  it.each([
    ['a token', withLink({ token: 'hush' }), 'peers[0].links[0].token'],
    ['a password deep inside', withLink({ auth: { password: 'hush' } }), 'links[0].auth.password'],
    ['an API key', file({ peers: [{ ...peer, apiKey: 'hush' }] }), 'peers[0].apiKey'],
    ['a secret at the top', file({ gatewaySecret: 'hush' }), 'gatewaySecret'],
    ['a password in the URL', withLink({ url: 'wss://me:hush@a.example' }), 'links[0].url'],
    ['a token in the URL', withLink({ url: 'wss://a.example/?token=hush' }), 'links[0].url'],
    ['an unknown member', file({ peers: [{ ...peer, colour: 'red' }] }), 'peers[0]'],
    ['a missing name', file({ peers: [{ id: 'a', links: [link] }] }), 'peers[0].name'],
    [
      'a missing secretRef',
      file({ peers: [{ ...peer, links: [{ url: 'wss://a' }] }] }),
      'secretRef',
    ],
    ['a secretRef that leads out', withLink({ secretRef: '../etc/passwd' }), 'secretRef'],
    ['a name with a line break', file({ peers: [{ ...peer, name: 'A\nB' }] }), 'peers[0].name'],
    ['two peers of one id', file({ peers: [peer, { ...peer, name: 'B' }] }), 'peers[1].id'],
    ['two links of one id', file({ peers: [{ ...peer, links: [link, link] }] }), 'links[1].id'],
    ['a policy that nothing carries out yet', withLink({ incoming: 'auto' }), 'incoming'],
    ['another version', { ...file(), version: 2 }, 'version'],
    ['a list', [], 'the file'],
  ])('%s', (_, value, place) => {
    const text = detail(value);
    expect(text).toContain(place);
    expect(text).not.toContain('hush');
  });

  it('with only the first of many faults', () => {
    const peers = Array.from({ length: 40 }, (_, i) => ({ ...peer, id: `p${i}`, name: '' }));
    expect(detail(file({ peers }))).toMatch(/and 35 more$/);
  });

  it('however deep it goes', () => {
    let deep: unknown = 'x';
    for (let i = 0; i < 100_000; i++) deep = [deep];
    expect(detail(file({ policy: deep }))).toContain('policy');
  });
});

describe('reading it', () => {
  let folder: string;
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'peerage-setup-'));
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));
  const read = async (text: string) => {
    const name = path.join(folder, 'peers.json');
    fs.writeFileSync(name, text);
    const result = await readProvisionFile(name);
    return result.ok ? result.value.peers.length : result.error.detail;
  };

  it('takes a byte order mark', async () => {
    expect(await read(`\uFEFF${JSON.stringify(file())}`)).toBe(1);
  });

  it('says where it is not JSON, and quotes nothing', async () => {
    const text = await read('{"version": 1, "peers": hush}');
    expect(text).toContain('is not JSON');
    expect(text).not.toContain('hush');
  });

  it('says what else is wrong with the file', async () => {
    const missing = await readProvisionFile(path.join(folder, 'none.json'));
    expect(missing).toMatchObject({ ok: false, error: { code: 'setup.config_invalid' } });
    const notFile = await readProvisionFile(folder);
    expect(notFile).toMatchObject({ ok: false, error: { code: 'setup.config_invalid' } });
    expect(await read(' '.repeat(9 * 1024 * 1024))).toContain('larger');
  });
});
