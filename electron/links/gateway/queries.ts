/** The peer's own lists. */
import * as z from 'zod';
import type { AgentView, SessionView } from '../../contract/index.ts';
import type { Wire } from './wire.ts';

const LIMIT_MS = 15_000;
/** More are not shown: a person picks from this list. */
const MAX_ENTRIES = 500;

const maybeText = z.string().optional().catch(undefined);

const Agents = z.object({
  defaultId: maybeText,
  agents: z.array(z.unknown()).max(10_000),
});
const Agent = z.object({
  id: z.string().min(1).max(200),
  name: maybeText,
  identity: z.object({ name: maybeText }).optional().catch(undefined),
});
const Sessions = z.object({ sessions: z.array(z.unknown()).max(10_000) });
const Session = z.object({
  key: z.string().min(1).max(512),
  agentId: maybeText,
  label: maybeText,
  displayName: maybeText,
  updatedAt: z.number().nullable().optional().catch(null),
});

const short = (text: string): string => text.toWellFormed().slice(0, 200);

/** `agents.list`, default agent first. Throws a WireError. */
export async function listAgents(wire: Wire, signal: AbortSignal): Promise<AgentView[]> {
  const answer = await wire.request('agents.list', {}, { timeoutMs: LIMIT_MS, signal });
  const parsed = Agents.safeParse(answer);
  if (!parsed.success) return [];
  const { defaultId, agents } = parsed.data;
  return agents
    .map((value) => Agent.safeParse(value))
    .flatMap((entry) => (entry.success ? [entry.data] : []))
    .slice(0, MAX_ENTRIES)
    .map((agent) => ({
      id: agent.id,
      name: short(agent.identity?.name || agent.name || agent.id),
      isDefault: agent.id === defaultId,
    }))
    .sort((a, b) => Number(b.isDefault) - Number(a.isDefault));
}

/** How the names of the sessions begin that a device of ours makes for its threads, after the agent's. */
export const ownSessions = (deviceId: string): string =>
  `peerage-${deviceId.slice(0, 12)}-`.toLowerCase();

/** `agent:<agent>:<name>`. */
const isOwn = (key: string, own: string): boolean =>
  key.toLowerCase().split(':').slice(2).join(':').startsWith(own);

/**
 * `sessions.list`, newest first. Throws a WireError.
 * @param own see {@link ownSessions}: these are threads here already, and nothing to pick.
 */
export async function listSessions(
  wire: Wire,
  agentId: string | null,
  own: string,
  signal: AbortSignal,
): Promise<SessionView[]> {
  const params = { limit: MAX_ENTRIES, ...(agentId === null ? {} : { agentId }) };
  const answer = await wire.request('sessions.list', params, { timeoutMs: LIMIT_MS, signal });
  const parsed = Sessions.safeParse(answer);
  if (!parsed.success) return [];
  return parsed.data.sessions
    .map((value) => Session.safeParse(value))
    .flatMap((entry) => (entry.success && !isOwn(entry.data.key, own) ? [entry.data] : []))
    .slice(0, MAX_ENTRIES)
    .map((session) => ({
      key: session.key,
      label: short(session.label || session.displayName || session.key),
      agentId: session.agentId ?? session.key.split(':')[1] ?? '',
      updatedAt: session.updatedAt ?? null,
    }));
}
