/** Commands that look: who we are, how the app and the peers are. */
import type { DoorPeer, LadderView } from '../../electron/contract/index.ts';
import type { Door } from '../door.ts';
import { EXIT, type Failure } from '../exits.ts';
import { textOption } from '../parse.ts';
import { painted, plainLine, type Terminal, table, wrap } from '../terminal.ts';
import { type Command, done, isoTime, resolvePeer } from './command.ts';
import { identityOf } from './identity.ts';

const counted = (count: number, word: string): string =>
  `${count} ${word}${count === 1 ? '' : 's'}`;

/** `whoami` */
export const whoami: Command = async (shell) => {
  const door = await shell.door();
  const { name, fingerprint, loopback, app } = await door.call('door.status', {});
  const identity = identityOf(shell.env, process.cwd());
  const json = {
    name,
    identity: identity?.name ?? null,
    identityFrom: identity?.from ?? null,
    fingerprint,
    addresses: app.reception.addresses,
    loopback,
    home: app.home,
    agent: shell.agent,
  };
  return done(json, [
    ...(identity ? [`Identified as: ${plainLine(identity.name)} (${identity.from})`] : []),
    `Peers see: ${plainLine(name)}`,
    `Device: ${fingerprint ?? 'not known while the keychain is closed'}`,
    ...app.reception.addresses.map((address) => `Reception: ${address}`),
    `This agent: ${plainLine(shell.agent)}`,
  ]);
};

/** `status` */
export const status: Command = async (shell) => {
  const door = await shell.door();
  const [now, { peers }] = await Promise.all([
    door.call('door.status', {}),
    door.call('peer.list', {}),
  ]);
  const { app, loopback, requests, budget } = now;
  const rows = peers.map(
    ({ id, name, nickname, status: state, statusText, unread, waiting, running }) => ({
      ...{ id, name, nickname, status: state, statusText, unread, waiting, running },
    }),
  );
  const up = peers.filter((peer) => peer.status === 'up').length;
  const wrapped = (line: string): string[] => wrap(line, shell.terminal.width, '  ');
  const json = {
    running: true,
    version: app.version,
    shell: app.shell,
    home: app.home,
    network: app.network,
    secrets: app.secrets.status,
    reception: { state: app.reception.state, loopback, addresses: app.reception.addresses },
    inbox: app.reception.waiting,
    requests,
    budget,
    warnings: now.warnings,
    peers: rows,
  };
  return done(json, [
    ...wrapped(
      `Peerage ${app.version} runs, with ${counted(peers.length, 'peer')}, ${up} of them up.`,
    ),
    ...wrapped(`Reception: ${loopback ?? app.reception.state}`),
    ...(app.reception.waiting > 0
      ? wrapped(`Inbox: ${app.reception.waiting} wait for the person`)
      : []),
    ...(requests > 0 ? wrapped(`Requests of agents: ${requests} wait for the person`) : []),
    ...now.warnings
      .flatMap((one) => wrapped(`! ${plainLine(one.title)}`))
      .map((line) => painted(shell.terminal, 'yellow', line)),
    ...table(
      peers.map((peer) => [
        peer.nickname ?? peer.name,
        [
          peer.statusText,
          ...(peer.unread > 0 ? [`${peer.unread} unread`] : []),
          ...(peer.waiting > 0 ? [`${peer.waiting} waiting to be sent`] : []),
          ...(peer.running ? ['working'] : []),
        ].join(', '),
      ]),
      shell.terminal.width - 2,
    ).map((line) => `  ${line}`),
  ]);
};

/** `peers` */
export const peers: Command = async (shell) => {
  const door = await shell.door();
  const { peers: all } = await door.call('door.peers', {});
  const can = textOption(shell.asked, 'can')?.toLowerCase() ?? null;
  const shown = all.filter(
    (peer) =>
      (shell.asked.values.online !== true || peer.status === 'up' || peer.status === 'degraded') &&
      (can === null || peer.capabilities.some((tag) => tag.toLowerCase() === can)),
  );
  const json = { peers: shown, count: shown.length };
  // A table of a thousand rows takes longer than all the rest.
  if (shell.json) return done(json, []);
  const lines = table(
    shown.map((peer) => [
      peer.nickname ?? peer.name,
      peer.statusText,
      peer.capabilities.join(', '),
    ]),
    shell.terminal.width,
  );
  return done(json, lines.length > 0 ? coloured(shell.terminal, shown, lines) : ['No peers.']);
};

const coloured = (
  terminal: Terminal,
  shown: readonly DoorPeer[],
  lines: readonly string[],
): string[] =>
  lines.map((line, index) =>
    shown[index]?.status === 'up'
      ? painted(terminal, 'green', line)
      : painted(terminal, 'dim', line),
  );

const MARKS: Readonly<Record<string, string>> = { ok: '✓', slow: '~', failed: '✗', needs_you: '!' };

const rungLines = (terminal: Terminal, ladder: LadderView): string[] =>
  ladder.rungs
    .filter((rung) => rung.status !== 'not_needed' && rung.status !== 'skipped')
    .flatMap((rung) => {
      const said = sentences(rung.seen || rung.tried, rung.remedy?.text);
      const line = `  ${MARKS[rung.status] ?? '-'} ${plainLine(rung.title)}: ${said}`;
      // What to do stands at the end: it is not cut.
      return wrap(line, terminal.width, '    ').map((shown) => {
        if (rung.status === 'ok') return painted(terminal, 'green', shown);
        return rung.status === 'failed' ? painted(terminal, 'red', shown) : shown;
      });
    });

/** What was seen, and what to do, with one full stop between them. */
const sentences = (seen: string, todo: string | null | undefined): string =>
  todo ? `${plainLine(seen).replace(/\.$/, '')}. ${plainLine(todo)}` : plainLine(seen);

const ladderJson = ({ linkId, checkedAt, rungs }: LadderView) => ({
  linkId,
  checkedAt: isoTime(checkedAt),
  rungs: rungs.map(({ id, title, status: state, tried, seen, code, durationMs, at, remedy }) => ({
    ...{ id, title, status: state, tried, seen, code, durationMs },
    at: isoTime(at),
    todo: remedy?.text ?? null,
  })),
});

/** Climbs each link of a peer. */
async function climb(door: Door, peerId: LadderView['peerId']): Promise<LadderView[]> {
  const { peer } = await door.call('door.peer', { peerId });
  return Promise.all(
    peer.links.map(async ({ id }) => (await door.call('health.check', { linkId: id })).ladder),
  );
}

/** `check` */
export const check: Command = async (shell) => {
  const door = await shell.door();
  const peer = await resolvePeer(door, shell.asked.positionals[0] ?? '');
  shell.terminal.progress(`Checking ${peer.name}…`);
  const ladders = await climb(door, peer.id);
  shell.terminal.progress('');
  const reached = ladders.some((ladder) =>
    ladder.rungs.every((rung) => rung.status !== 'failed' && rung.status !== 'needs_you'),
  );
  const { peers: rows } = await door.call('peer.list', {});
  const now = rows.find((row) => row.id === peer.id) ?? peer;
  return {
    exit: reached ? EXIT.done : EXIT.unreachable,
    failure: reached ? undefined : unreached(peer.nickname ?? peer.name, ladders),
    json: {
      peer: { id: peer.id, name: peer.name, status: now.status },
      reached,
      ladders: ladders.map(ladderJson),
    },
    lines: [
      `${plainLine(peer.nickname ?? peer.name)}: ${plainLine(now.statusText)}`,
      ...(ladders.length === 0 ? ['  It has no link.'] : []),
      ...ladders.flatMap((ladder) => rungLines(shell.terminal, ladder)),
    ],
  };
};

/** Why a peer cannot be reached: the first step on the way that needs something. */
function unreached(name: string, ladders: readonly LadderView[]): Failure {
  const broken = ladders
    .flatMap((ladder) => ladder.rungs)
    .find((rung) => rung.status === 'failed' || rung.status === 'needs_you');
  if (!broken) return { code: 'peer.no_link', message: `${name} has no link.` };
  const { code, title, seen, tried, remedy } = broken;
  const words = `${name}: ${title}: ${sentences(seen || tried, remedy?.text)}`;
  return { code: code ?? 'peer.unreachable', message: words };
}

/** `show` */
export const show: Command = async (shell) => {
  const door = await shell.door();
  await door.call('app.show', {});
  return done({}, ['The window comes forward.']);
};

/** `doctor` */
export const doctor: Command = async (shell) => {
  const door = await shell.door();
  const [now, { peers: rows }] = await Promise.all([
    door.call('door.status', {}),
    door.call('peer.list', {}),
  ]);
  const { app } = now;
  const down = rows.filter((row) => row.status !== 'up' && row.status !== 'degraded');
  const checks: { name: string; ok: boolean; detail: string; todo: string | null }[] = [
    { name: 'app', ok: true, detail: `${app.version} on ${app.home}`, todo: null },
    {
      name: 'version',
      ok: app.version === shell.version,
      detail: `command ${shell.version}, app ${app.version}`,
      todo: app.version === shell.version ? null : 'Use the command that came with the app.',
    },
    trouble('keychain', app.secrets.error, app.secrets.status.replaceAll('_', ' ')),
    trouble('data', app.storeNotice, 'well'),
    {
      name: 'network',
      ok: app.network === 'up',
      detail: app.network,
      todo: app.network === 'up' ? null : 'Connect this machine to a network.',
    },
    trouble('reception', app.reception.error, app.reception.state),
    {
      name: 'own OpenClaw',
      ok: true,
      detail: now.ownGateway ?? 'not found on this machine',
      todo: null,
    },
    {
      name: 'budget',
      ok: now.budget.used < now.budget.perDay,
      detail: `${now.budget.used} of ${now.budget.perDay} messages of agents in 24 hours`,
      todo: now.budget.used < now.budget.perDay ? null : 'The person can raise it in Settings.',
    },
    ...down.map((row) => ({
      name: `peer ${row.nickname ?? row.name}`,
      ok: false,
      detail: row.statusText,
      todo: `peerage check ${JSON.stringify(row.name)}`,
    })),
    ...now.warnings.map((one) => ({
      name: one.code,
      ok: false,
      detail: one.title,
      todo: one.detail,
    })),
  ];
  const well = checks.every((one) => one.ok);
  return {
    exit: well ? EXIT.done : EXIT.failed,
    failure: well ? undefined : unwell(checks.filter((one) => !one.ok)),
    json: { well, checks },
    lines: checks.flatMap((one) => {
      const line = `${one.ok ? '✓' : '✗'} ${plainLine(one.name)}: ${sentences(one.detail, one.todo)}`;
      return wrap(line, shell.terminal.width, '  ').map((shown) =>
        painted(shell.terminal, one.ok ? 'green' : 'red', shown),
      );
    }),
  };
};

const unwell = (found: readonly { readonly name: string }[]): Failure => ({
  code: 'doctor.found',
  message: `Not well: ${found.map((one) => one.name).join(', ')}. See what each check says to do.`,
});

const trouble = (
  name: string,
  error: { title: string; remedy?: { text: string } | undefined } | null,
  well: string,
) => ({
  name,
  ok: error === null,
  detail: error?.title ?? well,
  todo: error?.remedy?.text ?? null,
});
