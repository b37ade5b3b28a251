import type { Part } from '@a2a-js/sdk';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DelegationId, RECEPTION_LIMITS } from '../../../electron/contract/index.ts';
import {
  bringAnswer,
  dataOf,
  linesOf,
  textAlone,
} from '../../../electron/reception/delegations/answer.ts';
import type { FileOutcome } from '../../../electron/reception/index.ts';
import { foreignClient, type Rig, rpc, startRig, until, userMessage } from './parts/rig.ts';

const found = (text: string, mediaType = 'text/plain'): FileOutcome => ({
  kind: 'found',
  mediaType,
  data: new TextEncoder().encode(text),
});
const workspace = (files: Record<string, FileOutcome>) => ({
  asked: [] as string[],
  async file(_session: string, path: string): Promise<FileOutcome> {
    this.asked.push(path);
    return files[path] ?? { kind: 'missing' };
  },
});
const never = new AbortController().signal;
const bring = (answer: string, files: Record<string, FileOutcome>) =>
  bringAnswer(workspace(files), 'agent:main:s', answer, never);

describe('the files that an answer names', () => {
  it('are read, and the lines that name them are gone from its text', async () => {
    const answer = 'Here it is.\n\nMEDIA:reports/lamps.txt\n MEDIA: "a plan.png"';
    const brought = await bring(answer, {
      'reports/lamps.txt': found('seven'),
      'a plan.png': found('picture', 'image/png'),
    });
    expect(brought?.text).toBe('Here it is.');
    expect(brought?.files.map(({ name, mediaType }) => [name, mediaType])).toEqual([
      ['lamps.txt', 'text/plain'],
      ['a plan.png', 'image/png'],
    ]);
  });

  it('may be all that it brings, each once', async () => {
    const brought = await bring('MEDIA:a.txt\nMEDIA:a.txt', { 'a.txt': found('a') });
    expect(brought).toMatchObject({ text: '', files: [{ name: 'a.txt' }] });
    expect(brought?.files).toHaveLength(1);
  });

  it.each([
    ['in a sentence', 'Here: MEDIA:a.txt'],
    ['in code', '`MEDIA:a.txt`'],
    ['in a block of code', '```\nMEDIA:a.txt\n```'],
    ['in a block that is never closed', '~~~\nMEDIA:a.txt'],
    ['set in like code', '    MEDIA:a.txt'],
  ])('are not named %s', async (_where, answer) => {
    const brought = await bring(answer, { 'a.txt': found('a') });
    expect(brought).toEqual({ text: answer, files: [] });
  });

  it('are never fetched from the web: the address stays as text', async () => {
    const files = workspace({});
    const answer = await bringAnswer(files, 's', 'MEDIA:https://example.com/a.png', never);
    expect(answer?.files).toEqual([]);
    expect(files.asked).toEqual([]);
  });

  it.each([
    ['.env', 'hidden files are not sent'],
    ['notes/.keys/id', 'hidden files are not sent'],
    ['../../etc/passwd', 'it is not in the agent’s workspace'],
    ['gone.txt', 'it is not in the agent’s workspace'],
  ])('that cannot go along are named, with why: %s', async (path, why) => {
    const brought = await bring(`Done.\nMEDIA:${path}`, {
      '.env': found('SECRET'),
      'notes/.keys/id': found('SECRET'),
    });
    expect(brought?.files).toEqual([]);
    expect(brought?.text).toContain(`(${path.split('/').at(-1)} was not sent: ${why}.)`);
  });

  it.each([
    ['out/large.txt', 'it is too large for the gateway to hand out, with 300000 bytes.'],
    ['out/huge.png', 'it is too large for the gateway to hand out.'],
    ['out/tool.bin', 'the gateway hands out text and images only.'],
  ])('that the gateway keeps are named, with why and where they lie: %s', async (path, why) => {
    const brought = await bring(`Done.\nMEDIA:${path}`, {
      'out/large.txt': { kind: 'too_large', bytes: 300_000 },
      'out/huge.png': { kind: 'too_large', bytes: null },
      'out/tool.bin': { kind: 'not_readable' },
    });
    expect(brought?.files).toEqual([]);
    const place = `It lies at “${path}” in the agent’s workspace.`;
    expect(brought?.text).toContain(`(${path.split('/').at(-1)} was not sent: ${why} ${place})`);
  });

  it.each(['/home/bea/work/tool.bin', '~/tool.bin', 'file:///w/tool.bin', '../tool.bin'])(
    'do not tell a peer how this machine is laid out: %s',
    async (path) => {
      const brought = await bring(`MEDIA:${path}`, { [path]: { kind: 'not_readable' } });
      expect(brought?.text).toBe(
        '(tool.bin was not sent: the gateway hands out text and images only.)',
      );
    },
  );

  it('are asked for again later where the gateway cannot be asked now', async () => {
    expect(await bring('MEDIA:a.txt', { 'a.txt': { kind: 'not_now' } })).toBeNull();
  });

  it('are at most as many as the limit says', async () => {
    const paths = Array.from({ length: 20 }, (_, index) => `${index}.txt`);
    const files = Object.fromEntries(paths.map((path) => [path, found(path)]));
    const brought = await bring(paths.map((path) => `MEDIA:${path}`).join('\n'), files);
    expect(brought?.files).toHaveLength(RECEPTION_LIMITS.answerFiles);
    expect(brought?.text.match(/16 files at most/g)).toHaveLength(4);
  });

  it('are looked for only so often, whether they are there or not', async () => {
    const files = workspace({});
    const answer = Array.from({ length: 500 }, (_, index) => `MEDIA:${index}.txt`).join('\n');
    const brought = await bringAnswer(files, 's', answer, never);
    expect(files.asked).toHaveLength(RECEPTION_LIMITS.answerFiles);
    expect(brought?.text.match(/16 files at most/g)).toHaveLength(484);
  });

  it('leave every other answer as it is', () => {
    fc.assert(
      fc.property(fc.string(), (answer) => {
        const lines = linesOf(answer);
        fc.pre(lines.every((line) => line.kind === 'text'));
        fc.pre(!answer.includes('MEDIA:'));
        expect(lines.map((line) => (line.kind === 'text' ? line.text : '')).join('\n')).toBe(
          answer,
        );
      }),
    );
  });

  it('are told of by name where only text goes', () => {
    expect(textAlone('Done.', [])).toBe('Done.');
    expect(textAlone('', [{ name: 'a.txt' }, { name: 'b.txt' }])).toBe(
      '(Not sent along, since only text goes this way: a.txt, b.txt.)',
    );
  });
});

describe('an answer that is JSON and nothing else', () => {
  it('is data, and with a word beside it is not', () => {
    expect(dataOf('```json\n{"lamps": 7}\n```\n')).toEqual({ lamps: 7 });
    expect(dataOf('Here:\n```json\n{"lamps": 7}\n```')).toBeUndefined();
    expect(dataOf('```json\n{"lamps": 7}\n```\n```json\n1\n```')).toBeUndefined();
    expect(dataOf('```json\nseven\n```')).toBeUndefined();
    expect(dataOf(`\`\`\`json\n${'['.repeat(99)}${']'.repeat(99)}\n\`\`\``)).toBeUndefined();
  });
});

describe('an answer with files, at the door', () => {
  let rig: Rig;
  let token: string;
  beforeEach(async () => {
    rig = await startRig();
    ({ token } = await rig.peer('Bea'));
  });
  afterEach(() => rig.stop());

  const answered = async (answer: string, modes: readonly string[] = []): Promise<string> => {
    const params = {
      message: userMessage('count the lamps'),
      configuration: { returnImmediately: true, acceptedOutputModes: modes },
    };
    const { body } = await rpc(rig.origin(), token, 'SendMessage', params);
    const { id } = (body.result as unknown as { task: { id: DelegationId } }).task;
    await rig.call('delegation.accept', { delegationId: id });
    await until(() => rig.agents.begun.length > 0);
    rig.agents.end(`peerage:${id}`, { kind: 'answered', text: answer });
    await until(() => rig.reception.delegation(id)?.state === 'completed');
    return id;
  };
  const partsOf = async (id: string): Promise<Part['content'][]> => {
    const client = await foreignClient(rig.origin(), token);
    const { artifacts } = await client.getTask({ tenant: '', id });
    return artifacts.flatMap(({ parts }) => parts.map(({ content }) => content));
  };
  const FILE = 'Seven lamps.\nÄ, ö.\n';

  it('gives its words and each file, byte for byte, also after a restart of the app', async () => {
    rig.agents.files.set('lamps.txt', found(FILE));
    const id = await answered('Counted.\nMEDIA:lamps.txt');
    rig = await rig.restart();
    const [words, file] = await partsOf(id);
    expect(words).toEqual({ $case: 'text', value: 'Counted.' });
    expect(file?.$case === 'raw' && Buffer.from(file.value).toString()).toBe(FILE);
    const client = await foreignClient(rig.origin(), token);
    const { artifacts } = await client.getTask({ tenant: '', id });
    expect(artifacts[1]).toMatchObject({ name: 'lamps.txt', parts: [{ mediaType: 'text/plain' }] });
    expect(rig.reception.delegation(id as DelegationId)?.answer).toMatchObject({
      text: 'Counted.',
      files: [{ kind: 'file', name: 'lamps.txt', bytes: Buffer.byteLength(FILE) }],
    });
  });

  it('names its files in a list of tasks, and does not give them there', async () => {
    rig.agents.files.set('lamps.txt', found(FILE));
    await answered('Counted.\nMEDIA:lamps.txt');
    const { body } = await rpc(rig.origin(), token, 'ListTasks', { includeArtifacts: true });
    const list = JSON.stringify(body.result);
    expect(list).toContain('lamps.txt');
    expect(list).not.toContain(Buffer.from(FILE).toString('base64'));
  });

  it('waits with its end until the gateway can be asked for the files', async () => {
    rig.agents.files.set('lamps.txt', { kind: 'not_now' });
    const params = { message: userMessage('count'), configuration: { returnImmediately: true } };
    const { body } = await rpc(rig.origin(), token, 'SendMessage', params);
    const { id } = (body.result as unknown as { task: { id: DelegationId } }).task;
    await rig.call('delegation.accept', { delegationId: id });
    await until(() => rig.reception.delegation(id)?.state === 'in_progress');
    rig.agents.end(`peerage:${id}`, { kind: 'answered', text: 'MEDIA:lamps.txt' });
    await until(() => rig.agents.asked.includes('lamps.txt'));
    expect(rig.reception.delegation(id)?.state).toBe('in_progress');
    rig.agents.files.set('lamps.txt', found(FILE));
    await until(() => {
      rig.clock.advance(5_000);
      return rig.reception.delegation(id)?.state === 'completed';
    });
    expect(await partsOf(id)).toHaveLength(1);
  });

  it('gives JSON as data to who takes it, and as text to anybody else', async () => {
    const json = '```json\n{"lamps": 7}\n```';
    const first = await answered(json, ['text/plain', 'application/json']);
    expect(await partsOf(first)).toEqual([{ $case: 'data', value: { lamps: 7 } }]);
    const second = await answered(json);
    expect(await partsOf(second)).toEqual([{ $case: 'text', value: json }]);
  });
});
