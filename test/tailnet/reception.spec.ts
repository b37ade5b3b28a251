import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, it } from 'vitest';
import type { AppStart } from '../journeys/app-handle.ts';
import { type AppProcess, startProcess } from '../journeys/app-process.ts';
import { Person } from '../journeys/person.ts';
import { asked, listen, type Met, meet } from '../journeys/two-people.ts';
import { LINK_PATIENCE_MS } from '../patience.ts';
import { run, until } from '../real/parts/process.ts';
import { describeWith } from '../real/parts/require.ts';
import { type Lan, type LanHost, startLan, untilOpen } from './parts/lan.ts';
import { type Daemon, launch } from './parts/launch.ts';
import type { TailnetNode } from './parts/node.ts';
import { tailnetTools } from './parts/tailnet.ts';

const TOKEN = 'token-of-the-gateway-over-there';
const TASK = 'count the lamps in the hall';

/** Asks for the card; says its HTTP status, or why none came. */
const ASK = `
fetch(process.argv[1] + '/.well-known/agent-card.json', { signal: AbortSignal.timeout(50_000) })
  .then((answer) => console.log(answer.status), (error) => console.log(error.cause?.code ?? error.name));
`;
const cardFrom = async ({ wrap }: LanHost, origin: string): Promise<string> => {
  const [program = '', ...args] = wrap([process.execPath, '-e', ASK, origin]);
  return (await run(program, args)).stdout.trim();
};

await describeWith(['tailnet', 'tun'], 'two people’s apps on a real tailnet', () => {
  let lan: Lan;
  let gateway: Daemon;
  let ada: Person<AppProcess>;
  let bea: Person<AppProcess>;
  let met: Met;
  let origin: string;
  const apps: AppProcess[] = [];

  const visit = async (
    name: string,
    host: LanHost & { readonly node: TailnetNode },
    env: Record<string, string> = {},
  ): Promise<Person<AppProcess>> => {
    const home = join(lan.folder, name);
    await mkdir(home, { mode: 0o700 });
    const { program, socket } = host.node;
    const start: AppStart = {
      home,
      keychain: { kind: 'file', path: join(lan.folder, `${name}.json`) },
      env: { PEERAGE_TAILSCALE: program, PEERAGE_TAILSCALE_SOCKET: socket, ...env },
    };
    const app = await startProcess(start, host.wrap);
    apps.push(app);
    return new Person(app, start.keychain, LINK_PATIENCE_MS);
  };

  beforeAll(async () => {
    lan = await startLan(await tailnetTools());
    gateway = launch({
      command: [
        process.execPath,
        join(import.meta.dirname, 'parts/own-gateway.ts'),
        TOKEN,
        TASK,
        'Seven.',
      ],
      cwd: lan.folder,
      logPath: join(lan.folder, 'gateway.log'),
      wrap: lan.b.wrap,
    });
    const port = await until('the gateway', () => /listens at \S+:(\d+)/.exec(gateway.log())?.[1]);
    const config = join(lan.folder, 'openclaw.json');
    const auth = { mode: 'token', token: TOKEN };
    await writeFile(
      config,
      JSON.stringify({ gateway: { port: Number(port), bind: 'loopback', auth } }),
      { mode: 0o600 },
    );
    ada = await visit('ada', lan.a);
    bea = await visit('bea', lan.b, { OPENCLAW_CONFIG_PATH: config });
    await bea.do('ownGateway.connect', { name: 'Mine', agentId: null, credential: null });
    await listen(ada, 'tailnet');
    origin = (await listen(bea, 'tailnet'))[0] ?? '';
  });
  afterAll(async () => {
    for (const app of apps) await app.stop();
    await gateway?.stop('SIGKILL');
    await lan?.stop();
  });

  it('listen on the tailnet address, and are served to a machine that is known there', async () => {
    const address = await lan.b.node.ip4();
    assert.equal(new URL(origin).hostname, address);
    await untilOpen(lan.a, address, Number(new URL(origin).port));
    assert.equal(await cardFrom(lan.a, origin), '200');
  });

  it('are closed on the LAN, and hang up on a neighbour that routes the tailnet address over it', async () => {
    const { hostname, port } = new URL(origin);
    assert.equal(await lan.asNeighbour(lan.b.address, Number(port)), 'refused');
    // The kernel takes the connection; nothing of it is read, for whois does not know the caller.
    assert.equal(await lan.asNeighbour(hostname, Number(port)), 'open');
    assert.notEqual(await cardFrom(lan.neighbour, origin), '200');
    assert.match(await cardFrom(lan.neighbour, origin), /^(UND_ERR_SOCKET|ECONNRESET)$/);
  });

  it('become peers by an invite, and each is known by machine and owner', async () => {
    met = await meet(ada, bea);
    assert.deepEqual(met.invites[0].other?.proof, {
      kind: 'tailnet',
      node: (await lan.b.node.status()).Self.DNSName.replace(/\.$/, ''),
      owner: 'bob',
    });
  });

  it('send work there, and its answer back', async () => {
    const began = performance.now();
    const threadId = await ada.thread(met.peer);
    const message = await ada.write(threadId, TASK);
    const waiting = await asked(bea, TASK, 'proposed');
    assert.equal(waiting.proof.kind === 'tailnet' && waiting.proof.owner, 'alice');
    await bea.do('delegation.accept', { delegationId: waiting.id });
    assert.equal((await ada.answer(message, 'complete')).body, 'Seven.');
    const seconds = (performance.now() - began) / 1000;
    console.info(`work there and its answer back over the tailnet: ${seconds.toFixed(1)} s`);
  });
});
