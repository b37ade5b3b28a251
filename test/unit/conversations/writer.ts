/**
 * A process that queues messages, sends broadcasts, and lets answers stream in, as fast as it can, until
 * it is killed. It prints the id of each message and broadcast once the call that stored it has answered,
 * and the id of each answer once it was told as complete: what was said must be found again.
 */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { systemClock } from '../../../electron/clock/clock.ts';
import {
  DEFAULT_SETTINGS,
  LinkId,
  PeerId,
  type ThreadId,
} from '../../../electron/contract/index.ts';
import { createConversations } from '../../../electron/conversations/index.ts';
import { openStore } from '../../../electron/store/store.ts';
import { FakeGateway, FakeLink } from '../../fakes/link.ts';

const [folder = '', peerText, linkText] = process.argv.slice(2);
const peerId = PeerId.parse(peerText);
const linkId = LinkId.parse(linkText);
const say = (line: string): void => void fs.writeSync(1, `${line}\n`);

const clock = systemClock();
const store = openStore(folder, clock.now());
const gateway = new FakeGateway({ clock, writeDownMs: 2, partMs: 2 });
const link = new FakeLink({ clock, gateway, id: linkId, latencyMs: 1 });
const conversations = createConversations({
  store,
  clock,
  changed: (key) => {
    if (key.type !== 'message') return;
    const message = conversations.messageView(
      key.id as Parameters<typeof conversations.messageView>[0],
    );
    if (message?.direction === 'in' && message.state === 'complete') say(`in ${message.id}`);
  },
  directory: {
    peerName: () => 'Peer',
    linkFor: () => linkId,
    agentName: () => null,
    audience: () => [
      {
        ...{ peerId, name: 'Peer', group: null, practice: false, own: false },
        links: [
          {
            ...{ linkId, kind: 'gateway', address: 'x', agentId: null, blocked: false },
            state: link.state(),
            stateText: '',
          },
        ],
      },
    ],
  },
  link: () => link,
  settings: () => DEFAULT_SETTINGS,
  attention: () => {},
  attachmentsFolder: path.join(folder, 'attachments'),
  log: (line) => say(`log ${line}`),
});
link.on((event) => conversations.linkEvent(linkId, event));
await conversations.start();
conversations.linkAttached(linkId);
link.connect();

const context = {
  door: 'window' as const,
  connectionId: 'w',
  signal: new AbortController().signal,
};
const threads: ThreadId[] = [];
for (let n = 0; n < 5; n++) {
  const input = { peerId, linkId: null, title: `thread ${n}`, agentId: null };
  const made = await conversations.handlers['thread.create'](input, context);
  if (made.ok) threads.push(made.value.threadId);
}
// The clock's timers do not hold the process; this does.
setInterval(() => {}, 1_000);
for (let n = 0; ; n++) {
  const threadId = threads[n % threads.length];
  if (!threadId) throw new Error('no thread');
  const input = { threadId, text: `message ${n}`, kind: 'message' as const, attachmentIds: [] };
  const sent = await conversations.handlers['message.send'](input, context);
  if (sent.ok) say(`out ${sent.value.messageId}`);
  if (n % 3 > 0) continue;
  const audience = { kind: 'all' as const };
  const told = { audience, topic: '', tags: [], text: `broadcast ${n}` };
  const cast = await conversations.handlers['broadcast.send'](told, context);
  if (cast.ok) say(`cast ${cast.value.broadcast.id}`);
  if (n === 0) say('ready');
}
