/** Commands that ask for something to be sent: send, delegate, respond, broadcast. */
import type { Ask, RequestDelivery, RequestView } from '../../electron/contract/index.ts';
import type { Door } from '../door.ts';
import { Ending, EXIT, failureOf } from '../exits.ts';
import { jsonOf, momentOf, numberOf, textOf, textOption, usage } from '../parse.ts';
import { painted, plain, plainLine } from '../terminal.ts';
import { KINDS, PRIORITIES } from '../verbs.ts';
import { block, leftOutBlock, queuedLine } from './blocks.ts';
import { type Command, done, type Outcome, resolvePeer, type Shell } from './command.ts';
import {
  deliveryJson,
  type Followed,
  follow,
  followedExit,
  followedFailure,
  lateWords,
  requestExit,
  requestFailure,
  wholeAnswers,
} from './follow.ts';
import { askRelay, relayOf } from './relay.ts';

const MOST_ROUNDS = 20;
const USUAL_SECONDS = 60;
const MOST_SECONDS = 86_400;

const kindOf = (shell: Shell) => {
  const given = textOption(shell.asked, 'kind') ?? 'message';
  return KINDS.find((kind) => kind === given) ?? 'message';
};

/** `send` */
export const send: Command = async (shell) => {
  const { asked } = shell;
  const rounds = numberOf(asked, 'rounds', 1, MOST_ROUNDS);
  const seconds = numberOf(asked, 'timeout', USUAL_SECONDS, MOST_SECONDS);
  const text = await textOf(asked.positionals[1] ?? null, shell.stdin);
  const door = await shell.door();
  const peer = await resolvePeer(door, asked.positionals[0] ?? '');
  const ask = (what: string): Ask => ({
    verb: 'send',
    peerId: peer.id,
    text: what,
    kind: kindOf(shell),
    topic: textOption(asked, 'topic'),
    thread: textOption(asked, 'session'),
    agentId: textOption(asked, 'agent'),
  });
  if (rounds === 1 || asked.values['dry-run'] === true) return carryOut(shell, door, ask(text));
  return inRounds(shell, door, ask, text, rounds, seconds);
};

/** The answer goes back as the next message, as often as was asked for. */
async function inRounds(
  shell: Shell,
  door: Door,
  ask: (text: string) => Ask,
  text: string,
  rounds: number,
  seconds: number,
): Promise<Outcome> {
  const all: Followed[] = [];
  let next = text;
  for (let round = 1; round <= rounds; round++) {
    shell.terminal.progress(`Round ${round} of ${rounds}…`);
    const { request } = await door.call('door.ask', { agent: shell.agent, ask: ask(next) });
    const followed = await followed1(shell, door, request, seconds);
    all.push(followed);
    const [delivery] = followed.deliveries;
    if (!shell.json && delivery) shell.terminal.out(block(shell, delivery, true));
    const exit = followedExit(followed);
    if (exit !== EXIT.done || !delivery?.answer) {
      const lines = followed.why === 'time' ? [lateWords(followed)] : [];
      const failure = followedFailure(followed);
      return { exit, failure, json: { rounds: all.map(followedJson) }, lines };
    }
    next = delivery.answer.text;
  }
  return done({ rounds: all.map(followedJson) }, []);
}

/** `delegate` */
export const delegate: Command = async (shell) => {
  const { asked } = shell;
  const context = textOption(asked, 'context');
  const deadline = textOption(asked, 'deadline');
  const given = textOption(asked, 'priority') ?? 'normal';
  const order = {
    ...(context === null ? {} : { context: jsonOf(context) }),
    ...(deadline === null ? {} : { deadlineAt: momentOf(deadline, shell.now()) }),
    ...optional('expected', textOption(asked, 'expected')),
    priority: PRIORITIES.find((one) => one === given) ?? 'normal',
  };
  numberOf(asked, 'timeout', USUAL_SECONDS, MOST_SECONDS);
  const text = await textOf(textOption(asked, 'task'), shell.stdin);
  const door = await shell.door();
  const peer = await resolvePeer(door, asked.positionals[0] ?? '');
  return carryOut(shell, door, {
    ...order,
    verb: 'delegate',
    peerId: peer.id,
    text,
    topic: textOption(asked, 'topic'),
    agentId: textOption(asked, 'agent'),
  });
};

const optional = <K extends string>(name: K, value: string | null): { [key in K]?: string } =>
  (value === null ? {} : { [name]: value }) as { [key in K]?: string };

/** `respond` */
export const respond: Command = async (shell) => {
  const { asked } = shell;
  const target = asked.positionals[0] ?? '';
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(target)) {
    throw usage('ID is an id as `peerage inbox --json` shows it.');
  }
  const status = textOption(asked, 'status') ?? 'completed';
  const text = await textOf(textOption(asked, 'result'), shell.stdin);
  const door = await shell.door();
  const known = (['in_progress', 'completed', 'failed'] as const).find((one) => one === status);
  return carryOut(shell, door, { verb: 'respond', target, status: known ?? 'completed', text });
};

/** `broadcast` */
export const broadcast: Command = async (shell) => {
  const { asked } = shell;
  const to = textOption(asked, 'to');
  const relay = textOption(asked, 'relay');
  if (to === null && relay === null) {
    throw usage('Say whom: --to all, --to Ada,Ben, --to group:NAME or --relay NAME.');
  }
  if (to !== null && relay !== null) throw usage('Give --to or --relay, not both.');
  const seconds = numberOf(asked, 'timeout', USUAL_SECONDS, MOST_SECONDS);
  const text = await textOf(asked.positionals[0] ?? null, shell.stdin);
  const door = await shell.door();
  const whole = to === null ? await relayOf(door, asked) : null;
  const ask: Ask = {
    verb: 'broadcast',
    audience: whole ? { kind: 'relay', relayId: whole.relayId } : await audienceOf(door, to ?? ''),
    topic: textOption(asked, 'topic'),
    tags: listOf(textOption(asked, 'tags') ?? ''),
    text,
  };
  if (!whole || asked.values['dry-run'] === true) return carryOut(shell, door, ask);
  return askRelay(shell, door, ask, seconds, { done: `Told to all on ${plainLine(whole.name)}.` });
};

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

type Audience = Exclude<Extract<Ask, { verb: 'broadcast' }>['audience'], { kind: 'relay' }>;

async function audienceOf(door: Door, to: string): Promise<Audience> {
  const names = listOf(to);
  if (names.length === 0) throw usage('--to names nobody.');
  if (names.length === 1 && names[0] === 'all') return { kind: 'all' };
  const groups = names.filter((name) => name.startsWith('group:')).map((name) => name.slice(6));
  const peers = names.filter((name) => !name.startsWith('group:'));
  const found = await Promise.all(peers.map((name) => resolvePeer(door, name)));
  return { kind: 'chosen', peerIds: found.map((peer) => peer.id), groups };
}

/** Asks for it, or only shows what would happen. A broadcast is always followed to its end. */
async function carryOut(shell: Shell, door: Door, ask: Ask): Promise<Outcome> {
  const { asked, agent } = shell;
  if (asked.values['dry-run'] === true) return plan(shell, door, ask);
  const { request, warning, leftOut } = await door.call('door.ask', { agent, ask });
  if (warning === 'over_soft_limit' && !shell.json) {
    shell.terminal.err('The text is longer than most agents read well.');
  }
  const seconds = numberOf(asked, 'timeout', USUAL_SECONDS, MOST_SECONDS);
  if (asked.values.wait !== true && ask.verb !== 'broadcast') return queued(shell, request);
  const many = ask.verb === 'broadcast';
  if (!shell.json) for (const one of leftOut) shell.terminal.out(leftOutBlock(shell, one));
  const followed = await followed1(shell, door, request, seconds);
  if (!shell.json) {
    // A broadcast's blocks were printed as each became final.
    for (const one of followed.unprinted) shell.terminal.out(block(shell, one, many));
  }
  const exit = followedExit(followed);
  const missed = leftOut.filter((one) => one.reason !== 'practice' && one.reason !== 'own');
  const [first] = missed;
  return {
    exit: exit === EXIT.done && first ? EXIT.unreachable : exit,
    failure:
      followedFailure(followed) ??
      (first && {
        code: 'broadcast.left_out',
        message: `${missed.length} were left out. ${first.name}: ${first.why}`,
      }),
    json: many ? { ...followedJson(followed), leftOut } : followedJson(followed),
    lines: followed.why === 'time' ? [lateWords(followed)] : [],
  };
}

async function followed1(
  shell: Shell,
  door: Door,
  request: RequestView,
  seconds: number,
): Promise<Followed> {
  const print = request.verb === 'broadcast' && !shell.json;
  const followed = await follow(door, request, {
    until: shell.now() + seconds * 1_000,
    now: shell.now,
    progress: shell.terminal.progress,
    err: shell.terminal.err,
    onInterrupt: shell.onInterrupt,
    ...(print
      ? { final: (one: RequestDelivery) => shell.terminal.out(block(shell, one, true)) }
      : {}),
  });
  return { ...followed, deliveries: await wholeAnswers(door, followed.deliveries) };
}

const followedJson = (followed: Followed) => ({
  ...requestJson(followed.request),
  final: followed.why === 'final',
  recipients: followed.deliveries.map(deliveryJson),
});

const requestJson = (request: RequestView) => ({
  request: request.id,
  state: request.state,
  decidedBy: request.decision?.by ?? null,
  reason: request.decision?.reason || null,
});

/** What is so at once: queued, waiting for the person, or refused. */
function queued(shell: Shell, request: RequestView): Outcome {
  const exit = request.state === 'waiting' ? EXIT.done : requestExit(request);
  if (exit !== EXIT.done) {
    const { code, message } = request.error ? failureOf(request.error) : requestFailure(request);
    throw new Ending(exit, code, message, requestJson(request));
  }
  const recipients = request.recipients.map(({ peerId, name, threadId, messageId }) => ({
    ...{ peerId, peer: name, threadId, messageId },
    state: messageId ? 'queued' : null,
  }));
  return done({ ...requestJson(request), recipients }, [
    painted(shell.terminal, 'bold', queuedLine(request)),
  ]);
}

async function plan(shell: Shell, door: Door, ask: Ask): Promise<Outcome> {
  const planned = await door.call('door.plan', { agent: shell.agent, ask });
  const words = { ask: 'the person is asked', allow: 'goes at once', never: 'refused by a rule' };
  return done({ dryRun: true, ...planned }, [
    'Nothing is sent.',
    ...planned.recipients.map((one) =>
      ask.verb === 'broadcast' && ask.audience.kind === 'relay'
        ? `To ${plainLine(one.name)}, who read it in the clear, as the relay does: ${words[one.policy]}`
        : `To ${plainLine(one.name)} (${plainLine(one.status)}${one.address ? `, ${plainLine(one.address)}` : ''}): ${words[one.policy]}; ${one.thread === null ? 'a new thread' : `thread ${plainLine(one.thread)}`}`,
    ),
    ...planned.leftOut.map((one) => `Not to ${plainLine(one.name)}: ${plainLine(one.why)}`),
    `Message (${planned.bytes} bytes${planned.warning === 'none' ? '' : ', long'}):`,
    plain(ask.text),
  ]);
}
