/**
 * The JSON files: tokens.json and registry.json of agent-team-mesh, and agent_state.json of the
 * ClawLink client.
 */
import type { Parsed, RegistryAgent } from './parsed.ts';
import { cleanLine, isPlain, parseJson, realValue, tokenIn } from './text.ts';

/** More than any team has; what follows is said to be left out. */
export const MOST_AGENTS = 500;

/** Reads one of the three; null where it is none of them. */
export function parseJsonForm(text: string): Parsed | null {
  const value = parseJson(text.replace(/^\uFEFF/, ''));
  if (!isPlain(value)) return null;
  if (isPlain(value.tokens)) return tokens(value.tokens);
  if (Array.isArray(value.agents)) return registry(value.agents);
  const relayUrl = cleanLine(value.relay_url, 2048);
  if (relayUrl !== null && 'agent_id' in value)
    return {
      kind: 'agent_state',
      relayUrl,
      agentName: cleanLine(value.agent_name, 80),
      token: tokenIn(value.token),
      problems: [],
    };
  return null;
}

/** Both files name an agent by the part of its e-mail address before the `@`. */
const keyOf = (value: unknown): string | null => cleanLine(value, 200)?.toLowerCase() ?? null;

function tokens(entries: Readonly<Record<string, unknown>>): Parsed {
  const found = new Map<string, string>();
  const problems: string[] = [];
  const all = Object.entries(entries);
  for (const [name, value] of all.slice(0, MOST_AGENTS)) {
    const key = keyOf(name);
    if (key === null) continue;
    const token = tokenIn(value);
    if (token === null) {
      if (realValue(value) !== null) problems.push(`What stands for “${key}” cannot be a token.`);
    } else if (found.has(key)) {
      problems.push(`“${key}” stands there more than once. The first one counts.`);
    } else found.set(key, token);
  }
  if (all.length > MOST_AGENTS) problems.push(tooMany(all.length));
  return { kind: 'mesh_tokens', tokens: found, problems };
}

function registry(entries: readonly unknown[]): Parsed {
  const problems: string[] = [];
  const seen = new Set<string>();
  const agents: RegistryAgent[] = [];
  for (const entry of entries.slice(0, MOST_AGENTS)) {
    if (!isPlain(entry)) continue;
    const key = keyOf(entry.emailPrefix);
    if (key !== null && seen.has(key)) {
      problems.push(`“${key}” stands there more than once. The first one counts.`);
      continue;
    }
    if (key !== null) seen.add(key);
    agents.push({
      key,
      name: cleanLine(entry.name, 80),
      nickname: cleanLine(entry.redName, 40),
      ip: realValue(entry.ip),
      notes: [cleanLine(entry.note, 2000), hostNote(entry.hostname)].filter(Boolean).join('\n'),
    });
  }
  if (entries.length > MOST_AGENTS) problems.push(tooMany(entries.length));
  return { kind: 'mesh_registry', agents, problems };
}

const hostNote = (value: unknown): string | null => {
  const host = cleanLine(value, 200);
  return host === null ? null : `Host: ${host}`;
};

const tooMany = (count: number): string =>
  `It holds ${count} entries. Only the first ${MOST_AGENTS} are read.`;
