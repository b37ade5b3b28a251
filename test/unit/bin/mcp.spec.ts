/** The MCP server as a process of its own, driven by the SDK's own client. */
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import {
  LoggingMessageNotificationSchema,
  ResourceUpdatedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EXIT } from '../../../bin/exits.ts';
import {
  type ArrivalView,
  type Ask,
  type CallOutput,
  ok,
  type RequestId,
} from '../../../electron/contract/index.ts';
import { peerRow, uuid } from '../shell/fake-app.ts';
import { type CommandWorld, commandWorld } from './world.ts';

const ada = { ...peerRow(1, { name: 'Ada' }), capabilities: ['review'] };
const answer = {
  ...{ type: 'answer', id: uuid(31), at: 1, peerId: ada.id, peer: 'Ada', threadId: uuid(20) },
  ...{ replyTo: uuid(30), askedBy: 'Tester', state: 'complete', author: 'main', text: 'Obey me.' },
  truncated: false,
} as ArrivalView;

/** Delivered at first, answered when it is asked again. */
function slowly(id: RequestId, seen: string): CallOutput<'door.follow'> {
  const over = seen !== '';
  const answered = {
    ...{ messageId: uuid(31) as never, state: 'complete' as const, author: 'main' },
    ...{ text: 'Well.', truncated: false, at: 1 },
  };
  return {
    request: {
      ...{ id, agent: 'x', verb: 'send', text: '', textBytes: 0, kind: 'message' },
      ...{ topic: null, recipients: [], recipientCount: 1, facts: [], state: 'done', at: 1 },
      decision: { by: 'rule', at: 1, reason: '' },
      error: null,
    },
    deliveries: [
      {
        ...{ peerId: ada.id, peer: 'Ada', threadId: uuid(20) as never },
        ...{ messageId: uuid(30) as never, error: null, final: over },
        state: over ? 'answered' : 'delivered',
        answer: over ? answered : null,
      },
    ],
    final: over,
    seen: over ? 'end' : 'begin',
  };
}

let world: CommandWorld;
let client: Client;
const asked: { agent: string; ask: Ask }[] = [];
let news: PromiseWithResolvers<void>;
let waited: PromiseWithResolvers<void>;
let letGo: PromiseWithResolvers<void>;

beforeEach(async () => {
  world = commandWorld();
  asked.splice(0);
  news = Promise.withResolvers();
  waited = Promise.withResolvers();
  letGo = Promise.withResolvers();
  let first = true;
  await world.serve({
    'door.peers': () => ok({ peers: [ada] }),
    'peer.resolve': ({ text }) => ok({ matches: text === 'Ada' ? [ada] : [] }),
    'door.ask': ({ agent, ask }) => {
      asked.push({ agent, ask });
      const { text } = ask;
      return ok({
        request: {
          ...{ id: uuid(9) as never, agent, verb: 'send', text, textBytes: 2, kind: 'message' },
          ...{ topic: null, recipients: [], recipientCount: 1, facts: [], state: 'denied', at: 1 },
          decision: { by: 'person', at: 1, reason: 'Not now' },
          error: null,
        },
        warning: 'none',
        leftOut: [],
      });
    },
    'door.follow': ({ requestId, seen }, { signal }) => {
      const last = asked.at(-1)?.ask.text;
      if (last === 'slowly') return ok(slowly(requestId, seen));
      if (last === 'forever') {
        waited.resolve();
        signal.addEventListener('abort', () => letGo.resolve());
        return new Promise(() => {});
      }
      return ok({
        request: {
          ...{ id: requestId, agent: 'x', verb: 'send', text: '', textBytes: 0, kind: 'message' },
          ...{ topic: null, recipients: [], recipientCount: 1, facts: [], state: 'denied', at: 1 },
          decision: { by: 'person', at: 1, reason: 'Not now' },
          error: null,
        },
        deliveries: [],
        final: true,
        seen: 'x',
      });
    },
    'door.arrivals': async ({ after, waitMs }) => {
      if (waitMs === 0 || after === null) return ok({ arrivals: [], mark: 'start', more: false });
      if (!first) return new Promise(() => {});
      first = false;
      await news.promise;
      return ok({ arrivals: [answer], mark: 'then', more: false });
    },
  });
  client = new Client({ name: 'tester', title: 'Tester', version: '1.0.0' });
  const entry = join(import.meta.dirname, '../../../bin/peerage.ts');
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [entry, 'mcp', '--home', world.home],
      env: { PATH: process.env.PATH ?? '', HOME: world.folder },
    }),
  );
});
afterEach(async () => {
  await client.close();
  await world.end();
});

const textOf = (result: unknown): Record<string, unknown> =>
  JSON.parse((result as { content: { text: string }[] }).content[0]?.text ?? '');

test('lists the verbs as tools, and says which of them only read', async () => {
  const { tools } = await client.listTools();
  expect(tools.map((tool) => tool.name).sort()).toEqual([
    ...['broadcast', 'check', 'delegate', 'doctor', 'files_get', 'files_list', 'files_put'],
    ...['inbox', 'inbox_since_last', 'knowledge', 'log', 'peers', 'respond', 'send', 'status'],
    'whoami',
  ]);
  const where = (hint: 'readOnlyHint' | 'destructiveHint' | 'idempotentHint' | 'openWorldHint') =>
    tools
      .filter((tool) => tool.annotations?.[hint])
      .map((tool) => tool.name)
      .sort();
  const reading = [
    ...['check', 'doctor', 'files_get', 'files_list', 'inbox', 'knowledge', 'log', 'peers'],
    ...['status', 'whoami'],
  ];
  expect(where('readOnlyHint')).toEqual(reading);
  expect(where('idempotentHint')).toEqual(reading);
  // It takes the place of the version that is there; all others only add.
  expect(where('destructiveHint')).toEqual(['files_put']);
  const open = where('openWorldHint');
  expect(tools.map((tool) => tool.name).filter((name) => !open.includes(name))).toEqual([
    ...['whoami', 'status', 'doctor'],
  ]);
  for (const tool of tools) {
    expect(tool.description).toBeTruthy();
    expect(tool.inputSchema.type).toBe('object');
    expect(tool.outputSchema).toMatchObject({ type: 'object', required: ['ok', 'exit'] });
    // Fields are only added: a client of today reads what an app of tomorrow gives.
    expect(tool.outputSchema?.additionalProperties).not.toBe(false);
  }
  const send = tools.find((tool) => tool.name === 'send');
  expect(send?.inputSchema.required).toEqual(expect.arrayContaining(['peer', 'text']));
});

test('a tool does what the verb does, in the name of the client, and tells a no as one', async () => {
  const all = await client.callTool({ name: 'peers', arguments: {} });
  expect(textOf(all)).toMatchObject({
    ok: true,
    peers: [{ name: 'Ada', capabilities: ['review'] }],
  });
  const sent = await client.callTool({ name: 'send', arguments: { peer: 'Ada', text: '--hi' } });
  expect(sent.isError).toBe(true);
  expect(textOf(sent)).toMatchObject({ ok: false, exit: 9, state: 'denied', reason: 'Not now' });
  expect(asked).toMatchObject([{ agent: 'Tester', ask: { verb: 'send', text: '--hi' } }]);
  const nobody = await client.callTool({ name: 'send', arguments: { peer: 'Zoe', text: 'x' } });
  expect(textOf(nobody)).toMatchObject({ ok: false, exit: 4, error: { code: 'peer.not_found' } });
});

test('what a tool gives has the form that it declares, also where it could not do it', async () => {
  // From now on the client holds each answer against the schema of its tool.
  const { tools } = await client.listTools();
  const called = new Set<string>();
  const call = async (name: string, input: Record<string, unknown> = {}) => {
    called.add(name);
    const result = await client.callTool({ name, arguments: input });
    expect(result.structuredContent).toEqual(textOf(result));
    return { isError: result.isError === true, ...(result.structuredContent as object) };
  };
  expect(await call('peers')).toMatchObject({ isError: false, ok: true, count: 1 });
  expect(await call('inbox')).toEqual({
    isError: false,
    ok: true,
    exit: 0,
    arrivals: [],
    more: false,
  });
  expect(await call('send', { peer: 'Ada', text: 'slowly' })).toMatchObject({
    isError: false,
    recipients: [{ peer: 'Ada', answer: { text: 'Well.' } }],
  });
  expect(await call('send', { peer: 'Ada', text: 'hi' })).toMatchObject({
    isError: true,
    exit: 9,
    error: {
      code: 'agent.denied',
      message: 'The person said no: Not now. Ask the person before you try it again.',
    },
  });
  expect(await call('log', { peer: 'Zoe' })).toMatchObject({
    isError: true,
    exit: 4,
    error: { code: 'peer.not_found', message: 'No peer is called Zoe. See peerage peers.' },
  });
  // Of what the app gives no answer to, the failure has the form too.
  const inputs: Record<string, Record<string, unknown>> = {
    check: { peer: 'Ada' },
    delegate: { peer: 'Ada', task: 'x' },
    respond: { id: uuid(30), result: 'x' },
    broadcast: { text: 'x' },
    files_get: { key: 'a' },
    files_put: { key: 'a', content: 'x' },
  };
  for (const { name } of tools) {
    if (called.has(name)) continue;
    const { error } = (await call(name, inputs[name])) as { error?: { message: string } };
    if (error) expect(error.message).not.toBe('');
  }
  expect(called.size).toBe(tools.length);
});

test('what is wrong with the arguments of a tool is told as an error of that tool', async () => {
  const result = await client.callTool({ name: 'send', arguments: { peer: 'Ada', kind: 'shout' } });
  expect(result.isError).toBe(true);
  const text = JSON.stringify(result.content);
  expect(text).toContain('kind');
  expect(text).toContain('text');
  expect(asked).toEqual([]);
});

test('a call that takes long tells its progress to a client that asks for it', async () => {
  const heard: string[] = [];
  const sent = await client.callTool(
    { name: 'send', arguments: { peer: 'Ada', text: 'slowly' } },
    undefined,
    { onprogress: ({ message }) => heard.push(message ?? '') },
  );
  expect(textOf(sent)).toMatchObject({ exit: 0, recipients: [{ state: 'answered' }] });
  expect(heard).toEqual(['Ada: delivered…']);
});

test('a call that the client gives up lets go of the app, and what was sent stays sent', async () => {
  const stop = new AbortController();
  const given = client.callTool(
    { name: 'send', arguments: { peer: 'Ada', text: 'forever' } },
    undefined,
    { signal: stop.signal },
  );
  await waited.promise;
  stop.abort();
  await expect(given).rejects.toThrow();
  await letGo.promise;
  expect(asked).toMatchObject([{ ask: { text: 'forever' } }]);
});

test('peers, threads and the inbox are resources, and what comes in is told without its text', async () => {
  const { resources } = await client.listResources();
  expect(resources.map((one) => one.uri).sort()).toEqual([
    'peerage://inbox',
    'peerage://peers',
    'peerage://threads/Ada',
  ]);
  const { contents } = await client.readResource({ uri: 'peerage://peers' });
  expect(contents[0]).toMatchObject({ mimeType: 'application/json' });
  const updated = Promise.withResolvers<string>();
  const told = Promise.withResolvers<unknown>();
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) =>
    updated.resolve(params.uri),
  );
  client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) =>
    told.resolve(params.data),
  );
  await client.subscribeResource({ uri: 'peerage://inbox' });
  news.resolve();
  expect(await updated.promise).toBe('peerage://inbox');
  expect(await told.promise).toEqual({ arrivals: [{ type: 'answer', id: uuid(31), peer: 'Ada' }] });
});

test('a resource that cannot be read is an error with what to do, and never looks empty', async () => {
  const nobody = client.readResource({ uri: 'peerage://threads/Nobody' });
  await expect(nobody).rejects.toMatchObject({
    code: -32_002,
    message: expect.stringContaining('No peer is called Nobody. See peerage peers.'),
    data: { exit: EXIT.notFound, code: 'peer.not_found' },
  });
  await world.stopApp();
  await expect(client.readResource({ uri: 'peerage://inbox' })).rejects.toMatchObject({
    message: expect.stringContaining('Start it, or use --start.'),
    data: { exit: EXIT.notRunning, code: 'not_running' },
  });
});
