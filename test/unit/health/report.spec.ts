import { expect, it } from 'vitest';
import { addressOf, isLoopback, withoutUrlSecrets } from '../../../electron/health/address.ts';
import { trayState } from '../../../electron/health/index.ts';
import { ladderReport } from '../../../electron/health/report.ts';
import { openWard } from './ward.ts';

it('the report says what each rung tried and saw, and holds no secret', async () => {
  const ward = openWard();
  const target = {
    ...ward.patient({ host: 'peer.example' }),
    url: 'wss://me:hush@peer.example:18789/path?token=hush2#hush3',
  };
  ward.behaviourOf(target).http = { kind: 'other', status: 404 };
  await ward.clock.advance(3_000);
  const ladder = ward.health.ladder(target.linkId);
  if (!ladder) throw new Error('no ladder');
  const report = ladderReport(target, ladder, (text) => text.replaceAll('ENOTHING', ''));
  expect(report).toMatchInlineSnapshot(`
    "Peerage health report
    Address     wss://peer.example:18789/path
    Checked     2027-01-15T08:00:01.264Z
    Last good   never
    Last error  2027-01-15T08:00:01.264Z link.not_a_gateway: Something answers, but it is not an OpenClaw gateway (Answered with status 404, not as a gateway does)

    ?       Tailscale runs here: Ask Tailscale on this machine: Not checked yet
    ?       Machine online in the tailnet: Look for peer.example:18789 in the tailnet: Not checked yet
    ?       Path to it: Ping peer.example:18789 through the tailnet: Not checked yet
    ok      Port open: Open peer.example:18789: Open, 5 ms
    FAILED  Gateway alive: GET /health at peer.example:18789: Answered with status 404, not as a gateway does, 5 ms [link.not_a_gateway]
    -       Handshake: Connect as this device: A rung below failed
    -       Identity as pinned: Compare who answers with what is pinned: A rung below failed
    -       This device approved: Read which permissions were granted: A rung below failed
    -       Agent present: Look for main: A rung below failed
    -       Last answer: Look for the last answer of its agent: A rung below failed
    "
  `);
  expect(report).not.toContain('hush');
  expect(report).not.toContain(target.peerName);
  ward.health.stop();
});

it('URLs in any text lose user, query and fragment', () => {
  expect(
    withoutUrlSecrets('tried wss://a:b@h.example:1/x?token=t#f and http://h/?q=1, twice'),
  ).toBe('tried wss://h.example:1/x and http://h twice');
});

it('addresses are taken apart', () => {
  expect(addressOf('ws://[fd7a::1]:18789')).toEqual({
    host: 'fd7a::1',
    port: 18789,
    secure: false,
    path: '/health',
    text: '[fd7a::1]:18789',
  });
  expect(addressOf('wss://peer.example')).toMatchObject({ port: 443, secure: true });
  expect(addressOf('http://peer.example')).toEqual({
    host: 'peer.example',
    port: 80,
    secure: false,
    path: '/.well-known/agent-card.json',
    text: 'peer.example:80',
  });
  expect(addressOf('https://peer.example/cards/ada.json')).toMatchObject({
    port: 443,
    secure: true,
    path: '/cards/ada.json',
  });
  expect(addressOf('ftp://peer.example')).toBeNull();
  expect(addressOf('nonsense')).toBeNull();
});

it('loopback is this machine, by all its names', () => {
  for (const host of ['127.0.0.1', '127.9.9.9', '::1', 'localhost', 'a.localhost', 'LOCALHOST.'])
    expect(isLoopback(host), host).toBe(true);
  for (const host of ['10.0.0.1', '128.0.0.1', 'localhost.example', '::2', ''])
    expect(isLoopback(host), host).toBe(false);
});

it('the tray says the one thing that matters most', () => {
  const calm = { network: 'up', impaired: false, actionNeeded: false } as const;
  expect(trayState({ ...calm, statuses: [] })).toBe('off');
  expect(trayState({ ...calm, statuses: ['connecting', 'down'] })).toBe('connecting');
  expect(trayState({ ...calm, statuses: ['up', 'down'] })).toBe('all_well');
  expect(trayState({ ...calm, statuses: ['up', 'down'], impaired: true })).toBe('some_down');
  expect(trayState({ ...calm, statuses: ['up', 'needs_you'], impaired: true })).toBe(
    'action_needed',
  );
  expect(trayState({ ...calm, statuses: ['up'], actionNeeded: true })).toBe('action_needed');
  expect(trayState({ ...calm, network: 'down', statuses: ['down'] })).toBe('off');
  expect(trayState({ ...calm, network: 'down', statuses: ['up', 'down'], impaired: true })).toBe(
    'some_down',
  );
});
