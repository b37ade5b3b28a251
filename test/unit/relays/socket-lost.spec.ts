import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Member } from '../../fakes/relay/member.ts';
import { OriginalRelay } from '../../fakes/relay/original-relay.ts';

/** The published relay on an aiohttp that pushes: what comes while no socket stands waits for a poll. */
describe('a relay that pushes and loses its socket', () => {
  let relay: OriginalRelay;
  let bea: Member;
  beforeEach(async () => {
    relay = await OriginalRelay.start({ pushes: true });
    bea = await Member.open('Bea');
    await bea.join(relay.url);
  });
  afterEach(async () => {
    await bea.end();
    await relay.stop();
  });

  const task = (text: string) => ({
    type: 'task_delegation',
    message_id: text,
    from_agent: 'ada',
    task: text,
    context: {},
    priority: 'normal',
  });

  it('is asked for what came meanwhile within seconds, not at the next rare look', async () => {
    await bea.until('a socket', () => relay.socketOf(bea.agentId));
    relay.push(bea.agentId, JSON.stringify(task('by the socket')));
    await bea.task('by the socket');
    // From the next poll on, looks are rare: they come half a minute apart.
    await bea.clock.leap(2_500);
    relay.socketOf(bea.agentId)?.terminate();
    await bea.until('no socket', () => !relay.socketOf(bea.agentId));
    relay.queue(bea.agentId, task('by the inbox'));
    await bea.clock.leap(2_500);
    expect((await bea.task('by the inbox')).text).toBe('by the inbox');
  });
});
