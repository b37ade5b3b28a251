import { useEffect, useRef, useState } from 'react';
import {
  type AppError,
  type AttachmentId,
  type DelegationId,
  type DelegationPriority,
  type FormKind,
  formShape,
  type PeerId,
  type ThreadId,
  writeForm,
  writeMoment,
} from '../../../electron/contract/index.ts';
import { useClient, useDetail } from '../../store/hooks.ts';
import { preferredLink } from '../../words/links.ts';
import { fieldsOf } from './form-fields.tsx';

/** The most files that one message takes. */
export const MOST_FILES = 10;

/** What the form begins with; null = the person chooses it there. */
export interface ComposeStart {
  readonly form: FormKind;
  readonly peerId: PeerId | null;
  readonly threadId: ThreadId | null;
}

/** The form while it is filled in. `missing`: what `send` found empty or unreadable, by key. */
export interface Composing {
  readonly kind: FormKind;
  readonly peerId: PeerId | null;
  readonly topic: string;
  readonly values: Readonly<Record<string, string>>;
  readonly priority: DelegationPriority;
  /** As the field has it: local time, or empty. */
  readonly deadline: string;
  readonly files: readonly File[];
  readonly missing: ReadonlySet<string>;
  /** What goes out, as they will read it. */
  readonly text: string;
  readonly busy: boolean;
  readonly error: AppError | null;
  change(
    changes: Partial<Pick<Composing, 'kind' | 'peerId' | 'topic' | 'priority' | 'deadline'>>,
  ): void;
  fill(key: string, value: string): void;
  addFiles(files: readonly File[]): void;
  dropFile(file: File): void;
  /** @returns where it stands now, or null where it is not on its way. */
  send(anyway: boolean): Promise<Sent | null>;
}

/** What is in the outbox. */
export interface Sent {
  readonly peerId: PeerId;
  readonly threadId: ThreadId;
  /** Null = it is no work, so it is not on the board. */
  readonly delegationId: DelegationId | null;
}

const clean = (text: string): string => text.toWellFormed().replaceAll('\u0000', '');

/** What is being written as a form, and its way out. */
export function useCompose(start: ComposeStart): Composing {
  const client = useClient();
  const [form, setForm] = useState({
    kind: start.form,
    peerId: start.peerId,
    topic: '',
    priority: 'normal' as DelegationPriority,
    deadline: '',
  });
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [files, setFiles] = useState<readonly File[]>([]);
  const [missing, setMissing] = useState<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError | null>(null);
  /** A thread that was made for the files of this one, until it is sent. */
  const made = useRef<{ readonly threadId: ThreadId; readonly peerId: PeerId } | null>(null);
  const detail = useDetail(form.peerId);
  useEffect(() => {
    if (form.peerId) void client.navigation.watchPeer(form.peerId);
  }, [client, form.peerId]);
  useEffect(
    () => () => {
      if (made.current) void client.call('thread.delete', { threadId: made.current.threadId });
    },
    [client],
  );

  const { kind, peerId, topic, priority, deadline } = form;
  const deadlineAt = deadline === '' ? null : Date.parse(deadline);
  const filled = Object.fromEntries(
    fieldsOf(kind).map(({ key }) => [key, clean(values[key] ?? '')]),
  );
  const text = writeForm({
    kind,
    topic: clean(topic),
    fields:
      kind === 'delegation'
        ? {
            ...filled,
            priority,
            deadline: deadlineAt === null ? '' : writeMoment(deadlineAt),
          }
        : filled,
  });

  const threadFor = async (to: PeerId, wanted: boolean): Promise<ThreadId | null | AppError> => {
    if (start.threadId && to === start.peerId) return start.threadId;
    // One that a try before this made is used, so that it does not stay behind empty.
    if (made.current?.peerId === to) return made.current.threadId;
    if (!wanted) return null;
    const linkId = preferredLink(detail?.links ?? [])?.id ?? null;
    const title = clean(topic).replace(/\s+/gu, ' ').trim().slice(0, 120);
    const result = await client.call('thread.create', { peerId: to, linkId, title, agentId: null });
    if (!result.ok) return result.error;
    made.current = { threadId: result.value.threadId, peerId: to };
    return result.value.threadId;
  };

  const upload = async (threadId: ThreadId): Promise<readonly AttachmentId[] | AppError> => {
    for (const file of files) await client.uploads.add(threadId, file);
    const { uploads } = client.uploads.store.getState();
    const mine = uploads.filter((one) => one.threadId === threadId);
    const failed = mine.find((one) => one.error !== null)?.error;
    return failed ?? mine.flatMap((one) => one.attachmentId ?? []);
  };

  const deliver = async (to: PeerId, anyway: boolean): Promise<AppError | Sent> => {
    if (detail && !detail.firstUseAcknowledged) {
      const agreed = await client.call('peer.acknowledgeFirstUse', { peerId: to });
      if (!agreed.ok) return agreed.error;
    }
    const threadId = await threadFor(to, kind !== 'delegation' || files.length > 0);
    if (threadId !== null && typeof threadId === 'object') return threadId;
    const before = threadId === null ? [] : await upload(threadId);
    if (!Array.isArray(before)) {
      if (threadId !== null) forgetUploads(threadId);
      return before as AppError;
    }
    const attachmentIds = before as readonly AttachmentId[];
    const done = await (threadId === null || kind === 'delegation'
      ? giveWork(to, threadId, attachmentIds, anyway)
      : write(to, threadId, attachmentIds, anyway));
    const failed = 'code' in done;
    if (threadId !== null && failed) forgetUploads(threadId);
    else if (threadId !== null) client.uploads.sent(threadId);
    if (!failed) made.current = null;
    return done;
  };

  const giveWork = async (
    to: PeerId,
    threadId: ThreadId | null,
    attachmentIds: readonly AttachmentId[],
    anyway: boolean,
  ): Promise<AppError | Sent> => {
    const result = await client.call('outgoing.send', {
      peerId: to,
      threadId,
      linkId: preferredLink(detail?.links ?? [])?.id ?? null,
      topic: clean(topic),
      task: filled.task ?? '',
      context: filled.context ?? '',
      expected: filled.expected ?? '',
      priority,
      ...(deadlineAt === null ? {} : { deadlineAt }),
      attachmentIds: [...attachmentIds],
      anyway,
    });
    if (!result.ok) return result.error;
    const { delegationId } = result.value;
    return { peerId: to, threadId: result.value.threadId, delegationId };
  };

  const write = async (
    to: PeerId,
    threadId: ThreadId,
    attachmentIds: readonly AttachmentId[],
    anyway: boolean,
  ): Promise<AppError | Sent> => {
    const message = { threadId, text, kind, attachmentIds: [...attachmentIds], anyway };
    const result = await client.call('message.send', message);
    return result.ok ? { peerId: to, threadId, delegationId: null } : result.error;
  };

  /** They are put in again with the next try. */
  const forgetUploads = (threadId: ThreadId) => {
    for (const one of client.uploads.store.getState().uploads) {
      if (one.threadId === threadId) client.uploads.discard(one.key);
    }
  };

  const send = async (anyway: boolean): Promise<Sent | null> => {
    const lacks = new Set(
      formShape(kind)
        .fields.filter(({ key, needed }) => needed && (filled[key] ?? '').trim() === '')
        .map(({ key }) => key),
    );
    if (topic.trim() === '') lacks.add('topic');
    if (peerId === null) lacks.add('peer');
    if (deadlineAt !== null && Number.isNaN(deadlineAt)) lacks.add('deadline');
    setMissing(lacks);
    if (lacks.size > 0 || peerId === null || busy) return null;
    setBusy(true);
    const sent = await deliver(peerId, anyway);
    setBusy(false);
    setError('code' in sent ? sent : null);
    return 'code' in sent ? null : sent;
  };

  return {
    ...form,
    values,
    files,
    missing,
    text,
    busy,
    error,
    change: (changes) => {
      setForm({ ...form, ...changes });
      setMissing(new Set());
      setError(null);
    },
    fill: (key, value) => {
      setValues({ ...values, [key]: value });
      setMissing(new Set());
      setError(null);
    },
    addFiles: (more) => setFiles([...files, ...more].slice(0, MOST_FILES)),
    dropFile: (file) => setFiles(files.filter((one) => one !== file)),
    send,
  };
}
