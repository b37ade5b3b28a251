import type { LinkState } from '../../contract/index.ts';

/** The state of a link whose other side shows another certificate than `pinned`; null = by an authority. */
export const tlsChanged = (
  pinned: string | null,
  seen: string,
): Extract<LinkState, { kind: 'identity_changed' }> => ({
  kind: 'identity_changed',
  what: 'tls_fingerprint',
  expected: pinned ?? 'a certificate signed by a known authority',
  seen,
});
