import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  announcedText,
  freeName,
  isLoopback,
  leadsHere,
} from '../../../electron/relay-server/announcer.ts';

describe('what the local network is told of a relay', () => {
  it('is version, host and whether a token is wanted, and TLS where it is taken', () => {
    expect(announcedText({ asksForToken: true, encryption: 'off' })).toEqual({
      version: '1.0.1',
      hostname: expect.any(String),
      auth: 'yes',
    });
    expect(announcedText({ asksForToken: false, encryption: 'only' })).toMatchObject({
      auth: 'no',
      tls: 'yes',
    });
  });

  it('leads to the addresses on which the relay listens, and no others', () => {
    expect(leadsHere('A', '192.168.1.5', '192.168.1.5')).toBe(true);
    expect(leadsHere('A', '172.17.0.1', '192.168.1.5')).toBe(false);
    expect(leadsHere('AAAA', 'fe80::1', '192.168.1.5')).toBe(false);
    expect(leadsHere('AAAA', 'fe80::1', '0.0.0.0')).toBe(false);
    expect([leadsHere('A', '10.0.0.1', '::'), leadsHere('AAAA', 'fe80::1', '::')]).toEqual([
      true,
      true,
    ]);
    expect(leadsHere('TXT', 'anything', '192.168.1.5')).toBe(true);
  });

  it('has a name that nobody else has, whatever the case of theirs', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), (others) => {
        const taken = new Set<string>();
        for (let i = 0; i < others; i++) taken.add(freeName('Attic', taken).toLowerCase());
        expect(taken.size).toBe(others);
        expect(taken.has(freeName('ATTIC', taken).toLowerCase())).toBe(false);
      }),
    );
    expect(freeName('attic', new Set())).toBe('ClawLink Relay (attic)');
  });

  it('is nothing where only this machine can reach it', () => {
    for (const own of ['127.0.0.1', '127.9.9.9', '::1', 'localhost']) {
      expect(isLoopback(own)).toBe(true);
    }
    for (const open of ['0.0.0.0', '::', '127.0.0.1.example.org', '10.0.0.1']) {
      expect(isLoopback(open)).toBe(false);
    }
  });
});
