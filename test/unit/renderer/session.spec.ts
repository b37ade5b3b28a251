import { describe, expect, it } from 'vitest';
import { type Frame, frame } from '../../../electron/contract/index.ts';
import type {
  ConnectionStatus,
  Transport,
  TransportListener,
} from '../../../renderer/connection/connection.ts';
import { Session } from '../../../renderer/connection/session.ts';
import { peerRow, snapshot } from './samples.ts';

class FakeTransport implements Transport {
  readonly sent: Frame[] = [];
  closed = 0;
  listener: TransportListener | null = null;
  helloBody = () => ({ key: 'a-key' });
  welcomed(): void {}
  start(listener: TransportListener): void {
    this.listener = listener;
  }
  send(sent: Frame): void {
    this.sent.push(sent);
  }
  close(): void {
    this.closed += 1;
  }
  give(kind: Frame['kind'], body: unknown, id = ''): void {
    this.listener?.frame(frame(kind, body, '', id));
  }
}

function connected() {
  const transport = new FakeTransport();
  const session = new Session(transport);
  const statuses: ConnectionStatus['kind'][] = [];
  const revisions: number[] = [];
  session.onStatus((status) => statuses.push(status.kind));
  session.onBatch((batch) => revisions.push(batch.revision));
  session.start();
  transport.listener?.opened();
  transport.give('snapshot', snapshot([peerRow(1)], 5));
  return { transport, session, statuses, revisions };
}

const batch = (base: number, epoch = 'one') => ({ epoch, base, revision: base + 1, changes: [] });

describe('the session', () => {
  it('says hello first, and is ready with the snapshot', () => {
    const { transport, statuses } = connected();
    expect(transport.sent[0]).toMatchObject({ kind: 'hello', body: { key: 'a-key' } });
    expect(statuses).toEqual(['connecting', 'ready']);
  });

  it.each([
    ['a gap', batch(7)],
    ['another epoch', batch(5, 'two')],
    ['a batch out of schema', { nonsense: true }],
  ])('asks once for a snapshot after %s, and ignores batches until then', (_what, wrong) => {
    const { transport, revisions } = connected();
    transport.give('batch', batch(5));
    transport.give('batch', wrong);
    transport.give('batch', batch(6));
    expect(revisions).toEqual([6]);
    expect(transport.sent.filter((sent) => sent.kind === 'snapshot')).toHaveLength(1);
    transport.give('snapshot', snapshot([], 20));
    transport.give('batch', batch(20));
    expect(revisions).toEqual([6, 21]);
  });

  it('pairs results with calls, and refuses an answer that breaks the contract', async () => {
    const { transport, session } = connected();
    const good = session.call('app.about', {});
    const bad = session.call('app.about', {});
    const [first, second] = transport.sent.filter((sent) => sent.kind === 'call');
    transport.give('result', { ok: true, value: { text: 42 } }, second?.id);
    transport.give('result', { ok: true, value: { text: 'hello' } }, first?.id);
    expect(await good).toEqual({ ok: true, value: { text: 'hello' } });
    expect(await bad).toMatchObject({ ok: false, error: { code: 'call.invalid_output' } });
  });

  it('answers open calls when the wire is lost, and comes back with a new snapshot', async () => {
    const { transport, session, statuses } = connected();
    const open = session.call('app.about', {});
    transport.listener?.closed();
    expect(await open).toMatchObject({ ok: false, error: { code: 'app.connection_lost' } });
    expect(await session.call('app.about', {})).toMatchObject({ ok: false });
    transport.listener?.opened();
    transport.give('snapshot', snapshot([], 1, 'two'));
    expect(statuses).toEqual(['connecting', 'ready', 'lost', 'ready']);
  });

  it('refuses what is too large for one frame, and keeps the wire', async () => {
    const { transport, session } = connected();
    const text = 'ä'.repeat(9_000_000);
    const before = transport.sent.length;
    const input = { threadId: 'one', text, revision: 1 } as never;
    expect(await session.call('thread.saveDraft', input)).toMatchObject({
      ok: false,
      error: { code: 'call.too_large' },
    });
    expect(transport.sent).toHaveLength(before);
  });

  it('stops trying when the key is refused', () => {
    const transport = new FakeTransport();
    const session = new Session(transport);
    const statuses: ConnectionStatus['kind'][] = [];
    session.onStatus((status) => statuses.push(status.kind));
    session.start();
    transport.listener?.opened();
    transport.give('refused', { code: 'call.wrong_sender', title: 'No', detail: 'No key.' });
    expect(statuses).toEqual(['connecting', 'refused']);
    expect(transport.closed).toBe(1);
  });

  it('ignores what is no frame at all', () => {
    const { transport, statuses } = connected();
    for (const junk of [null, 7, 'text', { v: 2 }, { kind: 'batch' }]) {
      transport.listener?.frame(junk);
    }
    expect(statuses).toEqual(['connecting', 'ready']);
  });
});
