import { v7 } from 'uuid';
import type { OutgoingEnvelope } from '../../../electron/links/link.ts';
import { bareSocket } from '../parts/bare-client.ts';
import { startChild } from '../parts/child.ts';
import { benchDevice, connectedLink } from '../parts/links.ts';
import { type Bench, ratioRow } from '../report.ts';
import { compareTurns } from '../runs.ts';

const TIMES = 4000;
const GOAL = 1.5;
const SESSION = 'agent:main:peerage-0123456789ab-bench';
const TEXT = 'Please look at the failing test of the parser and tell me what you find. '.repeat(3);

/** One message after the other: sent, acknowledged, the next. */
export const acknowledge: Bench = {
  name: 'ack',
  what: 'request to acknowledgement over a gateway link, against the same frames over bare ws',
  run: async (note) => {
    const gateway = startChild('plain-gateway.ts');
    const { url } = (await gateway.next()) as { url: string };
    const link = await connectedLink(url, benchDevice());
    const bare = await bareSocket(url);
    const { signal } = new AbortController();
    const overLink = async (): Promise<void> => {
      const envelope: OutgoingEnvelope = {
        key: `peerage:${v7()}`,
        sessionKey: SESSION,
        text: TEXT,
        attachments: [],
      };
      const outcome = await link.send(envelope, signal);
      if (outcome.kind !== 'acknowledged') throw new Error(`not taken: ${JSON.stringify(outcome)}`);
    };
    const overBare = async (): Promise<void> => {
      const idempotencyKey = `peerage:${v7()}`;
      const params = { sessionKey: SESSION, message: TEXT, idempotencyKey, queueMode: 'followup' };
      const answer = (await bare.request('chat.send', params)) as { runId: string };
      if (answer.runId !== idempotencyKey) throw new Error('not taken');
    };
    try {
      const turns = { value: overLink, baseline: overBare, times: TIMES };
      const pairs = await compareTurns(turns, note);
      return [ratioRow('request to acknowledgement, ms', pairs, GOAL)];
    } finally {
      bare.close();
      await link.stop();
      await gateway.stop();
    }
  },
};
