import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakePeer, startFakePeer } from '../../journeys/fake-world.ts';
import { shut, word } from '../../journeys/gateway.ts';
import { travel } from '../../journeys/index.ts';

/**
 * A real gateway shows this only to senders that hold `operator.approvals`, which a peer never gets
 * (test/real/matrix/observed/exec-approval.json): so the fake alone can tell it.
 */
describe('an answer that waits for the person over there', () => {
  let a: FakePeer;
  let b: FakePeer;
  beforeAll(async () => {
    a = await startFakePeer('a');
    b = await startFakePeer('b');
  });
  afterAll(async () => {
    await a.stop();
    await b.stop();
  });

  it('says so while it waits, and goes on when it was allowed', () =>
    travel(
      {
        name: 'approval',
        run: async ({ home, visit }) => {
          const person = await visit(home());
          const contact = await person.meet('Ada', a);
          const mark = word();
          const hold = shut();
          const prompts = a.script(mark, { text: 'first the question then the command', hold });
          const message = await person.write(await person.thread(contact), mark);
          await person.answer(message, 'streaming');
          const sessionKey = prompts.sessions[0] ?? '';
          const tell = (phase: string): void =>
            a.fake.event(
              'agent',
              { runId: `peerage:${message}`, sessionKey, stream: 'lifecycle', data: { phase } },
              sessionKey,
            );
          tell('waiting-approval');
          const waiting = await person.answer(message, 'waiting_approval');
          expect(person.mirror.outgoing(message)?.running).toBe(true);
          tell('approval-resolved');
          await person.answer(message, 'streaming');
          hold.release();
          const answer = await person.answer(message, 'complete');
          expect(answer.id).toBe(waiting.id);
          expect(answer.body).toBe('first the question then the command');
          expect(prompts.calls).toBe(1);
          await person.leave();
        },
      },
      { a, b, keychain: null },
    ));
});
