/** Calls that need a running link: probing, reconnecting, trusting, listing. */
import type { Clock } from '../clock/clock.ts';
import { within } from '../clock/deadline.ts';
import {
  appError,
  type CallHandlers,
  CodedError,
  type CredentialInput,
  fail,
  type LinkId,
  ok,
  type ProbeResult,
  type Result,
  type SecretNeed,
} from '../contract/index.ts';
import { type A2aFindings, probeA2a } from '../links/a2a/index.ts';
import { normaliseGatewayUrl, type ProbeFindings, probeGateway } from '../links/gateway/index.ts';
import type { Link } from '../links/link.ts';
import { describeLinkState } from '../peers/index.ts';
import type { Device } from './device.ts';
import type { LinkRegistry } from './link-registry.ts';

/** The calls about one link that go out to its other end, or wait for it. */
export type LinkCallHandlers = Pick<
  CallHandlers,
  'link.probe' | 'link.reconnect' | 'link.trustIdentity' | 'link.agents' | 'link.sessions'
>;

/** What those calls need: the running links, and who we are where a link is only tried. */
export interface LinkCallOptions {
  readonly registry: LinkRegistry;
  readonly device: Device;
  readonly clock: Clock;
  readonly displayName: string;
  readonly appVersion: string;
  readonly log: (line: string) => void;
  /** Makes a secret known to the redactor: one that is only tried is kept nowhere. */
  readonly protect: (secret: string) => void;
  /** Another gateway answers from now on: what is open on the old one cannot be settled there. */
  readonly retargeted: (linkId: LinkId) => Promise<void>;
}

const LIST_TIMEOUT_MS = 15_000;

/** One careful look at an A2A agent. It needs no device of ours. */
async function probeAgent(
  { clock, log }: LinkCallOptions,
  url: string,
  credential: CredentialInput,
  signal: AbortSignal,
): Promise<Result<ProbeResult>> {
  const findings = await probeA2a({
    url,
    credential,
    clock,
    signal,
    log: (level, text) => log(`probe ${level}: ${text}`),
  });
  if (!findings.ok) return findings;
  const { state, card, identity, tlsFingerprint, durationMs }: A2aFindings = findings.value;
  const context = { peerId: null, linkId: null, url: findings.value.url, kind: 'a2a' } as const;
  const { text, error } = describeLinkState(state, { ...context, now: clock.now() });
  return ok({
    url: findings.value.url,
    state,
    stateText: text,
    error,
    agents: [],
    sessions: [],
    identity,
    tlsFingerprint,
    card,
    durationMs,
  });
}

/** One careful attempt; where the device's own key cannot be read there is nothing to try with. */
async function probe(
  { device, clock, displayName, appVersion, log }: LinkCallOptions,
  url: string,
  credential: CredentialInput,
  signal: AbortSignal,
): Promise<Result<ProbeResult>> {
  const found = await device.get();
  if (found.kind === 'unavailable') {
    const address = normaliseGatewayUrl(url);
    if (!address.ok) return address;
    return ok(inWords({ ...nothingFound(address.value.url, found.reason) }, clock.now()));
  }
  const findings = await probeGateway({
    url,
    credential,
    device: found.signer,
    clock,
    displayName,
    appVersion,
    signal,
    log: (level, text) => log(`probe ${level}: ${text}`),
  });
  return findings.ok ? ok(inWords(findings.value, clock.now())) : findings;
}

const nothingFound = (url: string, reason: SecretNeed): Omit<ProbeFindings, 'deviceToken'> => ({
  url,
  state: { kind: 'needs_secret', reason },
  agents: [],
  sessions: [],
  identity: null,
  tlsFingerprint: null,
  durationMs: 0,
});

const inWords = (
  {
    url,
    state,
    agents,
    sessions,
    identity,
    tlsFingerprint,
    durationMs,
  }: Omit<ProbeFindings, 'deviceToken'>,
  now: number,
): ProbeResult => {
  const { text, error } = describeLinkState(state, { peerId: null, linkId: null, url, now });
  return {
    url,
    state,
    stateText: text,
    error,
    agents: [...agents],
    sessions: [...sessions],
    identity,
    tlsFingerprint,
    card: null,
    durationMs,
  };
};

/** Builds the handlers. */
export function linkCalls(options: LinkCallOptions): LinkCallHandlers {
  const { registry, clock } = options;
  const running = (id: LinkId): Link => {
    const link = registry.link(id);
    if (!link)
      throw new CodedError(appError('link.not_connected', 'This link has no connection now.'));
    return link;
  };
  return {
    'link.probe': ({ kind, url, credential }, { signal }) => {
      if (credential.kind !== 'none') options.protect(credential.value);
      return kind === 'a2a'
        ? probeAgent(options, url, credential, signal)
        : probe(options, url, credential, signal);
    },
    'link.reconnect': ({ linkId }) => {
      registry.reconnect(linkId);
      return ok({});
    },
    'link.trustIdentity': async ({ linkId, seen }) => {
      const link = running(linkId);
      const state = link.state();
      const trusted = await link.trustIdentity(seen);
      if (trusted && state.kind === 'identity_changed' && state.what !== 'tls_fingerprint')
        await options.retargeted(linkId);
      return trusted
        ? ok({})
        : fail(
            appError(
              'link.identity_changed',
              'The gateway changed again since this was shown. Compare the new fingerprint.',
            ),
          );
    },
    'link.agents': async ({ linkId }, { signal }) => {
      const list = (limit: AbortSignal) => running(linkId).agents(limit);
      return ok({ agents: [...(await within(clock, LIST_TIMEOUT_MS, signal, list))] });
    },
    'link.sessions': async ({ linkId, agentId }, { signal }) => {
      const list = (limit: AbortSignal) => running(linkId).sessions(agentId, limit);
      return ok({ sessions: [...(await within(clock, LIST_TIMEOUT_MS, signal, list))] });
    },
  };
}
