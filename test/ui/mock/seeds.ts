import { ids } from './ids.ts';
import { seedLongThread, seedThread, theyWrote, weWrote } from './seed-messages.ts';
import { failingRungs, online, refused, seedPeer } from './seed-peers.ts';
import { World } from './world.ts';

const MINUTE = 60_000;

/** A moment that makes every picture alike: a Saturday afternoon. */
export const NOW = Date.parse('2026-11-21T14:20:00Z');

/** Nobody yet. */
export function emptyWorld(): World {
  const world = new World(NOW);
  world.app = {
    ...world.app,
    ownGateway: {
      kind: 'found',
      configPath: '/home/ada/.openclaw/openclaw.json',
      url: 'ws://127.0.0.1:18789',
      credential: 'token',
      peerIds: [],
    },
  };
  return world;
}

const ANSWER = `The nightly build has been red since **Thursday**. Three jobs fail, all for one reason:

| Job | Since | Reason |
| --- | --- | --- |
| \`unit\` | Thu 02:10 | \`libvips\` missing in the image |
| \`e2e\` | Thu 02:14 | waits for \`unit\` |
| \`publish\` | Thu 02:20 | waits for \`e2e\` |

I pinned the base image and tried it on a branch:

\`\`\`diff
- FROM node:24
+ FROM node:24-bookworm-20261112
\`\`\`

It passes there. Shall I open a pull request? The log is at [ci.example.org](https://ci.example.org/run/4821).`;

/** A handful of peers and a lively thread: what a day looks like. */
export function fewWorld(): World {
  const world = new World(NOW);
  seedPeer(world, {
    number: 1,
    name: 'Scout',
    row: {
      favourite: true,
      latencyMs: 18,
      running: true,
      preview: 'Thanks. And please write a line about it into the change log.',
    },
    detail: {
      nickname: 'sc',
      notes: 'Runs on the build machine in the cellar. Ask it about CI first.',
      capabilities: [
        { tag: 'builds', source: 'typed' },
        { tag: 'deploys', source: 'typed' },
        { tag: 'browser', source: 'peer' },
      ],
    },
  });
  seedPeer(world, {
    number: 2,
    name: 'Marta’s laptop',
    row: {
      favourite: true,
      unread: 2,
      latencyMs: 41,
      preview: 'The slides are done. Two charts still miss their source.',
    },
  });
  seedPeer(world, {
    number: 3,
    name: 'Archivist',
    row: { group: 'Home', latencyMs: 7, running: true },
  });
  seedPeer(world, { number: 4, name: 'Home server', row: { group: 'Home', latencyMs: 4 } });
  seedPeer(world, {
    number: 5,
    name: 'Jonas',
    row: { status: 'needs_you', statusText: 'Waits for approval' },
    state: {
      kind: 'needs_approval',
      requestId: '5b1f0c9e-27aa',
      reason: 'not_paired',
      command: 'openclaw devices approve 5b1f0c9e-27aa',
      retryAt: NOW + 25_000,
    },
    stateText: 'The gateway knows the token, and waits until Jonas approves this device.',
    link: { error: null, pinnedIdentity: null },
    rungs: failingRungs(world, 'approval', 'needs_you', {
      tried: 'Ask for read and write access',
      seen: 'Waits for an approval over there',
      code: 'link.needs_approval',
      remedy: {
        text: 'Send Jonas the command.',
        actions: [
          {
            kind: 'copy',
            label: 'Copy the command',
            text: 'openclaw devices approve 5b1f0c9e-27aa',
          },
        ],
      },
    }),
  });
  seedPeer(world, { number: 6, name: 'Old tower', ...refused(world) });
  seedPeer(world, {
    number: 7,
    name: 'Practice peer',
    row: { practice: true, latencyMs: 1 },
    detail: { firstUseAcknowledged: false },
    link: { url: 'ws://127.0.0.1:41873', credential: 'token' },
  });
  seedPeer(world, {
    number: 8,
    name: 'Studio',
    row: { status: 'connecting', statusText: 'Connecting', latencyMs: null },
    state: { kind: 'connecting', attempt: 2 },
    stateText: 'Connecting, second attempt.',
  });
  seedScoutThreads(world);
  seedThread(world, 20, ids.peer(7), '', { lastMessageAt: null });
  const marta = seedThread(world, 21, ids.peer(2), 'Slides', { unread: 2 });
  theyWrote(
    world,
    marta,
    NOW - 12 * MINUTE,
    'Marta’s agent',
    'The slides are done. Two charts still miss their source.',
  );
  world.putNotice({
    id: ids.notice(1),
    kind: 'message',
    title: 'Marta’s laptop',
    text: 'The slides are done. Two charts still miss their source.',
    at: NOW - 12 * MINUTE,
    read: false,
    peerId: ids.peer(2),
    threadId: marta,
    messageId: null,
    actions: [
      {
        kind: 'reply',
        id: 'reply',
        label: 'Reply',
        placeholder: 'Write a reply',
        call: 'message.send',
        input: { threadId: marta, kind: 'message', attachmentIds: [] },
      },
    ],
    acted: null,
  });
  world.putNotice({
    id: ids.notice(2),
    kind: 'problem',
    title: 'Old tower cannot be reached',
    text: 'Nothing listens at 100.64.0.7:18789.',
    at: NOW - 15 * MINUTE,
    read: true,
    peerId: ids.peer(6),
    threadId: null,
    messageId: null,
    actions: [],
    acted: null,
  });
  return world;
}

function seedScoutThreads(world: World): void {
  const scout = ids.peer(1);
  const build = seedThread(world, 1, scout, 'Nightly build', { lastMessageAt: NOW - MINUTE });
  weWrote(world, build, NOW - 26 * 60 * MINUTE, 'Could you keep an eye on the nightly build?');
  theyWrote(
    world,
    build,
    NOW - 26 * 60 * MINUTE + 4_000,
    'Scout',
    'I will look at it every morning, and write when it fails.',
  );
  weWrote(world, build, NOW - 9 * MINUTE, 'Why is it red?');
  theyWrote(world, build, NOW - 8 * MINUTE, 'Scout', ANSWER);
  weWrote(
    world,
    build,
    NOW - 3 * MINUTE,
    'Yes please. Ask Marta to review it, she knows the image.',
    {
      attachments: [
        { id: ids.attachment(1), name: 'base-image.md', mimeType: 'text/markdown', bytes: 2_480 },
      ],
    },
  );
  theyWrote(
    world,
    build,
    NOW - 2 * MINUTE,
    'Scout',
    'Done: pull request 512 is open, and Marta’s agent has been asked. I will tell you when it is merged.',
  );
  weWrote(
    world,
    build,
    NOW - MINUTE,
    'Thanks. And please write a line about it into the change log.',
    {
      state: 'delivered',
      running: true,
    },
  );
  seedThread(world, 2, scout, 'Holiday photos', { unread: 1, lastMessageAt: NOW - 90 * MINUTE });
  seedThread(world, 3, scout, 'Invoices', { muted: true, lastMessageAt: NOW - 600 * MINUTE });
  seedThread(world, 4, scout, 'Moving house', {
    archived: true,
    lastMessageAt: NOW - 6_000 * MINUTE,
  });
}

/** Ten thousand peers, and a long thread with the first. */
export function fullWorld(peers = 10_000): World {
  const world = new World(NOW);
  for (let number = 1; number <= peers; number++) {
    const down = number % 97 === 0;
    const away = number % 501 === 0;
    seedPeer(world, {
      number,
      name: `Agent ${String(number).padStart(5, '0')}`,
      row: {
        favourite: number % 400 === 1,
        group: number % 10 === 0 ? `Rack ${number % 7}` : null,
        unread: number % 333 === 0 ? 3 : 0,
        latencyMs: down || away ? null : 3 + (number % 90),
        ...(down ? { status: 'down' as const, statusText: 'No answer' } : {}),
        ...(away ? { status: 'needs_you' as const, statusText: 'Waits for approval' } : {}),
      },
      state: online(world, 3 + (number % 90)),
    });
  }
  const long = seedThread(world, 1, ids.peer(1), 'Long talk');
  seedLongThread(world, long, 1_000);
  return world;
}
