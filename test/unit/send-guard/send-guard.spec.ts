import * as fs from 'node:fs';
import * as path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeFindings, findSecrets } from '../../../electron/send-guard/index.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Text that repeats nothing for long, the same in every run. */
function lot(length: number, from = ALPHABET): string {
  let seed = 42 + length * 7;
  let text = '';
  while (text.length < length) {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    text += from[Math.floor((seed / 2_147_483_648) * from.length)];
  }
  return text;
}
const hex = (length: number): string => lot(length, '0123456789abcdef');
const upper = (length: number): string => lot(length, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567');

const secrets: readonly (readonly [string, string])[] = [
  ['Private key', `-----BEGIN OPENSSH PRIVATE KEY-----\n${lot(70)}\n-----END`],
  ['Private key', `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\n${lot(64)}\n`],
  ['Private key', `{"key":"-----BEGIN PRIVATE KEY-----\\n${lot(64)}\\n"}`],
  ['JSON Web Token', `eyJ${lot(30)}.eyJ${lot(60)}.${lot(43)}`],
  ['AWS access key', `AKIA${upper(16)}`],
  ['AWS session key', `ASIA${upper(16)}`],
  ['GitHub token', `ghp_${lot(36)}`],
  ['GitHub token', `github_pat_${lot(22)}_${lot(59)}`],
  ['GitLab token', `glpat-${lot(20)}`],
  ['Anthropic key', `sk-ant-api03-${lot(90)}`],
  ['OpenAI key', `sk-proj-${lot(48)}`],
  ['OpenAI key', `sk-${lot(48)}`],
  ['OpenRouter key', `sk-or-v1-${hex(64)}`],
  ['Groq key', `gsk_${lot(52)}`],
  ['xAI key', `xai-${lot(80)}`],
  ['Hugging Face token', `hf_${lot(34)}`],
  ['Google API key', `AIza${lot(35)}`],
  ['Google client secret', `GOCSPX-${lot(28)}`],
  ['Google access token', `ya29.${lot(60)}`],
  ['Slack token', `xoxb-${lot(40)}`],
  ['Slack webhook', `https://hooks.slack.com/services/T${upper(8)}/B${upper(8)}/${lot(24)}`],
  ['Telegram bot token', `123459876:AA${lot(33)}`],
  ['Stripe key', `sk_live_${lot(24)}`],
  ['Stripe key', `rk_test_${lot(24)}`],
  ['Tailscale key', `tskey-auth-${lot(12)}-${lot(32)}`],
  ['npm token', `npm_${lot(36)}`],
  ['PyPI token', `pypi-AgEIcHlwaS5vcmc${lot(60)}`],
  ['SendGrid key', `SG.${lot(22)}.${lot(43)}`],
  ['DigitalOcean token', `dop_v1_${hex(64)}`],
  ['Vault token', `hvs.${lot(30)}`],
  ['age key', `AGE-SECRET-KEY-1${upper(58)}`],
  ['Azure storage key', `AccountKey=${lot(86)}==`],
  ['Value after “token”', `token: ${hex(48)}`],
  ['Value after “token”', `OPENCLAW_GATEWAY_TOKEN=${hex(64)}`],
  ['Value after “token”', `"gatewayToken": "${lot(32)}"`],
  ['Value after “token”', `My Gateway Token: ${lot(24)}`],
  ['Value after “password”', 'the password is Tr0ub4dor&3xyz!'],
  ['Value after “api key”', `api key = '${lot(32)}'`],
  ['Value after “secret”', `client-secret: ${lot(40)}`],
  ['Value of an authorization header', `curl -H "Authorization: Bearer ${lot(40)}"`],
  ['Password in an address', 'postgres://app:k8Xv2mPq@db.internal:5432/app'],
];

describe('what looks like a secret', () => {
  test.each(secrets)('%s is found, wherever it stands', (label, secret) => {
    const text = `Hello\n\nhere it is:\n${secret}\nbye`;
    const found = findSecrets(text);
    expect(found.map((one) => one.label)).toContain(label);
    expect(found[0]?.line).toBe(4);
  });

  test('what is told of it holds nothing of it', () => {
    for (const [, secret] of secrets) {
      const told = JSON.stringify(findSecrets(secret)) + describeFindings(findSecrets(secret));
      for (const piece of secret.match(/[A-Za-z0-9+/]{12,}/g) ?? []) {
        if (/PRIVATE|BEGIN|Authorization|OPENCLAW|AccountKey/.test(piece)) continue;
        expect(told).not.toContain(piece);
      }
    }
  });

  test('a finding says where it stands', () => {
    const text = `one two gatewayToken = "${lot(32)}"`;
    const [found] = findSecrets(text);
    expect(text.slice(found?.offset, (found?.offset ?? 0) + (found?.length ?? 0))).toBe(lot(32));
  });

  test('the sentence about many names three', () => {
    const text = Array.from({ length: 5 }, () => `ghp_${lot(36)}`).join('\n');
    expect(describeFindings(findSecrets(text))).toBe(
      'GitHub token on line 1; GitHub token on line 2; GitHub token on line 3; and 2 more.',
    );
    expect(describeFindings(findSecrets(`ghp_${lot(36)}`), 'notes.txt')).toBe(
      'GitHub token on line 1 of notes.txt.',
    );
  });
});

describe('what does not', () => {
  test.each([
    'The token is good for ten minutes, and the password is never shown.',
    'token: 550e8400-e29b-41d4-a716-446655440000',
    'secret 0198c2f0-5b1a-7cc3-9a41-2f9f0b9d8f10 was the id',
    'commit 9fceb02d0ae598e95dc970b74767f19372d61af8 fixes the token',
    'token = 9fceb02d0ae598e95dc970b74767f19372d61af8',
    'const token = process.env.GATEWAY_TOKEN ?? readTokenFromKeychain();',
    "const apiKey = config.get('providers.openai.apiKey1');",
    'password: z.string().min(12).max(64)',
    'const secret = createHash("sha256").update(value).digest("hex");',
    'token: Sat 2026-11-21T19:28:35.123456Z',
    'api_key=YOUR-API-KEY-HERE-1234',
    'api_key=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx',
    'password: <the password that you chose>',
    'AKIAIOSFODNN7EXAMPLE is the one of the manual',
    'A file that begins with -----BEGIN PRIVATE KEY----- belongs to nobody else.',
    '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA\n',
    '-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ\n',
    '"integrity": "sha512-Wq0mB5n0v1u7uXwT3mJ9m5dM1o9m0k2Q1h8c7f6e5d4c3b2a1=="',
    'https://example.com/reset?step=2&tab=password',
    'git@github.com:team/secrets.git',
    'http://user:password@example.com/',
    'postgres://app:$DB_PASSWORD@db/app',
    'secret: my-app-secret-v2-production-eu-west-1',
    'tokenizer: cl100k_base, tokens: 123456789012345678',
    'token-bucket = 2026.9.6-beta.3+build.17',
    'see SKILL.md and sk-learn-contrib for more',
    'bearer of good news: everything works',
    'session agent:main:peerage-1a2b3c4d5e6f-0198c2f0-5b1a-7cc3-9a41-2f9f0b9d8f10',
  ])('%s', (text) => {
    expect(findSecrets(text)).toEqual([]);
  });

  test('nor does anything of what this project is made of', () => {
    const root = path.resolve(import.meta.dirname, '../../..');
    const alarms: string[] = [];
    const look = (folder: string): void => {
      for (const entry of fs.readdirSync(path.join(root, folder), { withFileTypes: true })) {
        const name = `${folder}/${entry.name}`;
        if (entry.isDirectory()) look(name);
        else if (/\.(?:ts|tsx|css|md|cjs|html)$/.test(name)) {
          const found = findSecrets(fs.readFileSync(path.join(root, name), 'utf8'));
          if (found.length > 0) alarms.push(`${name}: ${describeFindings(found)}`);
        }
      }
    };
    for (const folder of ['electron', 'renderer', 'bin', 'scripts', 'docs']) look(folder);
    expect(alarms).toEqual([]);
  });

  const word = fc.stringMatching(/^[a-z]{1,12}$/);
  const identifier = fc
    .array(fc.constantFrom('get', 'read', 'token', 'Secret', 'key', 'Password', 'user', 'v2', '1'))
    .map((parts) => parts.join(''));
  const harmless = fc.oneof(
    word,
    identifier,
    fc.uuid(),
    fc.stringMatching(/^[0-9a-f]{7,12}$/),
    fc.stringMatching(/^[0-9a-f]{40}$/),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.nat().map(String),
    fc.ipV4(),
    fc.webUrl().map((url) => url.slice(0, 100)),
    fc.constantFrom('the', 'token', 'secret:', 'password', '=', '=>', '{', '}', '\n', 'is', ';'),
  );

  test('prose, code, ids, hashes, times and addresses in any order', () => {
    fc.assert(
      fc.property(fc.array(harmless, { maxLength: 60 }), (pieces) => {
        expect(findSecrets(pieces.join(' '))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('any text is looked through without stumbling, and lines are counted right', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 2_000 }), (text) => {
        for (const one of findSecrets(text)) {
          expect(one.offset + one.length).toBeLessThanOrEqual(text.length);
          expect(one.line).toBe(text.slice(0, one.offset).split('\n').length);
        }
      }),
    );
  });
});
