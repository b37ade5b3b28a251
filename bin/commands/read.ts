/** Commands that read: what came in, and what was said. */
import type { ArrivalView, KnowledgeItem, LogEntry } from '../../electron/contract/index.ts';
import { numberOf, textOption } from '../parse.ts';
import { columns, cutTo, painted, plain, plainLine } from '../terminal.ts';
import { type Command, done, type Outcome, resolvePeer, type Shell } from './command.ts';
import { markdownLog } from './markdown-log.ts';

const WATCH_MS = 50_000;

/** `inbox` */
export const inbox: Command = async (shell) => {
  const limit = numberOf(shell.asked, 'limit', 20, 200);
  const since = shell.asked.values['since-last'] === true;
  if (shell.asked.values.watch === true) return watch(shell, since, limit);
  const door = await shell.door();
  const { agent } = shell;
  const after = since ? 'last' : null;
  const { arrivals, mark, more } = await door.call('door.arrivals', {
    agent,
    after,
    waitMs: 0,
    limit,
  });
  const lines = arrivals.flatMap((one) => arrivalLines(shell, one));
  const nothing = since ? [] : ['Nothing came in.'];
  const outcome = done(
    { arrivals: arrivals.map(arrivalJson), more },
    lines.length === 0 ? nothing : [...lines, ...(more ? ['There is more: ask again.'] : [])],
  );
  return since ? { ...outcome, told: () => door.call('door.seen', { agent, mark }) } : outcome;
};

/** Tells what comes until it is ended, or nobody reads any more. With --json, one object a line. */
async function watch(shell: Shell, since: boolean, limit: number): Promise<Outcome> {
  const door = await shell.door();
  const { agent } = shell;
  let after: string | null = since ? 'last' : null;
  let first = !since;
  for (;;) {
    const waitMs = first ? 0 : WATCH_MS;
    const found = await door.call('door.arrivals', { agent, after, waitMs, limit });
    after = found.mark;
    // Without --since-last it begins with what comes from now on.
    if (!first) {
      for (const one of found.arrivals) {
        if (shell.json) shell.terminal.out(JSON.stringify({ ok: true, arrival: arrivalJson(one) }));
        else for (const line of arrivalLines(shell, one)) shell.terminal.out(line);
      }
      // What could not be printed is not told: it comes again.
      if (!(await shell.terminal.flushed())) return done({}, []);
      if (since) await door.call('door.seen', { agent, mark: found.mark });
    }
    first = false;
  }
}

const arrivalJson = (one: ArrivalView) => ({
  ...one,
  at: new Date(one.at).toISOString(),
  ...(one.type === 'work'
    ? { deadlineAt: one.deadlineAt === null ? null : new Date(one.deadlineAt).toISOString() }
    : {}),
  untrusted: true,
});

function arrivalLines({ terminal }: Shell, one: ArrivalView): string[] {
  const facts =
    one.type === 'work'
      ? [one.state, one.priority === 'normal' ? '' : one.priority, one.topic ?? '']
      : [one.state === 'complete' ? '' : one.state, one.askedBy ? `asked by ${one.askedBy}` : ''];
  const said = facts.filter((fact) => fact !== '').map(plainLine);
  const head = `${one.type} from ${plainLine(one.peer)}${said.length > 0 ? ` (${said.join(', ')})` : ''}`;
  // The id is what `respond` needs: it stays whole, in a line of its own where there is no room.
  const beside = columns(head) + 2 + one.id.length <= terminal.width;
  return [
    painted(terminal, 'bold', beside ? `${head}  ${one.id}` : cutTo(head, terminal.width)),
    ...(beside ? [] : [`  ${one.id}`]),
    ...plain(one.text)
      .trimEnd()
      .split('\n')
      .map((line) => `  ${line}`),
    ...(one.type === 'work' && one.question ? [`  Asked back: ${plainLine(one.question)}`] : []),
  ];
}

/** `log` */
export const log: Command = async (shell) => {
  const { asked } = shell;
  const limit = numberOf(asked, 'limit', 50, 5_000);
  const door = await shell.door();
  const peer = await resolvePeer(door, asked.positionals[0] ?? '');
  const entries: LogEntry[] = [];
  let before: LogEntry['id'] | null = null;
  let more = true;
  while (more && entries.length < limit) {
    const page: { entries: LogEntry[]; more: boolean } = await door.call('door.log', {
      ...{ peerId: peer.id, before, limit: Math.min(200, limit - entries.length) },
    });
    entries.push(...page.entries);
    before = page.entries.at(-1)?.id ?? null;
    more = page.more && before !== null;
  }
  entries.reverse();
  const name = peer.nickname ?? peer.name;
  if (asked.values.markdown === true) {
    const { name: us } = await door.call('door.status', {});
    const markdown = markdownLog(entries, us, name);
    return done({ peer: { id: peer.id, name: peer.name }, markdown }, [markdown.trimEnd()]);
  }
  return done(
    { peer: { id: peer.id, name: peer.name }, entries: entries.map(entryJson), more },
    entries.length === 0
      ? ['Nothing was said yet.']
      : entries.map((one) => entryLine(shell, one, name)),
  );
};

const entryJson = (one: LogEntry) => ({ ...one, at: new Date(one.at).toISOString() });

const two = (number: number): string => String(number).padStart(2, '0');
/** The day, and the time where the person is. */
const localDay = (at: Date): string =>
  `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
const localTime = (ms: number): string => {
  const at = new Date(ms);
  return `${localDay(at)} ${two(at.getHours())}:${two(at.getMinutes())}`;
};

function entryLine({ terminal }: Shell, one: LogEntry, peer: string): string {
  const when = localTime(one.at);
  const who = one.direction === 'out' ? (one.askedBy ?? 'me') : one.author || peer;
  const kind = one.kind === 'message' ? '' : ` [${one.kind}]`;
  return cutTo(`${when}  ${plainLine(who)}${kind}: ${plainLine(one.text)}`, terminal.width);
}

/** `knowledge` */
export const knowledge: Command = async (shell) => {
  const door = await shell.door();
  const topic = textOption(shell.asked, 'topic');
  const text = textOption(shell.asked, 'search') ?? '';
  const found: (Omit<KnowledgeItem, 'at'> & { at: string })[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: KnowledgeItem[]; nextCursor: string | null } = await door.call(
      'knowledge.list',
      { text, topic, tag: null, direction: 'all', cursor },
    );
    for (const one of page.items) found.push({ ...one, at: new Date(one.at).toISOString() });
    cursor = page.nextCursor;
  } while (cursor !== null && found.length < 500);
  return done(
    { knowledge: found },
    found.length === 0
      ? [topic === null && text === '' ? 'Nothing was learnt yet.' : 'Nothing fits.']
      : found.map((one) =>
          cutTo(
            `${localDay(new Date(one.at))}  ${plainLine(one.who)}: ${one.topic ? `[${plainLine(one.topic)}] ` : ''}${plainLine(one.text)}`,
            shell.terminal.width,
          ),
        ),
  );
};
