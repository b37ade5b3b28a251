import {
  AttachmentId,
  LinkId,
  MessageId,
  NoticeId,
  PeerId,
  ThreadId,
} from '../../../electron/contract/index.ts';

const kinds = { peer: 1, link: 2, thread: 3, message: 4, attachment: 5, notice: 6 } as const;

function uuid(kind: keyof typeof kinds, number: number): string {
  const hex = number.toString(16).padStart(12, '0');
  return `0193400${kinds[kind]}-0000-7000-8000-${hex}`;
}

/** Ids that are the same in every run: the first peer is always the first peer. */
export const ids = {
  peer: (number: number): PeerId => PeerId.parse(uuid('peer', number)),
  link: (number: number): LinkId => LinkId.parse(uuid('link', number)),
  thread: (number: number): ThreadId => ThreadId.parse(uuid('thread', number)),
  message: (number: number): MessageId => MessageId.parse(uuid('message', number)),
  attachment: (number: number): AttachmentId => AttachmentId.parse(uuid('attachment', number)),
  notice: (number: number): NoticeId => NoticeId.parse(uuid('notice', number)),
};
