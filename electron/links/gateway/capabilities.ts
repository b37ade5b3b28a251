/** What the agent over there can do, as its gateway tells. */
import * as z from 'zod';
import type { Wire } from './wire.ts';

const LIMIT_MS = 15_000;
/** As many tags as a peer may have, and as long as one may be (the contract's `peer.update`). */
const MAX_TAGS = 64;
const MAX_TAG_UNITS = 40;
const MAX_SKILLS = 10_000;

const flag = z.boolean().optional().catch(undefined);
const Skills = z.object({ skills: z.array(z.unknown()).max(MAX_SKILLS) });
const Skill = z.object({
  name: z.string().trim().min(1).max(MAX_TAG_UNITS),
  eligible: flag,
  disabled: flag,
  modelVisible: flag,
});

const plain = (name: string): boolean =>
  name.isWellFormed() && !/[\p{Cc}\p{Bidi_Control}]/u.test(name);

/**
 * The skills that the agent can really use now (`skills.status`, scope operator.read; observed on
 * OpenClaw 2026.9.6: 57 entries, 22 of them eligible). Untrusted names, for showing and filtering.
 * Throws a WireError.
 */
export async function listCapabilities(
  wire: Wire,
  agentId: string | null,
  signal: AbortSignal,
): Promise<string[]> {
  const params = agentId === null ? {} : { agentId };
  const answer = await wire.request('skills.status', params, { timeoutMs: LIMIT_MS, signal });
  const parsed = Skills.safeParse(answer);
  if (!parsed.success) return [];
  const names = parsed.data.skills
    .map((value) => Skill.safeParse(value))
    .flatMap((entry) => (entry.success ? [entry.data] : []))
    .filter((skill) => skill.eligible === true && !skill.disabled && skill.modelVisible !== false)
    .map((skill) => skill.name)
    .filter(plain);
  return [...new Set(names)].slice(0, MAX_TAGS);
}
