/** One agent as it was met: its card, the way to it, and the official client on our own HTTP. */
import type { AgentCard } from '@a2a-js/sdk';
import type { Client } from '@a2a-js/sdk/client';
import { v4 } from 'uuid';
import type { Clock } from '../../clock/clock.ts';
import { DEVICE_PROOF, devicePin } from '../../contract/index.ts';
import { HttpFailure } from '../http/http-failure.ts';
import { ASK_MS, within } from '../http/limits.ts';
import { originFetch } from '../http/origin-fetch.ts';
import {
  CARD_LIMIT_BYTES,
  cardAddresses,
  chooseEndpoint,
  type Endpoint,
  identityOf,
  type NoEndpoint,
  proofHeader,
} from './card.ts';
import { newChallenge, provenDevice } from './device-proof.ts';
import { CallFailure, classify, type Failure } from './failures.ts';

/** What comes back may hold 16 MB of files in base64, and some text. */
const ANSWER_LIMIT_BYTES = 24 * 1024 * 1024;

/** The official client, loaded with the first agent. */
const sdk = () => import('@a2a-js/sdk/client');

const UNPROVEN: Failure = {
  kind: 'busy',
  retryAfterMs: null,
  detail: 'It did not prove its device key, so nothing is sent to it.',
};

/** An agent's card, and the one of its endpoints that is talked to. */
export interface Met {
  readonly card: AgentCard;
  readonly endpoint: Endpoint;
}

/** Why what is there is no agent that we can talk to. */
export type NoAgent = NoEndpoint | { readonly kind: 'proof' };

/** Whom to meet. `tls`: pinned certificate, SHA-256 in hex; null = an authority vouches. */
export interface MeetOptions {
  /** As it is stored. */
  readonly address: string;
  readonly tls: string | null;
  readonly token: string | null;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** It has to prove its device key: then no token goes out for a card. */
  readonly asksDevice?: boolean;
}

/** A card, and who answers as far as it tells, or as the device key that was proven with it. */
export interface ReadCard {
  readonly card: AgentCard;
  readonly identity: string;
}

/**
 * Fetches the card. First without the token: cards are public as a rule, and a place that has none
 * need not see it.
 * @throws CallFailure
 */
export async function fetchCard(options: MeetOptions): Promise<ReadCard> {
  let last: unknown = null;
  for (const url of cardAddresses(options.address)) {
    try {
      return await readCard(url, options, false);
    } catch (error) {
      const failure = classify(error);
      if (failure.kind === 'unauthorized' && options.token !== null && !options.asksDevice) {
        return await readCard(url, options, true);
      }
      // A card elsewhere is looked for only where there is none here.
      if (!isAbsent(error)) throw new CallFailure(failure);
      last ??= error;
    }
  }
  throw new CallFailure(classify(last));
}

const isAbsent = (error: unknown): boolean =>
  error instanceof HttpFailure && error.problem.kind === 'status';

async function readCard(url: string, options: MeetOptions, prove: boolean): Promise<ReadCard> {
  const { origin } = new URL(url);
  const { token, tls, clock } = options;
  const headers =
    prove && token !== null ? { authorization: `Bearer ${token}` } : ({} as Record<string, string>);
  const get = originFetch({ origin, tls, headers, limitBytes: CARD_LIMIT_BYTES });
  return within(clock, ASK_MS, options.signal, async (signal) => {
    const challenge = options.asksDevice ? newChallenge() : null;
    const head = {
      accept: 'application/json',
      'a2a-version': '1.0',
      ...(challenge === null ? {} : { [DEVICE_PROOF.ask]: challenge }),
    };
    const response = await get(url, { signal, headers: head });
    if (!response.ok) {
      throw new HttpFailure({ kind: 'status', status: response.status });
    }
    const body = new Uint8Array(await response.arrayBuffer());
    const card = await parseCard(new TextDecoder().decode(body));
    if (challenge === null) return { card, identity: identityOf(card) };
    const device = provenDevice(response.headers.get(DEVICE_PROOF.answer), challenge, body);
    // Its keychain may be locked: that is no other device, and nothing is sent to it before it is proven.
    if (device === null) throw new CallFailure(UNPROVEN);
    return { card, identity: devicePin(device) };
  });
}

/** Reads a card of A2A 1.0, or of 0.3 by the client's compatibility layer. @throws CallFailure */
export async function parseCard(text: string): Promise<AgentCard> {
  const { DefaultAgentCardResolver } = await sdk();
  const { AgentCard } = await import('@a2a-js/sdk');
  const { isLegacyAgentCard } = await import('@a2a-js/sdk/compat/v0_3/client');
  try {
    const raw: unknown = JSON.parse(text);
    const isLegacy = isLegacyAgentCard(raw);
    const card = isLegacy
      ? new DefaultAgentCardResolver({ legacyCompat: { enabled: true } }).normalizeAgentCard(raw)
      : AgentCard.fromJSON(raw);
    if (card.name.trim() !== '' && card.supportedInterfaces.length > 0) return card;
  } catch {
    // What it is instead does not matter.
  }
  throw new CallFailure({ kind: 'invalid', detail: 'What lies there is not an agent card.' });
}

/** Decides how to reach an agent by its card. */
export function meet(card: AgentCard, address: string, token: string | null): Met | NoAgent {
  const endpoint = chooseEndpoint(card, address);
  if ('kind' in endpoint) return endpoint;
  if (token !== null && proofHeader(card, token) === null) return { kind: 'proof' };
  return { card, endpoint };
}

/** The official client for an agent, on HTTP that reaches its origin only. */
export async function openClient(
  { card, endpoint }: Met,
  options: Pick<MeetOptions, 'tls' | 'token'>,
): Promise<Client> {
  const { ClientFactory, JsonRpcTransportFactory, RestTransportFactory } = await sdk();
  const { token, tls } = options;
  const fetchImpl = originFetch({
    origin: new URL(endpoint.url).origin,
    tls,
    headers: token === null ? {} : (proofHeader(card, token) ?? {}),
    limitBytes: ANSWER_LIMIT_BYTES,
  });
  const transport = { fetchImpl, legacyCompat: { enabled: true } };
  const way = card.supportedInterfaces.find(
    (one) => one.protocolBinding === endpoint.binding && one.protocolVersion === endpoint.version,
  );
  const one = {
    url: endpoint.url,
    protocolBinding: endpoint.binding,
    protocolVersion: endpoint.version,
    tenant: way?.tenant ?? '',
  };
  const factory = new ClientFactory({
    transports: [new JsonRpcTransportFactory(transport), new RestTransportFactory(transport)],
  });
  // The client needs the way and the capabilities; the rest of a stranger's card stays out of it.
  return factory.createFromAgentCard({
    ...card,
    supportedInterfaces: [one],
    securitySchemes: {},
    securityRequirements: [],
    skills: [],
    signatures: [],
  });
}

/**
 * Asks for a task that nobody has: whoever is let in is told that it is not there.
 * @throws CallFailure where we are not let in, or nothing sensible answers
 */
export async function proveToken(client: Client, clock: Clock, signal: AbortSignal): Promise<void> {
  const id = v4();
  try {
    await within(clock, ASK_MS, signal, (inner) =>
      client.getTask({ tenant: '', id }, { signal: inner }),
    );
  } catch (error) {
    const failure = classify(error);
    switch (failure.kind) {
      case 'task_unknown':
      case 'unsupported':
      case 'refused':
        return;
      default:
        throw new CallFailure(failure);
    }
  }
}
