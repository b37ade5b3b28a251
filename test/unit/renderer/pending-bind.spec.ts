import { describe, expect, it } from 'vitest';
import type { AddressExposure } from '../../../electron/contract/index.ts';
import { pendingBind } from '../../../renderer/views/setup/parts/pending-bind.tsx';

const KINDS = {
  '127.0.0.1': 'loopback',
  '100.64.0.1': 'tailnet',
  '192.168.1.5': 'lan',
} as const;
type Address = keyof typeof KINDS;

/** This machine, where the gateway answers at `open` and a forwarder at `forwarded`. */
const seen = (open: readonly Address[], forwarded: readonly Address[] = []) => ({
  addresses: Object.entries(KINDS).map(
    ([address, kind]): AddressExposure => ({
      address,
      kind,
      interfaceName: 'x',
      state: [...open, ...forwarded].includes(address as Address) ? 'open' : 'closed',
      forwarded: forwarded.includes(address as Address),
      meaning: '',
      ms: null,
    }),
  ),
});

describe('what the settings say beside what answers', () => {
  it.each([
    ['loopback', null, ['127.0.0.1']],
    [null, null, ['127.0.0.1']],
    ['tailnet', null, ['127.0.0.1', '100.64.0.1']],
    ['custom', '192.168.1.5', ['127.0.0.1', '192.168.1.5']],
    ['lan', null, ['127.0.0.1', '100.64.0.1', '192.168.1.5']],
    ['auto', null, ['127.0.0.1']],
  ] as const)('is nothing where %s (%s) is as it listens', (bind, customAddress, open) => {
    expect(pendingBind({ bind, customAddress }, seen(open))).toBeNull();
  });

  it.each([
    ['loopback', null, ['127.0.0.1', '192.168.1.5'], 'only this machine'],
    ['tailnet', null, ['127.0.0.1'], 'machines of your tailnet'],
    [
      'tailnet',
      null,
      ['127.0.0.1', '100.64.0.1', '192.168.1.5'],
      'only this machine and its tailnet',
    ],
    ['custom', '192.168.1.5', ['127.0.0.1'], '192.168.1.5'],
    ['lan', null, ['127.0.0.1'], 'every network'],
  ] as const)(
    'is said where %s (%s) comes only with the next start',
    (bind, customAddress, open, words) => {
      expect(pendingBind({ bind, customAddress }, seen(open))).toContain(words);
    },
  );

  it('leaves out what a forwarder opens, and a gateway that does not answer at all', () => {
    const settings = { bind: 'loopback', customAddress: null };
    expect(pendingBind(settings, seen(['127.0.0.1'], ['192.168.1.5']))).toBeNull();
    expect(pendingBind({ bind: 'lan', customAddress: null }, seen([]))).toBeNull();
  });
});
