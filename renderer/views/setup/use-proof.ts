import { useEffect, useState } from 'react';
import type {
  AppError,
  MessageId,
  TailnetPeer,
  ThreadId,
} from '../../../electron/contract/index.ts';
import { useClient, useMirror } from '../../store/hooks.ts';
import { ask } from './ask.ts';
import { pathText } from './parts/tailnet-peers.tsx';
import { useSetup } from './use-setup.ts';

const WORDS =
  'This is the greeting of a new connection, sent by Peerage. Please answer with one short sentence.';

/** What was sent, and when the person wished it, ms since the epoch. */
interface Sent {
  readonly threadId: ThreadId;
  readonly messageId: MessageId;
  readonly at: number;
}

/** The message of the proof, from the click to the answer. */
export interface Proof {
  readonly stage: 'idle' | 'waiting';
  readonly words: string;
  /** How far it is. */
  readonly text: string;
  readonly failure: AppError | null;
  send(): void;
}

/** Sends one message to the peer of the setup, and waits for the answer. */
export function useProof(): Proof {
  const client = useClient();
  const setup = useSetup();
  const { link, view, tailnet } = setup;
  const peerId = view.peer?.peerId ?? null;
  const [sent, setSent] = useState<Sent | null>(null);
  const [starting, setStarting] = useState(false);
  const [failure, setFailure] = useState<AppError | null>(null);
  const messages = useMirror((mirror) =>
    sent ? (mirror.windows.get(sent.threadId)?.messages ?? null) : null,
  );
  const asked = messages?.find((one) => one.id === sent?.messageId);
  const answer = messages?.find(
    (one) => one.direction === 'in' && one.replyTo === sent?.messageId && one.state === 'complete',
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the answer is there
  useEffect(() => {
    if (!sent || !answer || !peerId) return;
    // A message's own time is when it began to come: what counts here is that all of it is there.
    const at = Date.now();
    const ms = Math.max(0, at - sent.at);
    const said = answer.body.slice(0, 500).toWellFormed();
    void way().then((path) => setup.update({ proof: { peerId, at, ms, path, answer: said } }));
  }, [answer?.id]);

  /** The path by which it went, where the peer is a machine of the tailnet: Tailscale is asked. */
  const way = async (): Promise<string> => {
    const host = link && URL.canParse(link.url) ? new URL(link.url).hostname : '';
    const state = tailnet.value?.state;
    const node =
      state?.kind === 'running'
        ? state.peers.find((one) => one.dnsName === host || one.addresses.includes(host))
        : undefined;
    return node
      ? `Through your tailnet to ${node.name}: ${await pathTo(node)}.`.slice(0, 200)
      : `To ${host || 'the peer'}.`.slice(0, 200);
  };
  const pathTo = async ({ id, path }: TailnetPeer): Promise<string> => {
    const found = await ask(client, 'tailnet.ping', { nodeId: id });
    return pathText(found.ok ? found.value.path : path);
  };

  const send = async () => {
    if (!peerId || !link) return;
    setStarting(true);
    setFailure(null);
    const at = Date.now();
    const made = await client.call('thread.create', {
      peerId,
      linkId: link.id,
      title: 'Greeting',
      agentId: null,
    });
    if (!made.ok) {
      setStarting(false);
      return setFailure(made.error);
    }
    const { threadId } = made.value;
    await client.navigation.watchThread(threadId);
    const result = await client.call('message.send', {
      threadId,
      text: WORDS,
      kind: link.kind === 'a2a' ? 'delegation' : 'message',
      attachmentIds: [],
    });
    setStarting(false);
    if (!result.ok) return setFailure(result.error);
    setSent({ threadId, messageId: result.value.messageId, at });
  };

  const failed = asked?.direction === 'out' && asked.state === 'failed' ? asked.error : null;
  return {
    stage: starting || (sent && !failed) ? 'waiting' : 'idle',
    words: WORDS,
    text: stageText(asked?.direction === 'out' ? asked.state : 'queued'),
    failure: failure ?? failed,
    send: () => void send(),
  };
}

function stageText(state: string): string {
  switch (state) {
    case 'delivered':
      return 'The peer has it. Waiting for the answer';
    case 'sent':
      return 'Sent. Waiting for the peer to take it';
    default:
      return 'On its way';
  }
}
