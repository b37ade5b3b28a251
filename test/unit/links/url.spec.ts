import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseGatewayUrl } from '../../../electron/links/gateway/index.ts';
import { plaintextAllowed } from '../../../electron/links/plaintext.ts';

const outcome = (typed: string): string => {
  const result = normaliseGatewayUrl(typed);
  return result.ok ? result.value.url : result.error.code;
};

describe('addresses as people type them', () => {
  it.each([
    // scheme and port filled in
    ['127.0.0.1', 'ws://127.0.0.1:18789'],
    ['127.0.0.1:19001', 'ws://127.0.0.1:19001'],
    ['localhost', 'ws://localhost:18789'],
    ['localhost:18789', 'ws://localhost:18789'],
    ['  ws://100.64.0.2  ', 'ws://100.64.0.2:18789'],
    ['ws://100.64.0.2:80', 'ws://100.64.0.2:80'],
    ['http://192.168.1.5', 'ws://192.168.1.5:18789'],
    ['http://192.168.1.5:80', 'ws://192.168.1.5:80'],
    ['https://gw.example.org', 'wss://gw.example.org'],
    ['wss://gw.example.org:443', 'wss://gw.example.org'],
    ['wss://gw.example.org:18789', 'wss://gw.example.org:18789'],
    ['WSS://GW.Example.ORG', 'wss://gw.example.org'],
    ['//10.0.0.1:1', 'ws://10.0.0.1:1'],
    // tailnet names: Serve answers with TLS on 443
    ['box.tail1234.ts.net', 'wss://box.tail1234.ts.net'],
    ['box.tail1234.ts.net.', 'wss://box.tail1234.ts.net'],
    ['box.tail1234.ts.net:18789', 'ws://box.tail1234.ts.net:18789'],
    ['ws://box.tail1234.ts.net', 'ws://box.tail1234.ts.net:18789'],
    // trailing dots, case, paths, harmless queries and fragments
    ['wss://gw.example.org./', 'wss://gw.example.org'],
    ['wss://gw.example.org/openclaw/', 'wss://gw.example.org/openclaw/'],
    ['wss://gw.example.org/a?b=c#d', 'wss://gw.example.org/a'],
    ['printer.local', 'ws://printer.local:18789'],
    // IPv6
    ['[::1]', 'ws://[::1]:18789'],
    ['::1', 'ws://[::1]:18789'],
    ['[fd7a:115c:a1e0::1]:19001', 'ws://[fd7a:115c:a1e0::1]:19001'],
    ['ws://[FE80::1]:1', 'ws://[fe80::1]:1'],
    ['[::ffff:10.0.0.1]:1', 'ws://[::ffff:a00:1]:1'],
    ['wss://[2001:db8::1]', 'wss://[2001:db8::1]'],
    // internationalised names
    ['wss://bücher.example', 'wss://xn--bcher-kva.example'],
    ['wss://例え.テスト:1', 'wss://xn--r8jz45g.xn--zckzah:1'],
    // legacy IPv4 spellings are read as what they are
    ['ws://0x7f.1:1', 'ws://127.0.0.1:1'],
    ['ws://2130706433:1', 'ws://127.0.0.1:1'],
    // no plain text to the internet
    ['ws://gw.example.org', 'link.insecure_url'],
    ['gw.example.org', 'link.insecure_url'],
    ['8.8.8.8', 'link.insecure_url'],
    ['ws://[2001:db8::1]:1', 'link.insecure_url'],
    ['ws://[::ffff:8.8.8.8]:1', 'link.insecure_url'],
    ['ws://0.0.0.0:1', 'link.insecure_url'],
    ['ws://172.32.0.1:1', 'link.insecure_url'],
    ['ws://100.128.0.1:1', 'link.insecure_url'],
    ['ws://localhost.example.org:1', 'link.insecure_url'],
    ['ws://ts.net.example.org:1', 'link.insecure_url'],
    ['ws://evilts.net:1', 'link.insecure_url'],
    // secrets have a field of their own
    ['ws://user:pass@127.0.0.1:1', 'link.url_credentials'],
    ['ws://token@127.0.0.1:1', 'link.url_credentials'],
    ['wss://gw.example.org/?token=abc', 'link.url_credentials'],
    ['wss://gw.example.org/#token=abc', 'link.url_credentials'],
    ['wss://gw.example.org/?a=b&access_token=c', 'link.url_credentials'],
    ['wss://gw.example.org/?PASSWORD=c', 'link.url_credentials'],
    // other schemes
    ['ftp://127.0.0.1', 'link.url_scheme'],
    ['file:///etc/passwd', 'link.url_scheme'],
    ['javascript:alert(1)', 'link.url_scheme'],
    ['mailto:a@example.org', 'link.url_scheme'],
    ['ssh://127.0.0.1', 'link.url_scheme'],
    // nonsense
    ['', 'link.url_invalid'],
    ['   ', 'link.url_invalid'],
    ['ws://', 'link.url_invalid'],
    ['ws://:18789', 'link.url_invalid'],
    ['ws://a b', 'link.url_invalid'],
    ['ws://127.0.0.1:0', 'link.url_invalid'],
    ['ws://127.0.0.1:65536', 'link.url_invalid'],
    ['ws://127.0.0.1:-1', 'link.url_invalid'],
    ['ws://[::1', 'link.url_invalid'],
    ['ws://256.1.1.1', 'link.url_invalid'],
    ['ws://a..local:1', 'link.url_invalid'],
    ['wss://ok.example\u202e.org', 'link.url_invalid'],
    ['ws://127.0.0.1\u0000:1', 'link.url_invalid'],
    ['ws:\\\\127.0.0.1', 'link.url_invalid'],
    [`wss://${'a'.repeat(3000)}.example`, 'link.url_invalid'],
    [`wss://${'a.'.repeat(200)}example`, 'link.url_invalid'],
  ])('%j → %s', (typed, expected) => {
    expect(outcome(typed)).toBe(expected);
  });

  it('never throws, and what it gives it gives again', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl(), fc.domain(), fc.ipV6(), fc.ipV4()),
        (typed) => {
          const first = normaliseGatewayUrl(typed);
          if (!first.ok) {
            expect(first.error.code).toMatch(/^link\./);
            return;
          }
          const again = normaliseGatewayUrl(first.value.url);
          expect(again).toEqual(first);
          const url = new URL(first.value.url);
          expect(['ws:', 'wss:']).toContain(url.protocol);
          expect(url.username + url.password + url.search + url.hash).toBe('');
          if (url.protocol === 'ws:') expect(plaintextAllowed(url.hostname)).toBe(true);
        },
      ),
      { numRuns: 2000, seed: 20260923 },
    );
  });

  it('lets no secret through, wherever it stands', () => {
    const secret = 'S3cr3tT0ken';
    fc.assert(
      fc.property(
        fc.constantFrom(
          `ws://${secret}@127.0.0.1`,
          `ws://a:${secret}@127.0.0.1`,
          `wss://gw.example.org/?token=${secret}`,
          `wss://gw.example.org/#auth_token=${secret}`,
          `wss://gw.example.org/?x=1&key=${secret}`,
        ),
        fc.constantFrom('', '/', '&y=2', '#z'),
        (start, end) => {
          const result = normaliseGatewayUrl(start + end);
          expect(JSON.stringify(result)).not.toContain(secret);
        },
      ),
      { seed: 20260923 },
    );
  });
});
