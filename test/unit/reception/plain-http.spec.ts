import { expect, it } from 'vitest';
import { mayBePlain } from '../../../electron/reception/invites/calling.ts';

it('plain http is spoken within this machine and the tailnet, and nowhere else', () => {
  const plain = (host: string): boolean => mayBePlain(`http://${host}:18790`);
  for (const host of ['127.0.0.1', '[::1]', 'localhost', '100.64.0.2', '[fd7a:115c:a1e0::2]'])
    expect(plain(host), host).toBe(true);
  expect(plain('node-b.tailnet.ts.net')).toBe(true);
  for (const host of ['10.0.0.7', '172.16.4.1', '192.168.1.20', '169.254.169.254', '203.0.113.9'])
    expect(plain(host), host).toBe(false);
  for (const host of ['peer.example', 'ts.net.example', '[fe80::1]'])
    expect(plain(host), host).toBe(false);
});
