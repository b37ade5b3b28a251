import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MOST_BYTES, parseImported } from '../../../../electron/setup/import/parse.ts';

const read = (text: string) => parseImported(new TextEncoder().encode(text));

const TAILSCALE = `# My Peer Configuration
My Tailscale IP: 100.64.0.1
My Gateway URL: http://100.64.0.1:8080
My Gateway Token: own-secret-token

# Peer (Machine B)
Peer Name: Atlas
Peer Tailscale IP: 100.64.0.2
Peer Gateway URL: http://100.64.0.2:8080
Peer Gateway Token: atlas_secret__token

# How to reach my agent
# Send to the main session.
# My agentId for direct targeting: main
`;

const LAN = `## My Details
- **Name:** Anna
- **Machine:** MacBook
- **LAN IP:** 192.168.1.10

## My Peer
- **Name:** Ben
- **Machine:** Mac mini
- **LAN IP:** 192.168.1.20
- **Gateway URL:** http://192.168.1.20:18789
- **Agent ID:** ben-main
`;

describe('peer-config.md', () => {
  it('of the Tailscale kind gives its one peer, and says that our own token is in it', () => {
    expect(read(TAILSCALE)).toEqual({
      kind: 'peer_config',
      ownToken: 'own-secret-token',
      peer: {
        name: 'Atlas',
        nickname: null,
        address: 'http://100.64.0.2:8080',
        token: 'atlas_secret__token',
        agentId: null,
        notes: '',
      },
      problems: [],
    });
  });

  it('of the LAN kind gives the peer and not ourselves, with its agent, without a token', () => {
    expect(read(LAN)).toMatchObject({
      ownToken: null,
      peer: {
        name: 'Ben',
        address: 'http://192.168.1.20:18789',
        token: null,
        agentId: 'ben-main',
        notes: 'Machine: Mac mini',
      },
    });
  });

  it.each([
    ['a byte order mark', `\uFEFF${TAILSCALE}`],
    ['Windows line ends', TAILSCALE.replaceAll('\n', '\r\n')],
    ['upper case keys', TAILSCALE.replaceAll('Peer ', 'PEER ')],
    ['remarks behind values', TAILSCALE.replace('Atlas', 'Atlas   # the tower')],
    ['quoted values', TAILSCALE.replace('atlas_secret__token', '"atlas_secret__token"')],
    ['code marks', TAILSCALE.replace('atlas_secret__token', '`atlas_secret__token`')],
  ])('is read with %s', (_, text) => {
    expect(read(text)).toMatchObject({
      peer: {
        name: 'Atlas',
        address: 'http://100.64.0.2:8080',
        token: 'atlas_secret__token',
      },
    });
  });

  it.each(['utf-16le', 'utf-16be'] as const)('is read in %s', (encoding) => {
    const bytes = Buffer.from(`\uFEFF${TAILSCALE}`, 'utf16le');
    if (encoding === 'utf-16be') bytes.swap16();
    expect(parseImported(bytes)).toMatchObject({ peer: { name: 'Atlas' } });
  });

  it('falls back to the address where no URL stands, and takes no placeholder for a value', () => {
    const text = `# Peer (Machine B)
Peer Name: Atlas
Peer Tailscale IP: 100.64.0.2
Peer Gateway URL: http://<ip>:8080
Peer Gateway Token: <their token>`.replace('http://<ip>:8080', '[their URL]');
    expect(read(text)).toMatchObject({ peer: { address: '100.64.0.2', token: null } });
  });

  it('counts the first of two values, and says so without the values', () => {
    const parsed = read(`${TAILSCALE}Peer Gateway Token: another-secret`);
    expect(parsed).toMatchObject({ peer: { token: 'atlas_secret__token' } });
    expect(parsed?.problems).toEqual([
      '“Peer Gateway Token” stands there more than once. The first one counts.',
    ]);
  });

  it('is told from any other text', () => {
    expect(read('# My Peer\nconstructor: it makes things\ntoString: as text\n')).toBeNull();
    expect(read('# Shopping\n- milk\n- eggs: six')).toBeNull();
    expect(read('')).toBeNull();
  });
});

describe('tokens.json and registry.json', () => {
  it('give tokens by the name before the @, and agents with what is known of them', () => {
    expect(read('{"tokens":{"Anna":"t-1","ben":"","cleo":"<token>"}}')).toEqual({
      kind: 'mesh_tokens',
      tokens: new Map([['anna', 't-1']]),
      problems: [],
    });
    expect(
      read(
        JSON.stringify({
          gatewayUrlPattern: 'ws://{ip}:18789',
          agents: [
            { name: 'Anna', redName: 'Ann', emailPrefix: 'anna', ip: '100.64.0.3', note: 'builds' },
            { name: 'Ben', emailPrefix: 'ben', ip: '' },
            'not an agent',
          ],
        }),
      ),
    ).toEqual({
      kind: 'mesh_registry',
      agents: [
        { key: 'anna', name: 'Anna', nickname: 'Ann', ip: '100.64.0.3', notes: 'builds' },
        { key: 'ben', name: 'Ben', nickname: null, ip: null, notes: '' },
      ],
      problems: [],
    });
  });

  it('say which of two same names counts, and which value cannot be a token', () => {
    expect(read('{"tokens":{"Anna":"one","anna":"two","ben":"with space"}}')?.problems).toEqual([
      '“anna” stands there more than once. The first one counts.',
      'What stands for “ben” cannot be a token.',
    ]);
  });

  it('hold at most 500 entries', () => {
    const agents = Array.from({ length: 600 }, (_, index) => ({ emailPrefix: `a${index}` }));
    const parsed = read(JSON.stringify({ agents }));
    expect(parsed?.kind === 'mesh_registry' && parsed.agents.length).toBe(500);
    expect(parsed?.problems).toEqual(['It holds 600 entries. Only the first 500 are read.']);
  });
});

describe('agent_state.json', () => {
  it('gives the relay and the name there', () => {
    const text = '{"relay_url":"http://relay:9077","agent_id":"ab12cd34","agent_name":"scout"}';
    expect(read(text)).toEqual({
      kind: 'agent_state',
      relayUrl: 'http://relay:9077',
      agentName: 'scout',
      token: null,
      problems: [],
    });
  });
});

describe('any file', () => {
  const line = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom(
      'Peer Name: ',
      'Peer Gateway URL:',
      '# Peer',
      '## My Peer',
      '- **Name:** ',
      '{"tokens":',
      '"agents":[',
      '\u202e',
      '\0',
    ),
  );

  it('of any bytes is read without throwing', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4096 }), (bytes) => {
        parseImported(bytes);
      }),
    );
  });

  it('of broken lines is read without throwing, and gives only clean names and usable tokens', () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
        const parsed = read(lines.join('\n'));
        if (parsed?.kind !== 'peer_config' || !parsed.peer) return;
        const { name, token } = parsed.peer;
        if (name !== null) expect(name).toMatch(/^[^\p{Cc}\p{Bidi_Control}]{1,80}$/u);
        if (token !== null) expect(token).toMatch(/^[\x21-\x7e]{1,2048}$/);
      }),
    );
  });

  it('of any JSON is read without throwing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        for (const value of [a, { tokens: a }, { agents: [a, b] }, { relay_url: a, agent_id: b }])
          read(JSON.stringify(value));
      }),
    );
  });

  it('of names that mean something to the language is read as data', () => {
    const parsed = read('{"tokens":{"__proto__":"x","constructor":"y"}}');
    expect(parsed?.kind === 'mesh_tokens' && [...parsed.tokens.keys()].sort()).toEqual([
      '__proto__',
      'constructor',
    ]);
  });

  it('over one megabyte is not read; one line of a megabyte is', () => {
    expect(parseImported(new Uint8Array(MOST_BYTES + 1))).toBeNull();
    expect(read(`${' '.repeat(500_000)}#${' '.repeat(500_000)}`)).toBeNull();
    expect(read(`Peer Name:${' '.repeat(1_000_000)}x`)).toBeNull();
  });
});
