import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { normaliseRelayUrl, readAnnounced } from '../../../electron/links/relay/index.ts';
import { readMessage } from '../../../electron/links/relay/wire.ts';
import { readTags, signTags } from '../../../electron/relays/broadcast-tags.ts';
import {
  type Announced,
  Findings,
  readAnnounced as read,
} from '../../../electron/relays/discovery.ts';
import { changeInWords, mergeTexts } from '../../../electron/relays/files/merge.ts';
import { assertFileName } from '../../../electron/relays/files/names.ts';
import { newSigner } from '../../fakes/relay/member.ts';

describe('what a relay sends', () => {
  it('is read, or left out, whatever it is', () => {
    const types = fc.constantFrom(
      'task_delegation',
      'delegate',
      'task_response',
      'knowledge_broadcast',
      'broadcast',
      'file_updated',
      'agent_joined',
      'else',
    );
    const names = ['message_id', 'from_agent', 'task', 'context', 'priority', 'result', 'content'];
    const rest = ['topic', 'tags', 'timestamp', 'file_key', 'version', 'agent', 'status'];
    const fields = fc.dictionary(fc.constantFrom(...names, ...rest), fc.jsonValue());
    fc.assert(
      fc.property(types, fields, (type, values) => {
        const message = readMessage({ ...values, type });
        if (message?.kind === 'task') expect(message.task.trim()).not.toBe('');
        if (message?.kind === 'broadcast') expect(message.tags.length).toBeLessThanOrEqual(32);
      }),
    );
  });
});

describe('an address of a relay', () => {
  it.each([
    ['192.168.1.20', 'http://192.168.1.20:9077'],
    ['192.168.1.20:80', 'http://192.168.1.20'],
    ['localhost', 'http://localhost:9077'],
    ['[fd00::1]:9000', 'http://[fd00::1]:9000'],
    ['https://relay.example.org', 'https://relay.example.org'],
    ['relay.example.org:9077', 'https://relay.example.org:9077'],
  ])('%s is stored as %s', (typed, stored) => {
    expect(normaliseRelayUrl(typed)).toMatchObject({ ok: true, value: { url: stored } });
  });

  it.each([
    ['http://relay.example.org:9077', 'link.insecure_url'],
    ['http://user:secret@10.0.0.1', 'link.url_credentials'],
    ['http://10.0.0.1/?token=x', 'link.url_credentials'],
    ['http://10.0.0.1/below', 'link.url_invalid'],
    ['ftp://10.0.0.1', 'link.url_scheme'],
    ['', 'link.url_invalid'],
  ])('%s is refused: %s', (typed, code) => {
    expect(normaliseRelayUrl(typed)).toMatchObject({ ok: false, error: { code } });
  });
});

const isOnLink = (address: string): boolean => address.startsWith('10.0.0.');
const readAnnouncement = (service: Announced) => read(service, isOnLink);

describe('an announcement on the network', () => {
  it('is taken for nothing more than an address and a few words', () => {
    expect(
      readAnnouncement({
        name: 'x\u202e\n'.repeat(200),
        port: 9077,
        addresses: ['nonsense', '10.0.0.7'],
        txt: { version: 7, hostname: 'h'.repeat(500), auth: 'perhaps' },
      }),
    ).toMatchObject({ url: 'http://10.0.0.7:9077', version: '', auth: null });
    for (const odd of [{}, { port: 0 }, { port: 9077, addresses: [] }, { port: '1' }]) {
      expect(readAnnouncement(odd)).toBeNull();
    }
    // Of several addresses the one that spoke to us; with TLS where it says that it takes it.
    const several = { port: 9077, addresses: ['172.17.0.1', '10.0.0.7'] };
    const near = readAnnouncement({ ...several, referer: { address: '10.0.0.7' } });
    expect(near?.url).toBe('http://10.0.0.7:9077');
    const elsewhere = { ...several, referer: { address: '10.0.0.9' }, txt: { tls: 'yes' } };
    expect(readAnnouncement(elsewhere)?.url).toBe('https://172.17.0.1:9077');
    // A public address would be shown the token in plain text.
    expect(readAnnouncement({ port: 9077, addresses: ['203.0.113.9'] })).toBeNull();
  });

  it('never leads to this machine itself, nor to nobody in particular', () => {
    const odd = ['127.0.1.1', '0.0.0.0', '224.0.0.251', '255.255.255.255', '::1', '::', 'ff02::fb'];
    for (const address of odd) {
      const alone = { port: 9077, addresses: [address] };
      expect(readAnnouncement(alone)).toBeNull();
      // A machine that knows itself as 127.0.1.1 spoke to us from where it is.
      const spoke = readAnnouncement({ ...alone, referer: { address: '10.0.0.9' } });
      expect(spoke?.url).toBe('http://10.0.0.9:9077');
      const two = readAnnouncement({ port: 9077, addresses: [address, '10.0.0.7'] });
      expect(two?.url).toBe('http://10.0.0.7:9077');
    }
  });

  it('is marked where its address is on no network of this machine', () => {
    const marked = (address: string) =>
      readAnnouncement({ port: 9077, addresses: [address] })?.elsewhere;
    expect([marked('10.0.0.7'), marked('10.9.9.9'), marked('fe80::1')]).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('keeps its whole name where a machine has dots in its own', () => {
    const fqdn = 'ClawLink Relay (attic.local)._clawlink._tcp.local';
    const service = { port: 9077, addresses: ['10.0.0.7'], name: 'ClawLink Relay (attic' };
    expect(readAnnouncement({ ...service, fqdn })?.name).toBe('ClawLink Relay (attic.local)');
    expect(readAnnouncement({ ...service, fqdn: 'odd' })?.name).toBe('ClawLink Relay (attic');
  });
});

describe('what is found in one time of listening', () => {
  const announced = (port: number, from: string, name = `r${port}`): Announced => ({
    name,
    port,
    addresses: [from],
    referer: { address: from },
  });

  it('is no more than eight of one machine and 32 in all', () => {
    const findings = new Findings(isOnLink);
    for (let port = 1; port <= 50; port++) findings.add(announced(port, '10.0.0.66'));
    expect(findings.relays).toHaveLength(8);
    findings.add(announced(9077, '10.0.0.7'));
    expect(findings.relays.at(-1)?.url).toBe('http://10.0.0.7:9077');
    for (let host = 100; host < 200; host++) findings.add(announced(9077, `10.0.0.${host}`));
    expect(findings.relays).toHaveLength(32);
  });

  it('keeps the name that was said first for an address', () => {
    const findings = new Findings(isOnLink);
    findings.add(announced(9077, '10.0.0.7', 'ours'));
    findings.add({ ...announced(9077, '10.0.0.7', 'theirs'), referer: { address: '10.0.0.66' } });
    expect(findings.relays.map(({ name }) => name)).toEqual(['ours']);
  });
});

describe('what is signed', () => {
  it('says who it is at the end of a description, and only there', () => {
    const { publicKey, deviceId } = newSigner();
    expect(readAnnounced(`Works. [peerage key ${publicKey}]`)).toEqual({
      words: 'Works.',
      fingerprint: deviceId,
    });
    expect(readAnnounced(`[peerage key ${publicKey}] Works.`).fingerprint).toBeNull();
  });

  it('holds for a broadcast as it was, and for no other', () => {
    const signer = newSigner();
    const said = { from: 'ada', content: 'news', topic: 'build', tags: ['ci'] };
    const id = '01900000-0000-7000-8000-000000000001';
    const tags = signTags(said, signer, { id, at: 1_800_000_000_000 });
    expect(Math.max(...tags.map((tag) => tag.length))).toBeLessThanOrEqual(100);
    expect(readTags({ ...said, tags })).toEqual({
      tags: ['ci'],
      fingerprint: signer.deviceId,
      id,
    });
    for (const other of [{ from: 'eve' }, { content: 'lies' }, { topic: 'x' }]) {
      expect(readTags({ ...said, tags, ...other }).fingerprint).toBeNull();
    }
    expect(readTags({ ...said, tags: [...tags, 'more'] }).fingerprint).toBeNull();
    // The id is part of what was signed: nobody makes an old broadcast a new one.
    const renamed = tags.map((tag) => tag.replace(id, id.replace(/1$/, '2')));
    expect(readTags({ ...said, tags: renamed })).toMatchObject({ fingerprint: null, id: null });
    const unsigned = signTags(said, null, { id, at: 0 });
    expect(readTags({ ...said, tags: unsigned })).toMatchObject({ fingerprint: null, id: null });
  });
});

describe('texts that grew from one', () => {
  const lines = fc.array(fc.constantFrom('a', 'b', 'c', 'd', ''), { maxLength: 12 });
  const text = lines.map((all) => all.join('\n'));

  it('are the other one where only one side changed, and the same where both did the same', () => {
    fc.assert(
      fc.property(text, text, (base, changed) => {
        expect(mergeTexts(changed, base, base)).toEqual({ text: changed, clean: true });
        expect(mergeTexts(base, base, changed)).toEqual({ text: changed, clean: true });
        expect(mergeTexts(changed, base, changed)).toEqual({ text: changed, clean: true });
      }),
    );
  });

  it('keep both sides between marks where they contradict', () => {
    const merged = mergeTexts('mine\n', 'base\n', 'theirs\n');
    expect(merged?.clean).toBe(false);
    for (const word of ['mine', 'theirs']) expect(merged?.text).toContain(word);
  });

  it('are told apart in words', () => {
    expect(changeInWords('a\n', 'a\n')).toBeNull();
    expect(changeInWords('a\n', 'a\nb\n')).toBe('1 line added.');
    expect(changeInWords('a\nb\n', 'b\nc\n')).toBe('1 line added, 1 line taken out.');
  });
});

describe('a name of a shared file', () => {
  it('never leads out of a folder, and never hides what it says', () => {
    const name = fc.string({ unit: 'binary', maxLength: 40 });
    fc.assert(
      fc.property(name, (key) => {
        try {
          assertFileName(key);
        } catch {
          return;
        }
        expect(key.split(/[\\/]/)).not.toContain('..');
        expect(key).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
      }),
    );
  });
});
