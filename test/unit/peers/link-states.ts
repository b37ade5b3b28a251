import type { LinkState } from '../../../electron/contract/index.ts';

const connected = {
  since: 0,
  scopes: ['operator.read'],
  serverVersion: '2026.9.6',
  latencyMs: 12,
};

/** One example of every state, reason and cause that a link can be in. */
export const everyLinkState: readonly LinkState[] = [
  { kind: 'idle' },
  { kind: 'connecting', attempt: 1 },
  { kind: 'connecting', attempt: 3 },
  { kind: 'starting', retryAt: 500 },
  ...(['not_paired', 'scope_upgrade', 'metadata_upgrade', 'role_upgrade'] as const).map(
    (reason): LinkState => ({
      kind: 'needs_approval',
      requestId: 'req-1',
      reason,
      command: 'openclaw devices approve req-1',
      retryAt: 30_000,
    }),
  ),
  { kind: 'online', ...connected },
  ...(['slow', 'too_few_scopes', 'no_scopes', 'agent_missing'] as const).map(
    (reason): LinkState => ({
      kind: 'degraded',
      ...connected,
      reason,
      missingScopes: ['operator.write'],
    }),
  ),
  { kind: 'restarting', since: 0, expectedMs: 1_500 },
  { kind: 'rate_limited', until: 300_000 },
  { kind: 'bad_credential', detail: 'AUTH_TOKEN_MISMATCH' },
  { kind: 'revoked', at: 0 },
  { kind: 'identity_changed', what: 'gateway_identity', expected: 'aa', seen: 'bb' },
  { kind: 'identity_changed', what: 'tls_fingerprint', expected: 'aa', seen: 'bb' },
  { kind: 'protocol_mismatch', theirs: 5, ours: 4 },
  ...(['absent', 'locked', 'unavailable'] as const).map(
    (reason): LinkState => ({ kind: 'needs_secret', reason }),
  ),
  ...(
    [
      'refused',
      'timeout',
      'unanswered',
      'host_unknown',
      'unreachable',
      'closed',
      'tls_failed',
      'insecure_url',
      'not_a_gateway',
      'local_network_down',
    ] as const
  ).map((cause): LinkState => ({ kind: 'offline', cause, detail: '', since: 0, retryAt: null })),
];
