import { execFile } from 'node:child_process';
import * as path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DATABASE_NAME } from '../../../electron/store/migrate.ts';
import { appHere, COMMAND, doorHome, peerage } from '../../real/parts/door-app.ts';
import { ensureOpenClaw } from '../../real/parts/install.ts';
import { startGateway, startStubModel } from '../../real/parts/openclaw.ts';
import { until } from '../../real/parts/process.ts';
import { startApp } from '../../ui/parts/app-process.ts';
import { emptyHome, seed } from '../parts/big-home.ts';
import { type Bench, type Row, ratioRow } from '../report.ts';
import { compare, compareTurns } from '../runs.ts';

const PEERS = 1_000;
const TIMES = 20;
const GOAL = 2;
/** At least 7 times faster than the old way. */
const OLD_GOAL = 1 / 7;
const AGENT = 'Bench';

/** Runs a program of this Node to its end. @throws where it ends with another code than 0 */
const node = (args: readonly string[], stdin = ''): Promise<string> =>
  new Promise((resolve, reject) => {
    const env = { ...process.env, PEERAGE_AGENT: AGENT };
    const child = execFile(
      process.execPath,
      [...args],
      { env, maxBuffer: 50_000_000 },
      (error, out) => (error ? reject(error) : resolve(out)),
    );
    child.stdin?.end(stdin);
  });

/** One peer can be written to, and this agent may. */
function allow(home: string): void {
  const database = new DatabaseSync(path.join(home, DATABASE_NAME));
  database.exec(`
    INSERT INTO links (id, peer_id, kind, url, credential, created_at)
      SELECT replace(id, '-8001-', '-8002-'), id, 'gateway', 'ws://127.0.0.1:9', 'none', created_at
      FROM peers ORDER BY id LIMIT 1;
    INSERT INTO agent_rules (kind, subject, policy) VALUES ('agent', '${AGENT}', 'allow');
    INSERT INTO settings (name, value) VALUES ('agentBudget', '10000')`);
  database.close();
}

async function againstNode(note: (line: string) => void): Promise<Row[]> {
  const home = emptyHome(`command-line-${PEERS}`);
  await seed(home, { peers: PEERS, longThread: 1, shortThread: 0, links: false });
  allow(home);
  const app = startApp(home);
  await app.url;
  const command = (...args: string[]) => [COMMAND, '--home', home, ...args];
  // A thread of its own each time: agents alone may not go on in one for ever.
  let count = 0;
  const baseline = async (): Promise<void> => {
    await node(['-e', '0']);
  };
  try {
    const sending = {
      value: async () => {
        const said = await node(
          command('send', 'Peer 00000', '--topic', `turn ${++count}`),
          'Is the build green?',
        );
        if (!said.startsWith('Queued')) throw new Error(said);
      },
      ...{ baseline, times: TIMES },
    };
    const listing = {
      value: async () => {
        const said = await node(command('peers', '--json'));
        if (!said.includes(`"count":${PEERS}`)) throw new Error(said.slice(0, 200));
      },
      ...{ baseline, times: TIMES },
    };
    return [
      ratioRow(
        'peerage send to queued, whole process, ms',
        await compareTurns(sending, note),
        GOAL,
      ),
      ratioRow(`peerage peers --json, ${PEERS} peers, ms`, await compareTurns(listing, note), GOAL),
    ];
  } finally {
    await app.stop();
  }
}

/** One answered message, as the mesh skill asked for it: four calls, each a process. */
async function againstOldWay(note: (line: string) => void): Promise<Row[]> {
  const { entry } = await ensureOpenClaw();
  const model = await startStubModel();
  model.fallback = {};
  const gateway = await startGateway({ name: 'bench', model });
  const token = gateway.token ?? '';
  const home = doorHome([{ name: 'Bea', url: gateway.url, token }]);
  const person = await appHere(home);
  await person.call('settings.update', { changes: { agentBudget: 10_000 } });
  const [peer] = (await person.call('peer.list', {})).peers;
  if (!peer) throw new Error('no peer');
  await person.call('agents.setRule', {
    ...{ subject: { kind: 'peer', peerId: peer.id }, policy: 'allow' },
  });
  await until('the peer to be up', async () => {
    const { peers } = await person.call('peer.list', {});
    return peers[0]?.status === 'up';
  });
  const call = async (method: string, params: object): Promise<Record<string, unknown>> => {
    const at = ['--url', gateway.url, '--token', token, '--json'];
    const said = await node([
      entry,
      'gateway',
      'call',
      method,
      '--params',
      JSON.stringify(params),
      ...at,
    ]);
    return JSON.parse(said.slice(said.indexOf('{'))) as Record<string, unknown>;
  };
  let turn = 0;
  const timed = async (work: () => Promise<void>): Promise<number> => {
    const from = performance.now();
    await work();
    return performance.now() - from;
  };
  const sides = {
    value: () =>
      timed(async () => {
        const ran = await peerage(
          home,
          ['send', 'Bea', '--wait', '--timeout', '60'],
          `new ${++turn}`,
        );
        if (ran.code !== 0) throw new Error(ran.err);
      }),
    baseline: () =>
      timed(async () => {
        const sessionKey = 'agent:main:old-way';
        await call('chat.history', { sessionKey, limit: 5 });
        const idempotencyKey = `old-${++turn}`;
        const { runId } = await call('chat.send', {
          sessionKey,
          message: `old ${turn}`,
          idempotencyKey,
        });
        await call('agent.wait', { runId, timeoutMs: 60_000 });
        await call('chat.history', { sessionKey, limit: 10 });
      }),
  };
  try {
    // The first turn of a gateway, and of a session, costs seconds; both sides are past it.
    await sides.value();
    await sides.baseline();
    return [
      ratioRow(
        'peerage send --wait, one answered message, ms',
        await compare(sides, note),
        OLD_GOAL,
      ),
    ];
  } finally {
    await person.stop();
    await gateway.stop();
    await model.close();
    home.remove();
  }
}

/** The command line as a process of its own. */
export const commandLine: Bench = {
  name: 'cli',
  what: 'the command line: a whole process, against bare Node and against the old way of asking',
  run: async (note) => [...(await againstNode(note)), ...(await againstOldWay(note))],
};
