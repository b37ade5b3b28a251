/** The agent card: where it may lie, what of it we use, and what of it tells who answers. */
import { createHash } from 'node:crypto';
import type { AgentCard, AgentInterface } from '@a2a-js/sdk';
import { type AgentCardView, DELEGATION_EXTENSION } from '../../contract/index.ts';

/** A card holds names and descriptions; one this large is something else. */
export const CARD_LIMIT_BYTES = 262_144;
const WELL_KNOWN = '/.well-known/agent-card.json';

/** Where the card of a stored address may lie, likeliest first. All of one origin. */
export function cardAddresses(address: string): readonly string[] {
  const { origin, pathname } = new URL(address);
  const path = pathname.replace(/\/+$/, '');
  if (/\.json$/i.test(path)) return [`${origin}${path}`];
  if (path === '') return [`${origin}${WELL_KNOWN}`];
  return [`${origin}${path}${WELL_KNOWN}`, `${origin}${WELL_KNOWN}`];
}

/** The wire that a card offers and that we speak. */
export interface Endpoint {
  readonly url: string;
  readonly binding: 'JSONRPC' | 'HTTP+JSON';
  /** As the card says it: *1.0*, *0.3*. */
  readonly version: string;
}

/** Why there is no {@link Endpoint}. */
export type NoEndpoint =
  | { readonly kind: 'elsewhere'; readonly url: string }
  | { readonly kind: 'version'; readonly theirs: string }
  | { readonly kind: 'binding'; readonly offered: readonly string[] };

const isSpoken = (version: string): boolean => /^(0\.3|1)(\.\d+)*$/.test(version);
const bindingOf = (text: string): Endpoint['binding'] | null =>
  text === 'JSONRPC' || text === 'HTTP+JSON' ? text : null;
const originOf = (url: string): string | null => (URL.canParse(url) ? new URL(url).origin : null);

/**
 * Picks the first way that the card offers, that we speak, and that stays at the origin that a person
 * typed. Where the person typed the endpoint itself, that is taken although the card, seen through a
 * tunnel or a proxy, names another host for it.
 */
export function chooseEndpoint(card: AgentCard, address: string): Endpoint | NoEndpoint {
  const { origin, pathname } = new URL(address);
  const known = card.supportedInterfaces.filter((one) => bindingOf(one.protocolBinding) !== null);
  if (known.length === 0) {
    const offered = card.supportedInterfaces.map((one) => one.protocolBinding.slice(0, 40));
    return { kind: 'binding', offered: offered.slice(0, 8) };
  }
  const spoken = known.filter((one) => isSpoken(one.protocolVersion));
  const first = spoken[0];
  if (!first) return { kind: 'version', theirs: known[0]?.protocolVersion.slice(0, 20) ?? '' };
  const here = spoken.filter((one) => originOf(one.url) === origin);
  const typed = pathname.replace(/\/+$/, '');
  const isEndpoint = typed !== '' && !/\.json$/i.test(typed);
  const same = here.find((one) => new URL(one.url).pathname.replace(/\/+$/, '') === typed);
  const chosen = same ?? here[0];
  if (chosen) return endpoint(chosen, chosen.url);
  return isEndpoint
    ? endpoint(first, `${origin}${typed}`)
    : { kind: 'elsewhere', url: first.url.slice(0, 300) };
}

const endpoint = (one: AgentInterface, url: string): Endpoint => ({
  url,
  binding: bindingOf(one.protocolBinding) ?? 'JSONRPC',
  version: one.protocolVersion,
});

/** How the token is shown; null where the card asks for something that a typed token cannot be. */
export function proofHeader(
  card: AgentCard,
  token: string,
): Readonly<Record<string, string>> | null {
  const schemes = Object.values(card.securitySchemes).map((one) => one.scheme);
  const bearer = { authorization: `Bearer ${token}` };
  if (schemes.length === 0) return bearer;
  for (const scheme of schemes) {
    switch (scheme?.$case) {
      case 'httpAuthSecurityScheme':
        if (/^bearer$/i.test(scheme.value.scheme)) return bearer;
        break;
      case 'oauth2SecurityScheme':
      case 'openIdConnectSecurityScheme':
        return bearer;
      case 'apiKeySecurityScheme': {
        const { location, name } = scheme.value;
        if (location === 'header' && /^x-[a-z\d-]{1,60}$/i.test(name)) return { [name]: token };
        break;
      }
      default:
    }
  }
  return null;
}

/** True where the card is of another Peerage, which knows a message by its id for long. */
export const isPeerage = (card: AgentCard): boolean =>
  card.capabilities?.extensions.some((one) => one.uri === DELEGATION_EXTENSION) ?? false;

/** OpenClaw's `channels.a2a` (seen with 2026.9.6). A claim, used for words only. */
const isOpenClaw = (card: AgentCard): boolean =>
  card.name === 'OpenClaw' && /\bOpenClaw agent gateway\b/.test(card.description);

/** True where some input mode is not text. OpenClaw says `text/plain` and drops files in silence. */
export const takesFiles = (card: AgentCard): boolean =>
  [...card.defaultInputModes, ...card.skills.flatMap((skill) => skill.inputModes)].some(
    (mode) => !/^(text|application\/json)\b/i.test(mode),
  );

const UNSEEN = /[\p{Cc}\p{Bidi_Control}\u200b-\u200f\ufeff]/gu;

/** A line of a stranger, for showing: nothing invisible, one line, not too long. */
const clean = (text: string, units: number): string =>
  text.replace(/\s+/gu, ' ').replace(UNSEEN, '').trim().slice(0, units).toWellFormed();

const webAddress = (text: string | undefined): string | null => {
  if (!text || text.length > 500 || !URL.canParse(text)) return null;
  const { protocol, href, username } = new URL(text);
  return (protocol === 'https:' || protocol === 'http:') && !username ? href : null;
};

/** True where two cards tell apart only what the agent is good at, and not what it takes. */
export function differsInSkillsAlone(one: AgentCard, other: AgentCard): boolean {
  const rest = (card: AgentCard): string => JSON.stringify({ ...card, skills: [] });
  return rest(one) === rest(other) && takesFiles(one) === takesFiles(other);
}

/** The card as windows see it. All of it is text of the other side, bounded and unverified. */
export function viewOf(card: AgentCard, { version, binding }: Endpoint): AgentCardView {
  const limits: AgentCardView['limits'] = [];
  if (card.capabilities?.streaming !== true) limits.push('whole_answers');
  if (isOpenClaw(card)) limits.push('no_stop', 'forgets_on_restart', 'no_consent');
  if (!takesFiles(card)) limits.push('text_only');
  return {
    name: clean(card.name, 80) || 'Unnamed agent',
    description: clean(card.description, 1_000),
    version: clean(card.version, 40),
    provider: clean(card.provider?.organization ?? '', 80) || null,
    website: webAddress(card.provider?.url) ?? webAddress(card.documentationUrl),
    protocol: `${version} over ${binding === 'JSONRPC' ? 'JSON-RPC' : 'HTTP+JSON'}`,
    peerage: isPeerage(card),
    limits,
    skills: card.skills.slice(0, 32).map((skill) => ({
      name: clean(skill.name || skill.id, 80),
      description: clean(skill.description, 300),
      tags: skill.tags.slice(0, 8).flatMap((tag) => clean(tag, 40) || []),
    })),
  };
}

/** What the agent says that it can do, as tags. That a Peerage takes work goes without saying. */
export function tagsOf(card: AgentCard): readonly string[] {
  const skills = isPeerage(card)
    ? card.skills.filter(({ id }) => id !== 'delegation')
    : card.skills;
  const said = skills.flatMap((skill) => [skill.name || skill.id, ...skill.tags]);
  return [...new Set(said.map((tag) => clean(tag, 40)).filter(Boolean))].slice(0, 64);
}

/**
 * SHA-256, lower-case hex, of the parts of a card that say who answers: name, provider, ways to reach
 * it, and how it wants to be proven to. Description, skills and versions change with every update, and
 * are no identity.
 */
export function identityOf(card: AgentCard): string {
  const parts = {
    name: card.name,
    provider: [card.provider?.organization ?? '', card.provider?.url ?? ''],
    ways: card.supportedInterfaces.map((one) => [one.protocolBinding, one.url, one.tenant]),
    proofs: Object.entries(card.securitySchemes)
      .map(([name, one]) => [name, one.scheme?.$case ?? ''])
      .sort(),
  };
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
