/**
 * Telling all agents of a relay the same: by the relay's own broadcast, not as a message for each. What
 * would go is shown before it goes; what went is kept.
 */
import { v7 } from 'uuid';
import type { Clock } from '../clock/clock.ts';
import {
  appError,
  type CallHandlers,
  codedError,
  fail,
  type OutgoingPreview,
  ok,
  type RelayId,
} from '../contract/index.ts';
import { failureOf, type RelaySigner } from '../links/relay/index.ts';
import { signTags } from './broadcast-tags.ts';
import { failedAt } from './failed-at.ts';
import type { Held } from './held.ts';
import type { RelaysOptions } from './options.ts';

/** The calls by which a person tells all agents of one relay something. */
export type BroadcastCalls = Pick<CallHandlers, 'relay.broadcast' | 'relay.broadcastPreview'>;

/**
 * What those calls need. `of` takes undefined for the only relay; `signer` is null without the
 * device's key.
 */
export interface BroadcastingOptions {
  readonly options: Pick<RelaysOptions, 'outgoing' | 'describe'>;
  readonly clock: Clock;
  /** @throws CodedError relay.which, relay.not_found */
  readonly of: (id: RelayId | undefined) => Held;
  readonly signer: () => RelaySigner | null;
}

/** What the published relay calls a broadcast without a topic. */
const NO_TOPIC = 'general';

interface Said {
  readonly content: string;
  readonly topic: string;
  readonly tags: readonly string[];
}

/** Builds the handlers. */
export function broadcastCalls(parts: BroadcastingOptions): BroadcastCalls {
  const { clock, of, signer } = parts;
  const { outgoing, describe } = parts.options;

  const clean = ({ content, topic, tags }: Said): Said => ({
    content: content.trim(),
    topic: topic || NO_TOPIC,
    tags: [...new Set(tags)],
  });

  /** Topic and tags go too, and stand on no line of the text: line 0. */
  const looked = ({ content, topic, tags }: Said): OutgoingPreview => {
    const message = outgoing.preview(content);
    const about = outgoing.preview([topic, ...tags].join('\n')).secrets;
    return {
      ...message,
      secrets: [...message.secrets, ...about.map((one) => ({ ...one, line: 0 }))],
    };
  };

  return {
    'relay.broadcastPreview': ({ relayId, ...input }) => {
      const { record } = of(relayId);
      const said = clean(input);
      return ok({
        relayId: record.id,
        relay: record.name,
        agentName: record.agentName,
        message: looked(said),
        topic: said.topic,
        tags: [...said.tags],
        signed: signer() !== null,
        plain: record.url.startsWith('http:'),
      });
    },
    'relay.broadcast': async ({ relayId, id = v7(), anyway = false, ...input }, { signal }) => {
      const relay = of(relayId);
      const { record } = relay;
      const said = clean(input);
      if (said.content === '') {
        throw codedError('message.empty', 'It holds nothing but white space.');
      }
      outgoing.check(said.content, anyway);
      if (!anyway) outgoing.check([said.topic, ...said.tags].join('\n'), false);
      if (outgoing.isTold(record.id, id)) return ok({ messageId: id, recipients: null });
      const from = record.agentId;
      const at = clock.now();
      const tags = signTags({ from, ...said }, signer(), { id, at });
      let recipients: number;
      try {
        recipients = await relay.hub.ask(signal, (requests, us, inner) =>
          requests.broadcast(us, id, { ...said, tags }, inner),
        );
      } catch (error) {
        const failure = failureOf(error);
        return fail(
          failure.kind === 'lost'
            ? appError('relay.broadcast_unclear', failure.detail)
            : failedAt(relay, failure, describe),
        );
      }
      await outgoing.keep({
        relayId: record.id,
        relay: record.name,
        id,
        text: said.content,
        topic: said.topic === NO_TOPIC ? null : said.topic,
        tags: said.tags,
        at,
      });
      return ok({ messageId: id, recipients });
    },
  };
}
