import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  appError,
  type CallerContext,
  CodedError,
  fail,
  ok,
  PeerId,
  type Result,
} from '../../../../electron/contract/index.ts';
import { normaliseGatewayUrl } from '../../../../electron/links/gateway/index.ts';
import { normaliseRelayUrl } from '../../../../electron/links/relay/index.ts';
import {
  createImporter,
  type ImportedPeer,
  type ImportedRelay,
} from '../../../../electron/setup/index.ts';

const context: CallerContext = {
  door: 'window',
  connectionId: 'c',
  signal: new AbortController().signal,
};
const someone = PeerId.parse('01936f00-0000-7000-8000-000000000001');

let folder: string;
let added: ImportedPeer[];
let joined: ImportedRelay[];
let hidden: string[];
let book: { url: string; name: string }[];

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'peerage-import-'));
  added = [];
  joined = [];
  hidden = [];
  book = [];
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const file = (name: string, content: string | object, mode = 0o600): string => {
  const full = path.join(folder, name);
  fs.mkdirSync(path.dirname(full), { recursive: true });
  fs.writeFileSync(full, typeof content === 'string' ? content : JSON.stringify(content));
  fs.chmodSync(full, mode);
  return full;
};

const importer = (env: Record<string, string> = {}) => {
  let next = 0;
  return createImporter({
    world: { home: folder, env, platform: 'linux' },
    hide: (token) => hidden.push(token),
    newId: () => `preview-${next++}`,
    add: async (peer) => {
      if (book.some((one) => one.name === peer.name))
        return fail(appError('peer.name_taken', 'Taken.'));
      added.push(peer);
      book.push({ name: peer.name, url: peer.link.url });
      return ok({ peerId: someone });
    },
    addRelay: async (relay) => {
      joined.push(relay);
      return ok({});
    },
    book: {
      relayAt: (url) => joined.find((one) => one.url === url) ?? null,
      normaliseRelayUrl,
      at: (url) => {
        const found = book.find((one) => new URL(one.url).host === new URL(url).host);
        return found ? { id: someone, name: found.name } : null;
      },
      nameTaken: (name) => book.some((one) => one.name === name),
      isHere: (url) => new URL(url).hostname === '100.64.0.1',
      normaliseUrl: normaliseGatewayUrl,
    },
  });
};

const value = async <T>(answer: Promise<Result<T>> | Result<T>): Promise<T> => {
  const result = await answer;
  if (!result.ok) throw new CodedError(result.error);
  return result.value;
};
const preview = (on: ReturnType<typeof importer>, ...paths: string[]) =>
  value(on['import.preview']({ paths }, context));
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: unknown) => (error instanceof CodedError ? error.error.code : String(error)),
  );

const REGISTRY = {
  agents: [
    { name: 'Anna', redName: 'Ann', emailPrefix: 'anna', ip: '100.64.0.3' },
    { name: 'Ben', emailPrefix: 'ben', ip: '100.64.0.4' },
    { name: 'Cleo', emailPrefix: 'cleo', ip: '' },
    { name: 'Me', emailPrefix: 'me', ip: '100.64.0.1' },
    { name: 'Twin', emailPrefix: 'twin', ip: '100.64.0.3' },
  ],
};
const TOKENS = { tokens: { anna: 'anna-secret-token', dora: 'dora-secret-token' } };

describe('a preview', () => {
  it('says for each row what will happen, and why not', async () => {
    book.push({ name: 'Benjamin', url: 'ws://100.64.0.4:18789' });
    const { rows } = await preview(
      importer(),
      file('registry.json', REGISTRY),
      file('tokens.json', TOKENS),
    );
    expect(
      rows.map(({ name, address, token, outcome, text }) => [name, address, token, outcome, text]),
    ).toEqual([
      [
        'Anna',
        'ws://100.64.0.3:18789',
        'found',
        'add',
        'Will be added. Its token goes into the keychain.',
      ],
      [
        'Ben',
        'ws://100.64.0.4:18789',
        'none',
        'present',
        'Already there as “Benjamin”. It stays as it is.',
      ],
      ['Cleo', null, 'none', 'cannot', 'No address stands there.'],
      ['Me', 'ws://100.64.0.1:18789', 'none', 'cannot', 'This is the address of this machine.'],
      ['Twin', 'ws://100.64.0.3:18789', 'none', 'cannot', 'The same address as “Anna” above.'],
      [
        'dora',
        null,
        'found',
        'cannot',
        'A token without an address. Choose registry.json too, which holds the addresses.',
      ],
    ]);
  });

  it('holds no token, and makes each known to the one who cleans the logs', async () => {
    const shown = await preview(
      importer(),
      file('registry.json', REGISTRY),
      file('tokens.json', TOKENS),
      file(
        'peer-config.md',
        'My Gateway Token: own-secret\nPeer Gateway Token: peer-secret\nPeer Name: P',
      ),
    );
    expect(JSON.stringify(shown)).not.toMatch(/secret/);
    expect(hidden.sort()).toEqual([
      'anna-secret-token',
      'dora-secret-token',
      'own-secret',
      'peer-secret',
    ]);
    expect(shown.files.map((one) => one.tokens)).toEqual([0, 2, 2]);
  });

  it('says which files others can read', async () => {
    const { files } = await preview(
      importer(),
      file('registry.json', REGISTRY, 0o644),
      file('tokens.json', TOKENS, 0o600),
    );
    expect(files.map(({ mode, tooOpen }) => [mode, tooOpen])).toEqual([
      ['0644', true],
      ['0600', false],
    ]);
  });

  it('gives a second name where the first is taken', async () => {
    book.push({ name: 'Anna', url: 'wss://elsewhere.example' });
    const { rows } = await preview(importer(), file('registry.json', REGISTRY));
    expect(rows[0]).toMatchObject({ name: 'Anna 2', outcome: 'add' });
  });

  const STATE = { relay_url: 'http://192.168.1.20:9077', agent_id: 'x', agent_name: 'scout' };

  it('takes a relay over, as whom the person was on it', async () => {
    const run = importer();
    const { previewId, rows } = await preview(run, file('agent_state.json', STATE));
    expect(rows).toMatchObject([
      {
        what: 'relay',
        name: '192.168.1.20',
        address: 'http://192.168.1.20:9077',
        outcome: 'add',
        token: 'none',
      },
    ]);
    expect(rows[0]?.text).toContain('You are “scout” on it');
    const chosen = rows.map(({ id }) => ({ id, name: 'Team' }));
    const { results } = await value(run['import.apply']({ previewId, rows: chosen }, context));
    expect(results).toMatchObject([{ name: 'Team', error: null }]);
    expect(joined).toEqual([
      { name: 'Team', url: 'http://192.168.1.20:9077', token: null, agentName: 'scout' },
    ]);
    expect(added).toEqual([]);
    const again = await preview(run, file('agent_state.json', STATE));
    expect(again.rows).toMatchObject([
      { outcome: 'present', text: expect.stringContaining('Team') },
    ]);
  });

  it.each([
    ['its file', 'found', { ...STATE, token: 'relay-token-4711' }, {}],
    ['CLAWLINK_TOKEN', 'environment', STATE, { CLAWLINK_TOKEN: 'relay-token-4711' }],
  ] as const)(
    'takes a relay’s token from %s, and shows it nowhere',
    async (_, where, state, env) => {
      const run = importer(env);
      const seen = await preview(run, file('agent_state.json', state));
      expect(seen.rows).toMatchObject([{ what: 'relay', token: where, outcome: 'add' }]);
      expect(JSON.stringify(seen)).not.toContain('relay-token-4711');
      expect(hidden).toContain('relay-token-4711');
      const rows = seen.rows.map(({ id, name }) => ({ id, name }));
      await value(run['import.apply']({ previewId: seen.previewId, rows }, context));
      expect(joined).toMatchObject([{ token: 'relay-token-4711' }]);
    },
  );

  it('says why a relay’s address cannot be used', async () => {
    const state = { ...STATE, relay_url: 'ftp://192.168.1.20' };
    const { rows } = await preview(importer(), file('agent_state.json', state));
    expect(rows).toMatchObject([{ what: 'relay', outcome: 'cannot' }]);
  });

  it('shows a file that cannot be read beside those that can', async () => {
    const { files, rows } = await preview(
      importer(),
      path.join(folder, 'missing.json'),
      'relative/tokens.json',
      file('other.json', '{"a":1}'),
      folder,
      file('registry.json', REGISTRY),
    );
    expect(files.map((one) => one.error?.code ?? one.kind)).toEqual([
      'import.not_found',
      'import.not_found',
      'import.unknown_form',
      'import.unreadable',
      'mesh_registry',
    ]);
    expect(rows).toHaveLength(5);
  });

  it('finds what lies in the usual places', async () => {
    file('.config/agent-team-mesh/tokens.json', TOKENS);
    file('.openclaw/workspace/peer-agent/peer-config.md', 'Peer Name: x');
    const on = importer();
    expect((await value(on['import.places']({}, context))).places.map((one) => one.kind)).toEqual([
      'peer_config',
      'mesh_tokens',
    ]);
    expect((await preview(on, '~/.config/agent-team-mesh/tokens.json')).files[0]?.kind).toBe(
      'mesh_tokens',
    );
  });
});

describe('taking over', () => {
  it('adds the chosen rows under the chosen names, with the token of the file', async () => {
    const on = importer();
    const { previewId, rows } = await preview(
      on,
      file('registry.json', REGISTRY),
      file('tokens.json', TOKENS),
    );
    const [anna, ben, cleo] = rows;
    const { results } = await value(
      on['import.apply'](
        {
          previewId,
          rows: [
            { id: anna?.id ?? '', name: 'Anna at work' },
            { id: ben?.id ?? '', name: 'Ben' },
            { id: cleo?.id ?? '', name: 'Cleo' },
            { id: 'nobody', name: 'Nobody' },
          ],
        },
        context,
      ),
    );
    expect(results.map((one) => [one.name, one.error?.code ?? 'added'])).toEqual([
      ['Anna at work', 'added'],
      ['Ben', 'added'],
      ['Cleo', 'import.changed'],
      ['Nobody', 'import.expired'],
    ]);
    expect(added.map((one) => [one.name, one.link.credential])).toEqual([
      ['Anna at work', { kind: 'token', value: 'anna-secret-token' }],
      ['Ben', { kind: 'none' }],
    ]);
  });

  it('refuses a file that was written since it was shown', async () => {
    const on = importer();
    const registry = file('registry.json', REGISTRY);
    const { previewId, rows } = await preview(on, registry);
    file('registry.json', { agents: [{ name: 'Mallory', emailPrefix: 'anna', ip: '100.64.0.9' }] });
    const work = value(
      on['import.apply']({ previewId, rows: [{ id: rows[0]?.id ?? '', name: 'Anna' }] }, context),
    );
    expect(await codeOf(work)).toBe('import.changed');
    expect(added).toEqual([]);
  });

  it('takes the row that was chosen, also after another file of the preview was deleted', async () => {
    const on = importer();
    const config = file('peer-config.md', 'Peer Name: P\nPeer Tailscale IP: 100.64.0.8');
    const { previewId, rows } = await preview(on, config, file('registry.json', REGISTRY));
    const ben = rows.find((one) => one.name === 'Ben');
    await value(on['import.deleteSource']({ previewId, path: config }, context));
    await value(
      on['import.apply']({ previewId, rows: [{ id: ben?.id ?? '', name: 'Ben' }] }, context),
    );
    expect(added.map((one) => one.link.url)).toEqual(['ws://100.64.0.4:18789']);
  });
});

describe('the file afterwards', () => {
  it('is left to its owner alone', async () => {
    const on = importer();
    const tokens = file('tokens.json', TOKENS, 0o664);
    const { previewId } = await preview(on, tokens);
    const { file: shown } = await value(
      on['import.protectSource']({ previewId, path: tokens }, context),
    );
    expect(shown).toMatchObject({ mode: '0600', tooOpen: false });
    expect(fs.statSync(tokens).mode & 0o777).toBe(0o600);
  });

  it('is overwritten where it lies, then deleted, and what is not reached is said', async () => {
    const on = importer();
    const tokens = file('tokens.json', TOKENS);
    const second = path.join(folder, 'second-name.json');
    fs.linkSync(tokens, second);
    const before = fs.readFileSync(tokens);
    const { previewId } = await preview(on, tokens);
    const { text } = await value(on['import.deleteSource']({ previewId, path: tokens }, context));
    expect(fs.existsSync(tokens)).toBe(false);
    const left = fs.readFileSync(second);
    expect(left.byteLength).toBe(before.byteLength);
    expect(left.includes('secret')).toBe(false);
    expect(text).toMatch(/1 more names.*backups, git/);
  });

  it('stays when it changed meanwhile, and when it is not of the preview', async () => {
    const on = importer();
    const tokens = file('tokens.json', TOKENS);
    const other = file('other.json', TOKENS);
    const { previewId } = await preview(on, tokens);
    file('tokens.json', { tokens: { anna: 'newer-secret-token' } });
    const remove = (at: string) =>
      codeOf(value(on['import.deleteSource']({ previewId, path: at }, context)));
    expect(await remove(tokens)).toBe('import.changed');
    expect(await remove(other)).toBe('import.expired');
    expect(fs.existsSync(tokens) && fs.existsSync(other)).toBe(true);
  });
});
