/** What agents ask for that goes to a whole relay: a shared file, a broadcast. */
import type { Described, Outcome } from '../agents/index.ts';
import {
  type BroadcastAsk,
  type CallerContext,
  type CallHandlers,
  CodedError,
  codedError,
  type PeerId,
  type PutAsk,
  type RelayId,
  type RelayView,
  type Result,
} from '../contract/index.ts';
import { checkSharedFile } from './shared-file-guard.ts';

/** A broadcast by a relay's own route. */
export type TellAsk = BroadcastAsk & {
  readonly audience: Extract<BroadcastAsk['audience'], { kind: 'relay' }>;
};

/** Narrows a broadcast to one that goes to a relay. */
export const isTell = (ask: BroadcastAsk): ask is TellAsk => ask.audience.kind === 'relay';

/** An agent's request of a relay: described first, carried out once the person let it through. */
export interface RelayAsks {
  /** @throws CodedError relay.*, message.* */
  describe(ask: PutAsk | TellAsk): Promise<Described>;
  /**
   * For the relay that it was described for (`to`), whichever we are on by then.
   * @throws what the call throws, and CodedError agent.file_changed
   */
  perform(
    ask: PutAsk | TellAsk,
    to: readonly PeerId[],
    context: Required<CallerContext>,
  ): Promise<Outcome>;
}

/** What such a request is checked and carried out with. */
export interface RelayAsksOptions {
  /** Asked late: they are being built. */
  readonly handlers: () => CallHandlers;
  /** @throws CodedError message.too_large, message.looks_secret */
  readonly checkText: (text: string) => void;
  /** For looking only: nothing is sent in its name. */
  readonly looking: CallerContext;
}

/** The most that `relay.agents` names. */
const MOST_AGENTS = 500;

/** A relay stands where a peer would: no rule for a peer has its id. */
const asPeer = (id: RelayId): PeerId => id as string as PeerId;

/** Where it goes that was approved. */
const asRelay = ([only]: readonly PeerId[]): RelayId => {
  if (only === undefined) throw codedError('relay.not_found', 'There is none.');
  return only as string as RelayId;
};

/** What a result holds. @throws CodedError */
export function taken<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new CodedError(result.error);
}

/** Builds them. */
export function createRelayAsks({ handlers, checkText, looking }: RelayAsksOptions): RelayAsks {
  const relayOf = async (relayId: RelayId | undefined): Promise<RelayView> => {
    const { relays } = taken(await handlers()['relay.list']({}, looking));
    const found = relays.filter((each) => relayId === undefined || each.id === relayId);
    const [only] = found;
    if (!only || found.length > 1) {
      throw codedError('relay.not_found', only ? 'There are several: name one.' : 'There is none.');
    }
    return only;
  };

  /** All agents of the relay can read it, so the strictest rule for a peer among them counts. */
  const toAll = async ({ id, name }: RelayView) => {
    const input = { relayId: id, search: '', limit: MOST_AGENTS };
    const { agents } = taken(await handlers()['relay.agents'](input, looking));
    return {
      recipients: [{ peerId: asPeer(id), name: `all on ${name}` }],
      readers: agents.flatMap(({ peerId }) => (peerId === null ? [] : [peerId])),
      leftOut: [],
    };
  };

  const describeTell = async (ask: TellAsk): Promise<Described> => {
    const relay = await relayOf(ask.audience.relayId);
    checkText(ask.text);
    checkText([ask.topic ?? '', ...ask.tags].join('\n'));
    const { agentsTotal } = relay;
    const others = agentsTotal === 1 ? 'one agent listed now' : `${agentsTotal} agents listed now`;
    return {
      ...(await toAll(relay)),
      text: ask.text,
      kind: 'broadcast',
      topic: ask.topic,
      facts: [
        { label: 'Read by', value: `everybody on ${relay.name} (${others}), and the relay itself` },
        ...(ask.tags.length > 0 ? [{ label: 'Tags', value: ask.tags.join(', ') }] : []),
      ],
    };
  };

  const describeFile = async (ask: PutAsk): Promise<Described> => {
    const relay = await relayOf(ask.relayId);
    checkSharedFile({ key: ask.key, type: ask.type, content: ask.text });
    const base = ask.base === null ? 'a new file' : `instead of version ${ask.base}`;
    return {
      ...(await toAll(relay)),
      text: ask.text,
      kind: 'message',
      topic: ask.key,
      facts: [{ label: 'Shared file', value: `${ask.key} (${ask.type}), ${base}` }],
    };
  };

  const tell = async (
    ask: TellAsk,
    id: RelayId,
    context: Required<CallerContext>,
  ): Promise<Outcome> => {
    const { topic, tags, text: content } = ask;
    // One id for ever: the same request is told once.
    const input = { relayId: id, id: context.asked.requestId, content, tags, topic: topic ?? '' };
    taken(await handlers()['relay.broadcast'](input, context));
    return { peerId: asPeer(id), threadId: null, messageId: null };
  };

  const put = async (ask: PutAsk, id: RelayId, context: CallerContext): Promise<Outcome> => {
    const { key, type, base, text: content } = ask;
    const input = { relayId: id, key, type, base, content };
    const done = taken(await handlers()['files.put'](input, context));
    if (done.kind !== 'saved') {
      throw codedError('agent.file_changed', `It is version ${done.theirs.version} now.`);
    }
    return { peerId: asPeer(id), threadId: null, messageId: null };
  };

  return {
    describe: (ask) => (ask.verb === 'put' ? describeFile(ask) : describeTell(ask)),
    perform: async (ask, to, context) =>
      ask.verb === 'put' ? put(ask, asRelay(to), context) : tell(ask, asRelay(to), context),
  };
}
