/**
 * Whether an agent of a gateway asks before it runs commands, as OpenClaw's documents (*Exec approvals*,
 * *Permission modes*) say it and 2026.9.6 was seen to answer: `config.get` tells what is wished for,
 * `exec.approvals.get` what the host adds (it can only tighten), and a session in permission mode
 * `full` passes by both. Pure.
 */
import * as z from 'zod';

/** `unasked` = it may run any command without asking somebody. */
export type ExecVerdict =
  | { readonly kind: 'asks' }
  | { readonly kind: 'unasked'; readonly why: string }
  | { readonly kind: 'unknown'; readonly why: string };

const SECURITY = ['deny', 'allowlist', 'full'] as const;
const ASK = ['off', 'on-miss', 'always'] as const;
type Security = (typeof SECURITY)[number];
type Ask = (typeof ASK)[number];

const Knobs = z.object({
  mode: z.enum(['deny', 'allowlist', 'ask', 'auto', 'full']).optional(),
  security: z.enum(SECURITY).optional(),
  ask: z.enum(ASK).optional(),
});
const tools = z.object({ exec: Knobs.optional() }).optional();
const Config = z.object({
  runtimeConfig: z.object({
    tools,
    agents: z.object({ entries: z.record(z.string(), z.object({ tools })).optional() }).optional(),
  }),
});
const Limits = z.object({
  security: z.enum(SECURITY).optional(),
  ask: z.enum(ASK).optional(),
  askFallback: z.enum(['deny', 'allowlist', 'full']).optional(),
  allowlist: z.array(z.object({ pattern: z.string() })).optional(),
});
const Approvals = z.object({
  file: z.object({ defaults: Limits.optional(), agents: z.record(z.string(), Limits).optional() }),
});
const Described = z.object({
  session: z.object({ permissionMode: z.string().optional() }).nullable(),
});

interface Level {
  readonly security: Security;
  readonly ask: Ask;
}

/** What `tools.exec.mode` stands for. */
const LEVEL_OF: Readonly<Record<NonNullable<z.infer<typeof Knobs>['mode']>, Level>> = {
  deny: { security: 'deny', ask: 'off' },
  allowlist: { security: 'allowlist', ask: 'off' },
  ask: { security: 'allowlist', ask: 'on-miss' },
  auto: { security: 'allowlist', ask: 'on-miss' },
  full: { security: 'full', ask: 'off' },
};

/** An agent's own settings stand above those for all; nothing said means `full`. */
function wished(knobs: readonly (z.infer<typeof Knobs> | undefined)[]): Level {
  let level = LEVEL_OF.full;
  for (const one of knobs) {
    if (!one) continue;
    if (one.mode) level = LEVEL_OF[one.mode];
    level = { security: one.security ?? level.security, ask: one.ask ?? level.ask };
  }
  return level;
}

const stricter = <T>(order: readonly T[], a: T, b: T | undefined, byLower: boolean): T => {
  if (b === undefined) return a;
  const lower = order.indexOf(a) <= order.indexOf(b) ? a : b;
  return byLower ? lower : lower === a ? b : a;
};

const EVERYTHING = /^\**(?:\/\**)?$/;

/**
 * Reads the three answers. @param described null where the session does not exist yet or is not asked
 * about; what cannot be read is `unknown`, never *asks*.
 */
export function execVerdict(
  agentId: string,
  config: unknown,
  approvals: unknown,
  described: unknown,
): ExecVerdict {
  const read = Config.safeParse(config);
  const limits = Approvals.safeParse(approvals);
  const session = described === null ? null : Described.safeParse(described);
  if (!read.success) return { kind: 'unknown', why: 'Its settings cannot be read.' };
  if (!limits.success) return { kind: 'unknown', why: 'Its list of approvals cannot be read.' };
  if (session && !session.success) return { kind: 'unknown', why: 'The session cannot be read.' };
  if (session?.data.session?.permissionMode === 'full') {
    return { kind: 'unasked', why: 'The chosen session is in permission mode “full”.' };
  }
  const { runtimeConfig } = read.data;
  const { defaults, agents } = limits.data.file;
  const own = agents?.[agentId];
  // As OpenClaw 2026.9.6 does: what stands under `*` counts for every agent, below its own.
  const everyone = agents?.['*'];
  let level = wished([
    runtimeConfig.tools?.exec,
    runtimeConfig.agents?.entries?.[agentId]?.tools?.exec,
  ]);
  const host = { ...defaults, ...everyone, ...own };
  level = {
    security: stricter(SECURITY, level.security, host.security, true),
    ask: stricter(ASK, level.ask, host.ask, false),
  };
  if (level.security === 'deny') return { kind: 'asks' };
  // With `full` nothing is looked up in a list, so “on-miss” never asks.
  if (level.security === 'full' && level.ask !== 'always') {
    return {
      kind: 'unasked',
      why: `Its commands run with security “full” and ask “${level.ask}”.`,
    };
  }
  if (level.ask !== 'off' && host.askFallback === 'full') {
    return { kind: 'unasked', why: 'Where nobody answers in time, its commands run all the same.' };
  }
  const all = [defaults, everyone, own].flatMap((limits) => limits?.allowlist ?? []);
  if (level.ask !== 'always' && all.some(({ pattern }) => EVERYTHING.test(pattern.trim()))) {
    return { kind: 'unasked', why: 'Its list of allowed commands holds all of them.' };
  }
  return { kind: 'asks' };
}
