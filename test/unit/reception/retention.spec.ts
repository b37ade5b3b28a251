import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DelegationId } from '../../../electron/contract/index.ts';
import { createRetention, KEPT_OF_PEER } from '../../../electron/reception/retention.ts';
import { type Rig, rpc, startRig, until, userMessage } from './parts/rig.ts';

const DAY_MS = 86_400_000;

describe('work that is over', () => {
  let rig: Rig;
  let token: string;
  beforeEach(async () => {
    rig = await startRig();
    ({ token } = await rig.peer('Bea'));
  });
  afterEach(() => rig.stop());

  const propose = async (text: string, as = token): Promise<DelegationId> => {
    const message = userMessage(text);
    await rpc(rig.origin(), as, 'SendMessage', {
      message,
      configuration: { returnImmediately: true },
    });
    const found = rig.reception.delegations().find((one) => one.text.startsWith(text.slice(0, 20)));
    if (!found) throw new Error('it did not come in');
    return found.id;
  };
  const decline = (delegationId: DelegationId) =>
    rig.call('delegation.decline', { delegationId, reason: '' });
  const rows = (table = 'delegations'): number =>
    rig.store.prepare<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).get()?.n ?? 0;
  /** So much of it as would take long to send. */
  const fill = (peerId: string, count: number, bytes: number): Promise<void> =>
    rig.store.write(() => {
      const put = rig.store.prepare<never, [string, string, number]>(
        `INSERT INTO delegations (id, peer_id, caller, proof, context_id, text, text_bytes, bytes,
           priority, state, received_at, changed_at)
         VALUES (?, ?, 'Bea', '{"kind":"local"}', 'c', '', 0, ?, 'normal', 'completed', 1, 1)`,
      );
      for (let n = 0; n < count; n++) put.run(`filled-${peerId}-${n}`, peerId, bytes);
    });

  it('goes after the time that was set for messages, with its talk; what is open stays', async () => {
    await decline(await propose('an old one'));
    const waits = await propose('one that waits');
    rig.settings.retentionDays = 7;
    await rig.clock.advance(6 * DAY_MS);
    expect(rows()).toBe(2);
    await rig.clock.advance(2 * DAY_MS);
    await until(() => rows() === 1);
    expect(rig.reception.delegation(waits)).not.toBeNull();
    expect(rows('delegation_messages')).toBe(1);
  });

  it('stays where the person keeps everything', async () => {
    await decline(await propose('an old one'));
    await rig.clock.advance(20 * DAY_MS);
    expect(rows()).toBe(1);
  });

  it('fills no more of the disk than a peer may: the oldest of that peer goes, soon', async () => {
    const bea = rig.partners.names.keys().next().value ?? '';
    const cal = await rig.peer('Cal');
    await fill(cal.peerId, 3, KEPT_OF_PEER.bytes / 4);
    await fill(bea, 10, KEPT_OF_PEER.bytes / 4);
    await decline(await propose('the last one'));
    await rig.clock.advance(5_000);
    // Three of the big ones, and the one that was just declined.
    await until(() => rows() === 3 + 4);
    expect(rows(`delegations WHERE peer_id = '${cal.peerId}'`)).toBe(3);
    expect(rows("delegations WHERE id LIKE '%-9'")).toBe(1);
  });

  it('is never more than so many tasks of a peer', async () => {
    const bea = rig.partners.names.keys().next().value ?? '';
    await fill(bea, KEPT_OF_PEER.tasks + 120, 10);
    const retention = createRetention({
      store: rig.store,
      clock: rig.clock,
      settings: () => rig.settings,
      log: () => undefined,
    });
    expect(await retention.apply()).toBe(120);
    expect(rows()).toBe(KEPT_OF_PEER.tasks);
  });
});
