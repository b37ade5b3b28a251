/** What the shared scenarios are made of: a gateway as they see it, and a link to it. */
import type { Credential } from '../../../electron/links/gateway/index.ts';
import { type Rig, startRig } from './link-rig.ts';

/** Holds a streamed answer in the middle until it is let go. */
export interface Hold {
  readonly until: Promise<void>;
  release(): void;
}

export interface ModelReply {
  readonly text?: string;
  readonly chunkMs?: number;
  readonly hold?: Hold;
  readonly fails?: true;
}

/** A gateway, fake or real, as the scenarios see it. */
export interface GatewayUnderTest {
  readonly url: string;
  readonly credential: Credential;
  /** Times are multiplied by this: a real one needs seconds where the fake needs none. */
  readonly patienceMs: number;
  /** What the model says to prompts that contain `match`. */
  answer(match: string, reply: ModelReply): void;
  /** How often the model was asked something that contains `match`. */
  modelCalls(match: string): number;
  /** Announced restart of the process, on the same state. */
  restart(): Promise<void>;
  /** Ends the process without a word. */
  kill(): Promise<void>;
  /** Starts it again after {@link kill}. */
  revive(): Promise<void>;
  revoke(deviceId: string): Promise<void>;
}

export interface Scenario {
  readonly name: string;
  run(gateway: GatewayUnderTest): Promise<void>;
}

/** A promise and its release. */
export function hold(): Hold {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { until: promise, release: resolve };
}

/** Runs a body with a connected link that watches a session of its own. */
export async function withLink(
  gateway: GatewayUnderTest,
  body: (rig: Rig, sessionKey: string) => Promise<void>,
  overrides: Parameters<typeof startRig>[1] = {},
  url = gateway.url,
): Promise<void> {
  const rig = startRig({ url, credential: gateway.credential }, overrides);
  try {
    await rig.up(gateway.patienceMs);
    const sessionKey = rig.link.sessionKeyFor(`t${Date.now().toString(36)}`, 'main');
    rig.link.watch(sessionKey);
    await body(rig, sessionKey);
  } finally {
    await rig.stop();
  }
}

/** A message without files. */
export const envelope = (key: string, sessionKey: string, text: string) => ({
  key,
  sessionKey,
  text,
  attachments: [],
});

/** Waits for the end of a run. */
export const finalOf = (rig: Rig, gateway: GatewayUnderTest, key: string) =>
  rig.event('run_final', (event) => event.key === key, gateway.patienceMs);

/** A word that no other scenario uses, so that model calls can be told apart. */
let words = 0;
export const word = (): string => `word${++words}x${Date.now().toString(36)}`;
