import { describe, expect, it } from 'vitest';
import type { OutgoingDelegationView, ThreadId } from '../../../electron/contract/index.ts';
import { DelegationId, MessageId } from '../../../electron/contract/index.ts';
import { glance, MOST_ROWS } from '../../../renderer/views/overview/glance.ts';
import { peerRow } from './samples.ts';

const uuid = (number: number): string =>
  `01900000-0000-7000-8000-${String(number).padStart(12, '0')}`;

const work = (
  number: number,
  changes: Partial<OutgoingDelegationView> = {},
): OutgoingDelegationView => ({
  id: DelegationId.parse(uuid(number)),
  messageId: MessageId.parse(uuid(number)),
  threadId: uuid(number) as ThreadId,
  peerId: peerRow(number).id,
  peer: `Peer ${number}`,
  linkKind: 'gateway',
  topic: 'Build',
  task: 'Mend it.',
  context: '',
  expected: '',
  priority: 'normal',
  deadlineAt: null,
  state: 'in_progress',
  stateFrom: 'wire',
  delivery: 'delivered',
  running: true,
  question: null,
  answer: null,
  error: null,
  attachments: 0,
  sentAt: number,
  changedAt: number,
  ...changes,
});

const keys = (list: { rows: readonly { key: string }[] }) => list.rows.map(({ key }) => key);

describe('the overview', () => {
  it('knows who needs the person, what came back, and what was asked', () => {
    const peers = [
      peerRow(1, { status: 'needs_you' }),
      peerRow(2, { unread: 1, lastActivityAt: 10 }),
      peerRow(3, { unread: 4, lastActivityAt: 20 }),
      peerRow(4, { running: true, lastActivityAt: 5 }),
      peerRow(5, { waiting: 2, lastActivityAt: 6 }),
      peerRow(6),
    ];
    const seen = glance(peers, [work(7), work(8, { state: 'asked_back' })]);
    expect(keys(seen.needsYou)).toEqual([uuid(8), peerRow(1).id]);
    expect(keys(seen.cameBack)).toEqual([peerRow(3).id, peerRow(2).id]);
    expect(keys(seen.asked)).toEqual([uuid(7), peerRow(5).id, peerRow(4).id]);
  });

  it('names work that is given once, not its peer as well, and none that is over', () => {
    const seen = glance(
      [peerRow(1, { running: true })],
      [work(1), work(2, { state: 'completed' })],
    );
    expect(seen.asked.rows.map(({ kind }) => kind)).toEqual(['work']);
  });

  it('shows a few of many, and how many more there are', () => {
    const peers = Array.from({ length: 40 }, (_, at) => peerRow(at, { unread: 1 }));
    const { cameBack } = glance(peers, []);
    expect([cameBack.rows.length, cameBack.more]).toEqual([MOST_ROWS, 40 - MOST_ROWS]);
  });
});
