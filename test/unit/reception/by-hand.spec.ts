import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  appError,
  type CallInput,
  CodedError,
  type DelegationId,
  RECEPTION_LIMITS,
} from '../../../electron/contract/index.ts';
import { foreignClient, type Rig, rpc, startRig, until, userMessage } from './parts/rig.ts';

type Given = Partial<Omit<CallInput<'delegation.answer'>, 'delegationId'>>;

const KEY = `ghp_${'aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1cD3'}`;
const file = (name: string, content: string | Uint8Array, mediaType = 'text/plain') => ({
  name,
  mediaType,
  data: Buffer.from(content as string).toString('base64'),
});

describe('an answer by hand', () => {
  let rig: Rig;
  let token: string;
  beforeEach(async () => {
    rig = await startRig();
    ({ token } = await rig.peer('Bea'));
  });
  afterEach(() => rig.stop());

  const send = async (text: string) => {
    const params = { message: userMessage(text), configuration: { returnImmediately: true } };
    const { body } = await rpc(rig.origin(), token, 'SendMessage', params);
    return (body.result as unknown as { task: { id: DelegationId } }).task.id;
  };
  const card = (id: DelegationId) => rig.reception.delegation(id);
  const answer = (delegationId: DelegationId, given: Given) =>
    rig.call('delegation.answer', { delegationId, text: '', files: [], anyway: false, ...given });
  const refused = async (id: DelegationId, given: Given): Promise<string> => {
    try {
      await answer(id, given);
    } catch (error) {
      if (error instanceof CodedError) return error.error.code;
      throw error;
    }
    return 'taken';
  };

  it('goes back with its files, and no agent hears of it', async () => {
    const id = await send('Which lamp is it?');
    const data = Uint8Array.from([0, 1, 254, 255]);
    const files = [file('notes.md', '# The lamp\n'), file('lamp.bin', data, 'Application/X-Lamp')];
    expect(await answer(id, { text: 'The one in the hall.', files })).toEqual({ stopped: true });
    expect(card(id)).toMatchObject({
      state: 'completed',
      decision: { what: 'answered', by: 'person' },
      answer: { text: 'The one in the hall.', files: [{ name: 'notes.md' }, { name: 'lamp.bin' }] },
    });
    const client = await foreignClient(rig.origin(), token);
    const { artifacts } = await client.getTask({ tenant: '', id });
    const parts = artifacts.flatMap((artifact) => artifact.parts);
    expect(parts.map(({ filename, mediaType }) => [filename, mediaType])).toEqual([
      ['', 'text/plain'],
      ['notes.md', 'text/plain'],
      ['lamp.bin', 'application/x-lamp'],
    ]);
    expect(parts[2]?.content).toEqual({ $case: 'raw', value: Buffer.from(data) });
    expect(rig.agents.begun).toEqual([]);
    const { turns } = await rig.call('delegation.open', { delegationId: id });
    expect(turns.map(({ from }) => from)).toEqual(['caller', 'us']);
  });

  it('may be files alone, or come while they owe an answer to a question', async () => {
    const id = await send('Which lamp?');
    await rig.call('delegation.askBack', { delegationId: id, text: 'In which house?' });
    await answer(id, { files: [file('all.txt', 'all of them')] });
    expect(card(id)).toMatchObject({ state: 'completed', answer: { text: '' } });
    // The work itself is not taken for their reply.
    expect(card(id)).toMatchObject({ question: null, reply: null });
  });

  it('ends what an agent does with it, and what that comes to is no answer any more', async () => {
    const id = await send('Count them');
    await rig.call('delegation.accept', { delegationId: id });
    await until(() => card(id)?.state === 'in_progress');
    rig.agents.endsStopped = { kind: 'answered', text: 'Three, says the agent.' };
    expect(await answer(id, { text: 'Seven.' })).toEqual({ stopped: true });
    expect(rig.agents.stopped).toEqual([`peerage:${id}`]);
    await rig.clock.advance(10_000);
    expect(card(id)).toMatchObject({ state: 'completed', answer: { text: 'Seven.' } });
    // Nothing of it is looked for after the next start.
    const phase = rig.store.prepare<{ phase: string }, [string]>(
      'SELECT phase FROM delegations WHERE id = ?',
    );
    await until(() => phase.get(id)?.phase === 'none');
  });

  it('says where the agent could not be stopped, and stands all the same', async () => {
    const id = await send('Count them');
    await rig.call('delegation.accept', { delegationId: id });
    await until(() => card(id)?.state === 'in_progress');
    rig.agents.abort = async () => false;
    expect(await answer(id, { text: 'Seven.' })).toEqual({ stopped: false });
    expect(card(id)?.answer?.text).toBe('Seven.');
  });

  it.each([
    ['the gateway is back', false],
    ['the app was started anew', true],
  ])('stops a run that could not be stopped, once %s', async (_, anew) => {
    const id = await send('Count them');
    await rig.call('delegation.accept', { delegationId: id });
    await until(() => card(id)?.state === 'in_progress');
    const { agents } = rig;
    agents.down = appError('reception.gateway_down', 'It is gone.');
    agents.abort = async () => false;
    agents.end(`peerage:${id}`, { kind: 'not_now' });
    expect(await answer(id, { text: 'Seven.' })).toEqual({ stopped: false });
    if (anew) rig = await rig.restart();
    Reflect.deleteProperty(agents, 'abort');
    agents.follow = async () => ({ kind: agents.stopped.length === 0 ? 'running' : 'aborted' });
    agents.comeBack();
    await until(() => agents.stopped.length > 0);
    expect(agents.stopped).toEqual([`peerage:${id}`]);
    await rig.clock.advance(60_000);
    expect(agents.stopped).toHaveLength(1);
    expect(card(id)).toMatchObject({ state: 'completed', answer: { text: 'Seven.' } });
  });

  it('is given once: a second one, and a decision after it, come too late', async () => {
    const id = await send('Which?');
    const both = await Promise.allSettled([answer(id, { text: 'A' }), answer(id, { text: 'B' })]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await refused(id, { text: 'C' })).toBe('reception.already_decided');
    await expect(rig.call('delegation.accept', { delegationId: id })).rejects.toThrow();
  });

  it.each([
    ['a key in its words', { text: `use ${KEY}` }],
    ['a key in a file', { text: 'see', files: [file('env', `\n\nTOKEN=${KEY}\n`)] }],
  ])('with %s is sent only if the person says so', async (_, given) => {
    const id = await send('How do I get in?');
    expect(await refused(id, given)).toBe('message.looks_secret');
    expect(card(id)?.state).toBe('proposed');
    await answer(id, { ...given, anyway: true });
    expect(card(id)?.state).toBe('completed');
  });

  it.each([
    ['nothing', { text: ' \n' }, 'reception.empty_answer'],
    [
      'more words than go',
      { text: 'é'.repeat(RECEPTION_LIMITS.textBytes / 2 + 1) },
      'reception.answer_too_large',
    ],
    [
      'files that are too large together',
      { files: [1, 2, 3].map((n) => file(`${n}`, new Uint8Array(3_000_000))) },
      'reception.answer_too_large',
    ],
  ])('is refused, and nothing of it is kept, with %s', async (_, given, code) => {
    const id = await send('Well?');
    expect(await refused(id, given)).toBe(code);
    expect(card(id)).toMatchObject({ state: 'proposed', answer: null });
  });

  it('gives files plain names, whatever theirs are', async () => {
    const id = await send('Well?');
    const files = ['../../.ssh/id', 'C:\\keys\\id.pem', 'a\u202etxt.exe'].map((name) =>
      file(name, 'x'),
    );
    await answer(id, { files });
    expect(card(id)?.answer?.files.map(({ name }) => name)).not.toContainEqual(
      expect.stringMatching(/[\\/\u202e]/),
    );
  });
});
