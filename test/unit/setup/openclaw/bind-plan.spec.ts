import { describe, expect, it } from 'vitest';
import type { GatewayExposure, GatewaySettings } from '../../../../electron/contract/index.ts';
import { ownAddresses } from '../../../../electron/setup/openclaw/addresses.ts';
import {
  type BindWish,
  draftBind,
  matches,
} from '../../../../electron/setup/openclaw/bind-plan.ts';

const entry = (address: string, family: 'IPv4' | 'IPv6', internal = false) =>
  ({ address, family, internal, netmask: '', mac: '', cidr: null }) as never;

const addresses = ownAddresses(() => ({
  lo: [entry('127.0.0.1', 'IPv4', true), entry('::1', 'IPv6', true)],
  eth0: [entry('192.168.1.5', 'IPv4'), entry('203.0.113.9', 'IPv4'), entry('fe80::1', 'IPv6')],
  tailscale0: [entry('100.84.1.2', 'IPv4'), entry('fd7a:115c:a1e0::2', 'IPv6')],
  docker0: [entry('172.17.0.1', 'IPv4')],
}));

const settings: GatewaySettings = {
  port: 18_789,
  bind: 'loopback',
  customAddress: null,
  auth: 'token',
  tls: false,
  tailscale: 'off',
  autoApproveLocal: true,
  publicOrigin: null,
};

const exposureOf = (
  open: readonly string[],
  forwarded: readonly string[] = [],
): GatewayExposure => ({
  port: 18_789,
  reach: 'loopback',
  summary: '',
  checkedAt: 0,
  addresses: addresses.map((one) => ({
    address: one.address,
    interfaceName: one.interfaceName,
    kind: one.kind,
    state: open.includes(one.address) ? 'open' : 'closed',
    forwarded: forwarded.includes(one.address),
    meaning: '',
    ms: null,
  })),
});
const today = exposureOf(['127.0.0.1', '::1']);

const wish = (changes: Partial<BindWish>): BindWish => ({
  choice: 'loopback',
  address: null,
  autoApproveLocal: true,
  tunnel: false,
  ...changes,
});
const draft = (changes: Partial<BindWish>, more: Partial<Parameters<typeof draftBind>[1]> = {}) => {
  const result = draftBind(wish(changes), {
    settings,
    addresses,
    exposure: today,
    keeper: { kind: 'foreground' },
    ...more,
  });
  if (!result.ok) throw new Error(result.error.code);
  return result.value;
};

describe('addresses of this machine', () => {
  it('are told by what stands behind them, loopback first, without those that need a zone', () => {
    expect(addresses.map((one) => [one.address, one.kind])).toEqual([
      ['127.0.0.1', 'loopback'],
      ['::1', 'loopback'],
      ['100.84.1.2', 'tailnet'],
      ['fd7a:115c:a1e0::2', 'tailnet'],
      ['192.168.1.5', 'lan'],
      ['203.0.113.9', 'lan'],
      ['172.17.0.1', 'other'],
    ]);
  });
});

describe('a bind plan', () => {
  it('changes nothing where everything is so already', () => {
    const { plan, patch } = draft({});
    expect(plan.diff).toEqual([]);
    expect(patch).toEqual({});
    expect(plan.needsRestart).toBe(false);
    expect(plan.restartBy).toBe('none');
  });

  it('asks for a new process where the file is right and the sockets are not', () => {
    const { plan } = draft({}, { exposure: exposureOf(['127.0.0.1', '::1', '192.168.1.5']) });
    expect(plan.diff).toEqual([]);
    expect(plan.restartBy).toBe('person');
    expect(plan.restartCommand).toBe('openclaw gateway run');
  });

  it('opens the tailnet address and IPv4 loopback, and nothing else', () => {
    const { plan, patch } = draft({ choice: 'tailnet' });
    expect(plan.afterwards.filter((one) => one.open).map((one) => one.address)).toEqual([
      '127.0.0.1',
      '100.84.1.2',
    ]);
    expect(patch).toEqual({ gateway: { bind: 'tailnet' } });
  });

  it('leaves the address of before in the file, which a restart in the same process still needs', () => {
    const before = { ...settings, bind: 'custom', customAddress: '192.168.1.5' };
    const { patch } = draft({}, { settings: before });
    expect(patch).toEqual({ gateway: { bind: 'loopback' } });
  });

  it('lets nobody in unasked behind Serve, a tunnel or a forwarder, whatever was wished', () => {
    const off = { nodes: { pairing: { autoApproveLocal: false } } };
    expect(draft({ choice: 'loopback_serve' }).patch).toEqual({
      gateway: { tailscale: { mode: 'serve' }, ...off },
    });
    expect(draft({ tunnel: true }).patch).toEqual({ gateway: off });
    const forwarded = exposureOf(['127.0.0.1', '::1', '192.168.1.5'], ['192.168.1.5']);
    expect(draft({}, { exposure: forwarded }).patch).toEqual({ gateway: off });
  });

  it.each([
    ['0.0.0.0', 'own_gateway.address_refused'],
    ['::', 'own_gateway.address_refused'],
    ['127.0.0.1', 'own_gateway.address_refused'],
    ['203.0.113.9', 'own_gateway.address_refused'],
    ['192.168.1.6', 'own_gateway.address_refused'],
    ['fd7a:115c:a1e0::2', 'own_gateway.address_refused'],
    ['nonsense', 'own_gateway.address_refused'],
  ])('refuses %s as a chosen address', (address, code) => {
    expect(() => draft({ choice: 'custom', address })).toThrow(code);
  });

  it('refuses every choice while the gateway asks for no token', () => {
    for (const choice of ['loopback', 'loopback_serve', 'tailnet', 'custom'] as const)
      expect(() => draft({ choice }, { settings: { ...settings, auth: 'none' } })).toThrow(
        'own_gateway.no_auth',
      );
  });

  it('refuses the tailnet where this machine has no address in one', () => {
    const outside = addresses.filter((one) => one.kind !== 'tailnet');
    for (const choice of ['tailnet', 'loopback_serve'] as const)
      expect(() => draft({ choice }, { addresses: outside })).toThrow(
        'own_gateway.no_tailnet_address',
      );
  });

  it('is kept only where what answers is what was planned; IPv6 loopback may do as it likes', () => {
    const { afterwards } = draft({ choice: 'tailnet' }).plan;
    expect(matches(afterwards, exposureOf(['127.0.0.1', '100.84.1.2']))).toBe(true);
    expect(matches(afterwards, exposureOf(['127.0.0.1', '::1', '100.84.1.2']))).toBe(true);
    expect(matches(afterwards, exposureOf(['127.0.0.1']))).toBe(false);
    expect(matches(afterwards, exposureOf(['127.0.0.1', '100.84.1.2', '192.168.1.5']))).toBe(false);
  });
});
