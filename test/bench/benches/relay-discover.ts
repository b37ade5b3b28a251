import { Agent } from 'node:http';
import type { WebSocket } from 'ws';
import { emptyHome } from '../parts/big-home.ts';
import { type Child, startChild } from '../parts/child.ts';
import type { Memory } from '../parts/memory.ts';
import { ask, openAgent } from '../parts/relay-client.ts';
import { type Bench, type Pair, ratioRow } from '../report.ts';
import { compareTurns, RUNS } from '../runs.ts';

const REGISTERED = 5_000;
const CONNECTED = 500;
const FEW = 50;
const TURNS = 400;
const TIME_GOAL = 2;
const MEMORY_GOAL = 4;

const nameOf = (i: number): string => `agent-${i}`;

interface Relay {
  readonly child: Child;
  readonly port: number;
}

async function start(registered: number): Promise<Relay> {
  const child = startChild(
    'relay-entry.ts',
    ['--expose-gc'],
    [emptyHome('relay-discover'), String(registered)],
  );
  return { child, ...((await child.next()) as { port: number }) };
}

/** Registers so many agents and opens their sockets. */
async function connect(port: number, count: number, agent: Agent): Promise<WebSocket[]> {
  const sockets: WebSocket[] = [];
  for (let i = 0; i < count; i++) {
    await ask(agent, port, 'POST', '/register', nameOf(i), {
      agent_id: nameOf(i),
      name: `Agent ${i}`,
      capabilities: ['code', 'search', 'review'],
      machine: 'desk',
      description: 'An agent that is connected',
    });
    sockets.push(await openAgent(port, nameOf(i)));
  }
  return sockets;
}

/** What one more connected agent holds, bytes. */
async function memoryEach(child: Child, open: () => Promise<WebSocket[]>): Promise<Memory> {
  const before = (await child.ask({})) as Memory;
  const sockets = await open();
  const after = (await child.ask({})) as Memory;
  for (const socket of sockets) socket.terminate();
  return {
    held: (after.held - before.held) / CONNECTED,
    rss: (after.rss - before.rss) / CONNECTED,
  };
}

async function memoryPairs(note: (line: string) => void): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let run = 0; run < RUNS; run++) {
    const agent = new Agent({ keepAlive: true });
    const ours = await start(REGISTERED - CONNECTED);
    const bare = startChild('bare-relay.ts', ['--expose-gc']);
    const { port } = (await bare.next()) as { port: number };
    try {
      // Code and buffers that all of them share are there before.
      for (const socket of await connect(ours.port, 1, agent)) socket.terminate();
      (await openAgent(port, 'first')).terminate();
      const value = await memoryEach(ours.child, () => connect(ours.port, CONNECTED, agent));
      const baseline = await memoryEach(bare, () =>
        Promise.all(Array.from({ length: CONNECTED }, (_, i) => openAgent(port, nameOf(i)))),
      );
      note(`  resident: ${Math.round(value.rss)} against ${Math.round(baseline.rss)} bytes`);
      note(`  ${Math.round(value.held)} against ${Math.round(baseline.held)} bytes`);
      pairs.push({ value: value.held, baseline: baseline.held });
    } finally {
      await ours.child.stop();
      await bare.stop();
      agent.destroy();
    }
  }
  return pairs;
}

/** Many agents: how long the list takes, and what one of them costs. */
export const relayDiscover: Bench = {
  name: 'relay-discover',
  what: '/discover with 5,000 agents, 500 of them connected, against 50; memory against bare ws',
  run: async (note) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const many = await start(REGISTERED - CONNECTED);
    const few = await start(0);
    const held = [
      await connect(many.port, CONNECTED, agent),
      await connect(few.port, FEW, agent),
    ].flat();
    let turn = 0;
    /** Somebody's heartbeat changed the list before each time. */
    const beat = (port: number): Promise<number> => {
      const name = nameOf(turn++ % FEW);
      return ask(agent, port, 'POST', '/heartbeat', name, { agent_id: name });
    };
    const beatBoth = setInterval(() => {
      void Promise.all([beat(many.port), beat(few.port)]).catch(() => undefined);
    }, 20);
    try {
      const pairs = await compareTurns(
        {
          value: async () => void (await ask(agent, many.port, 'GET', '/discover', nameOf(0))),
          baseline: async () => void (await ask(agent, few.port, 'GET', '/discover', nameOf(0))),
          times: TURNS,
        },
        note,
      );
      clearInterval(beatBoth);
      for (const socket of held) socket.terminate();
      return [
        ratioRow('relay: discover with 500 of 5,000 connected, ms', pairs, TIME_GOAL),
        ratioRow('relay: memory per connected agent, bytes', await memoryPairs(note), MEMORY_GOAL),
      ];
    } finally {
      clearInterval(beatBoth);
      await many.child.stop();
      await few.child.stop();
      agent.destroy();
    }
  },
};
