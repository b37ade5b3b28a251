/** Events of a gateway, read leniently. Anything else is dropped, and out-of-schema ones counted. */
import * as z from 'zod';

const id = z.string().min(1).max(1024);
const maybeText = z.string().optional().catch(undefined);
const maybeNumber = z.number().finite().optional().catch(undefined);

const Chat = z.object({
  runId: id,
  sessionKey: id,
  seq: maybeNumber,
  state: z.enum(['status', 'delta', 'final', 'aborted', 'error']),
  deltaText: maybeText,
  replace: z.boolean().optional().catch(undefined),
  message: z.unknown().optional(),
  errorMessage: maybeText,
  stopReason: maybeText,
});
export type ChatEvent = z.infer<typeof Chat>;

const SessionMessage = z.object({
  sessionKey: id,
  message: z.unknown().optional(),
  messageId: maybeText,
});
export type SessionMessageEvent = z.infer<typeof SessionMessage>;

/** `agent` events matter only where a run waits for an approval, or no longer does. */
const AgentLifecycle = z.object({
  runId: id,
  sessionKey: id,
  stream: z.literal('lifecycle'),
  data: z.object({ phase: z.enum(['waiting-approval', 'approval-resolved']) }),
});

const SessionApproval = z.object({
  sessionKey: id,
  phase: z.enum(['pending', 'terminal']),
});

const Shutdown = z.object({ reason: maybeText, restartExpectedMs: maybeNumber });

/** What an event means to a link. `waiting`: a run waits for an approval. Texts untrusted. */
export type GatewayEvent =
  | { readonly kind: 'chat'; readonly chat: ChatEvent }
  | { readonly kind: 'row'; readonly row: SessionMessageEvent }
  | {
      readonly kind: 'waiting';
      readonly runId: string | null;
      readonly sessionKey: string;
      readonly waiting: boolean;
    }
  | { readonly kind: 'shutdown'; readonly expectedMs: number | null; readonly restart: boolean }
  /** Known to be of no interest. */
  | { readonly kind: 'other' }
  /** Out of schema. */
  | { readonly kind: 'broken' };

const BROKEN: GatewayEvent = { kind: 'broken' };
const OTHER: GatewayEvent = { kind: 'other' };

function readAgent(payload: unknown): GatewayEvent {
  const parsed = AgentLifecycle.safeParse(payload);
  if (!parsed.success) return OTHER;
  const { runId, sessionKey, data } = parsed.data;
  return { kind: 'waiting', runId, sessionKey, waiting: data.phase === 'waiting-approval' };
}

/** Reads one event. Never throws. */
export function readEvent(event: string, payload: unknown): GatewayEvent {
  switch (event) {
    case 'chat': {
      const parsed = Chat.safeParse(payload);
      return parsed.success ? { kind: 'chat', chat: parsed.data } : BROKEN;
    }
    case 'session.message': {
      const parsed = SessionMessage.safeParse(payload);
      return parsed.success ? { kind: 'row', row: parsed.data } : BROKEN;
    }
    case 'agent':
      return readAgent(payload);
    case 'session.approval': {
      const parsed = SessionApproval.safeParse(payload);
      if (!parsed.success) return BROKEN;
      const { sessionKey, phase } = parsed.data;
      return { kind: 'waiting', runId: null, sessionKey, waiting: phase === 'pending' };
    }
    case 'shutdown': {
      const parsed = Shutdown.safeParse(payload);
      if (!parsed.success) return BROKEN;
      const { reason, restartExpectedMs } = parsed.data;
      const restart = restartExpectedMs !== undefined || /restart/i.test(reason ?? '');
      return { kind: 'shutdown', expectedMs: restartExpectedMs ?? null, restart };
    }
    default:
      return OTHER;
  }
}

const Hello = z.object({
  protocol: z.number(),
  server: z.object({ version: z.string().max(200), bootId: maybeText }),
  features: z.object({ methods: z.array(z.string()).max(5000) }).catch({ methods: [] }),
  auth: z.object({ scopes: z.array(z.string().max(200)).max(200) }).catch({ scopes: [] }),
  snapshot: z
    .object({
      uptimeMs: maybeNumber,
      sessionDefaults: z.object({ defaultAgentId: maybeText }).optional().catch(undefined),
    })
    .optional()
    .catch(undefined),
  policy: z
    .object({
      maxPayload: maybeNumber,
      attachments: z
        .object({ maxBytes: maybeNumber, maxImageBytes: maybeNumber })
        .optional()
        .catch(undefined),
    })
    .catch({}),
});

/** The little of a hello that is kept: the whole is some 30 kB per connection. */
export interface HelloFacts {
  readonly serverVersion: string;
  /** New with every process of the gateway. */
  readonly bootId: string | null;
  /** When that process was started, by our monotonic clock. */
  readonly startedAt: number;
  readonly protocol: number;
  readonly scopes: string[];
  readonly identityKnown: boolean;
  readonly defaultAgentId: string | null;
  readonly maxPayload: number | null;
  readonly maxAttachment: number | null;
  readonly maxImage: number | null;
}

/** Reads `hello-ok`; null where it is none. `now` is monotonic. */
export function readHello(value: unknown, now: number): HelloFacts | null {
  const parsed = Hello.safeParse(value);
  if (!parsed.success) return null;
  const { protocol, server, features, auth, snapshot, policy } = parsed.data;
  return {
    protocol,
    serverVersion: server.version,
    bootId: server.bootId ?? null,
    startedAt: now - (snapshot?.uptimeMs ?? 0),
    scopes: auth.scopes,
    identityKnown: features.methods.includes('gateway.identity.get'),
    defaultAgentId: snapshot?.sessionDefaults?.defaultAgentId ?? null,
    maxPayload: policy.maxPayload ?? null,
    maxAttachment: policy.attachments?.maxBytes ?? null,
    maxImage: policy.attachments?.maxImageBytes ?? null,
  };
}
