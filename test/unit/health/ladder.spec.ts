import { describe, expect, it } from 'vitest';
import {
  errorRegistry,
  LadderView,
  type LinkState,
  RungId,
  type RungView,
} from '../../../electron/contract/index.ts';
import { composeLadder, faultOf } from '../../../electron/health/ladder.ts';
import { type Finding, NO_EVIDENCE } from '../../../electron/health/rung-draft.ts';
import { everyLinkState } from '../peers/link-states.ts';
import { describeState, offline, online, openWard } from './ward.ts';

const { target } = (() => {
  const ward = openWard();
  const target = ward.patient({ host: 'peer.example' });
  ward.health.stop();
  return { target };
})();

const climb = (
  state: LinkState,
  more: Partial<Parameters<typeof composeLadder>[0]> = {},
): RungView[] =>
  composeLadder({
    target,
    state,
    evidence: NO_EVIDENCE,
    ownNetworkDown: false,
    running: null,
    describe: describeState,
    ...more,
  });
const rung = (rungs: RungView[], id: RungId): RungView =>
  rungs.find((one) => one.id === id) as RungView;
const finding = (more: Partial<Finding> = {}): Finding => ({
  status: 'ok',
  seen: 'seen',
  code: null,
  durationMs: 3,
  at: 1,
  ...more,
});

describe('every state of a link', () => {
  const cases = everyLinkState.map((state) => [JSON.stringify(state), state] as const);

  it.each(cases)('%s makes a whole ladder', (_, state) => {
    const rungs = climb(state);
    expect(rungs.map((one) => one.id)).toEqual(RungId.options);
    LadderView.shape.rungs.parse(rungs);
    for (const one of rungs) {
      expect(one.tried).not.toBe('');
      expect(one.seen).not.toBe('');
      if (one.code !== null) expect(errorRegistry).toHaveProperty([one.code]);
      if (one.status === 'failed' || one.status === 'needs_you') {
        expect(one.code).not.toBeNull();
        expect(one.remedy?.text).toBeTruthy();
      }
    }
  });

  it.each(cases)('%s has at most one fault, and skips what is above it', (_, state) => {
    const rungs = climb(state);
    const at = rungs.findIndex((one) => one.status === 'failed' || one.status === 'needs_you');
    if (at < 0) return;
    for (const one of rungs.slice(at + 1)) expect(one.status).toBe('skipped');
  });
});

describe('the ladder of an agent behind a relay', () => {
  const behind = { ...target, kind: 'relay', url: 'http://10.0.0.7:9077', agentId: 'bea' } as const;

  it.each(everyLinkState.map((state) => [JSON.stringify(state), state] as const))(
    '%s is told in the words of a relay',
    (_, state) => {
      const rungs = climb(state, { target: behind });
      LadderView.shape.rungs.parse(rungs);
      expect(rung(rungs, 'http_health').title).toBe('Relay alive');
      expect(rungs.map((one) => `${one.title} ${one.tried}`).join()).not.toMatch(
        /gateway|OpenClaw/i,
      );
    },
  );

  it('tells a silent agent from a relay that is away', () => {
    const { scopes, serverVersion, latencyMs } = online() as Extract<LinkState, { kind: 'online' }>;
    const state: LinkState = {
      ...{ kind: 'degraded', reason: 'agent_silent', missingScopes: [], since: 1 },
      ...{ scopes, serverVersion, latencyMs },
    };
    const rungs = climb(state, { target: behind });
    expect(rung(rungs, 'http_health').status).toBe('ok');
    expect(faultOf(rungs)).toMatchObject({ id: 'agent', code: 'link.agent_silent' });
  });
});

describe('the rungs of Tailscale', () => {
  it('are there, and say that nothing has checked them yet', () => {
    for (const id of ['tailscale_running', 'tailnet_peer', 'tailnet_path'] as const)
      expect(rung(climb(online()), id)).toMatchObject({
        status: 'not_checked',
        seen: 'Not checked yet',
      });
  });
});

describe('the fault stands on the rung where it happened', () => {
  const state = (kind: string, more: object = {}) =>
    everyLinkState.find(
      (one) =>
        one.kind === kind && Object.entries(more).every(([k, v]) => Reflect.get(one, k) === v),
    ) as LinkState;

  it.each([
    ['tcp_port', offline('refused'), 'link.refused'],
    ['tcp_port', offline('host_unknown'), 'link.host_unknown'],
    ['http_health', offline('not_a_gateway'), 'link.not_a_gateway'],
    ['handshake', offline('tls_failed'), 'link.tls_failed'],
    ['handshake', offline('insecure_url'), 'link.insecure_url'],
    ['handshake', state('bad_credential'), 'link.bad_credential'],
    ['handshake', state('protocol_mismatch'), 'link.protocol_mismatch'],
    ['handshake', state('rate_limited'), 'link.rate_limited'],
    ['identity', state('identity_changed'), 'link.identity_changed'],
    ['approval', state('needs_approval'), 'link.needs_approval'],
    ['approval', state('revoked'), 'link.revoked'],
    ['approval', state('degraded', { reason: 'no_scopes' }), 'link.no_scopes'],
    ['approval', state('degraded', { reason: 'too_few_scopes' }), 'link.too_few_scopes'],
    ['agent', state('degraded', { reason: 'agent_missing' }), 'link.agent_missing'],
  ] as const)('%s', (id, one, code) => {
    expect(faultOf(climb(one))).toMatchObject({ id, code });
  });

  it('nowhere while it is connected, connecting or starting', () => {
    for (const one of [online(), state('connecting'), state('starting'), state('restarting')])
      expect(faultOf(climb(one))).toBeNull();
  });
});

describe('slow is not down', () => {
  it('on no rung', () => {
    const slow = finding({ status: 'slow', code: 'link.slow', durationMs: 20_000 });
    const rungs = climb(online(), { evidence: { ...NO_EVIDENCE, ping: slow, agent: finding() } });
    expect(faultOf(rungs)).toBeNull();
    expect(rung(rungs, 'handshake')).toMatchObject({ status: 'slow', durationMs: 20_000 });
    expect(rung(rungs, 'agent').status).toBe('ok');
  });
});

describe('what a look found', () => {
  it('goes before what the link guessed', () => {
    const tcp = finding();
    const http = finding({ status: 'failed', code: 'link.not_a_gateway' });
    const rungs = climb(offline('timeout'), { evidence: { ...NO_EVIDENCE, tcp, http } });
    expect(rung(rungs, 'tcp_port').status).toBe('ok');
    expect(faultOf(rungs)).toMatchObject({ id: 'http_health', code: 'link.not_a_gateway' });
  });

  it('fails no rung that the open connection disproves', () => {
    const http = finding({ status: 'failed', code: 'link.not_a_gateway' });
    expect(faultOf(climb(online(), { evidence: { ...NO_EVIDENCE, http } }))).toBeNull();
  });

  it('keeps the last answer to be read, also above a fault', () => {
    const rungs = climb(offline(), { evidence: { ...NO_EVIDENCE, lastAnswerAt: 42 } });
    expect(rung(rungs, 'last_answer')).toMatchObject({ status: 'ok', at: 42 });
  });

  it('shows which rung is being looked at', () => {
    expect(rung(climb(offline(), { running: 'tcp_port' }), 'tcp_port').status).toBe('checking');
  });
});

it('an outage of ours is the fault of the lowest rung that needs the network', () => {
  expect(faultOf(climb(offline('timeout'), { ownNetworkDown: true }))).toMatchObject({
    id: 'tcp_port',
    code: 'link.local_network_down',
  });
});
