import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useStore } from 'zustand';
import type { AppError, PeerId, ThreadId } from '../../../electron/contract/index.ts';
import { unsent } from '../../store/drafts.ts';
import { useClient, useDetail, useThread } from '../../store/hooks.ts';
import { isWhole, type Upload } from '../../store/uploads.ts';
import { preferredLink } from '../../words/links.ts';
import { isLongText, pastedFile } from './long-text.ts';

/** The most files that one message takes. */
const MOST_FILES = 10;

/** The field of an open thread: its draft, its attachments, and what can be done with them. */
export interface ComposerState {
  readonly text: string;
  readonly uploads: readonly Upload[];
  readonly error: AppError | null;
  /** Another window saved another text meanwhile. */
  readonly conflict: boolean;
  readonly sendable: boolean;
  type(text: string): void;
  attach(files: readonly File[]): Promise<void>;
  /** Attaches a text that is too long for the field. */
  attachText(text: string): Promise<void>;
  /** @param anyway although it looks like a secret. */
  send(anyway?: boolean): Promise<void>;
}

/** What is being written to a peer: text, files, and the way out. Makes the thread when it must. */
export function useComposer(peerId: PeerId, threadId: ThreadId | null): ComposerState {
  const client = useClient();
  const detail = useDetail(peerId);
  const draft = useThread(threadId)?.draft;
  const saved = threadId ? client.drafts.textOf(threadId) : client.drafts.looseOf(peerId);
  const [text, setText] = useState(saved);
  const [error, setError] = useState<AppError | null>(null);
  const [conflict, setConflict] = useState(false);
  // The field stays the same over threads, so that it keeps the focus; what is in it does not.
  const place = `${peerId}/${threadId}`;
  const [shownPlace, setShownPlace] = useState(place);
  const current = useRef(place);
  useLayoutEffect(() => {
    current.current = place;
    if (!threadId) return;
    client.drafts.adopt(peerId, threadId);
    setText(client.drafts.textOf(threadId));
  }, [client, place, peerId, threadId]);
  if (shownPlace !== place) {
    setShownPlace(place);
    setText(saved);
    setError(null);
    setConflict(false);
  }
  const [sending, setSending] = useState(false);
  const all = useStore(client.uploads.store, (state) => state.uploads);
  const uploads = useMemo(() => all.filter((one) => one.threadId === threadId), [all, threadId]);

  useEffect(() => {
    if (threadId && draft) setText(client.drafts.textOf(threadId));
  }, [client, threadId, draft]);
  useEffect(
    () =>
      client.drafts.onReplaced((replaced, kept, why) => {
        if (replaced !== threadId) return;
        // At once: a key that is pressed before the field shows it would type over it.
        flushSync(() => setText(kept));
        if (why === 'other_window') setConflict(true);
      }),
    [client, threadId],
  );
  useEffect(
    () => client.drafts.onWritten((written, whole) => written === threadId && setText(whole)),
    [client, threadId],
  );
  useEffect(() => {
    if (!threadId) return;
    return () => void client.drafts.save(threadId);
  }, [client, threadId]);

  const type = (typed: string) => {
    if (isLongText(typed, text)) {
      change('');
      void attachText(typed);
    } else change(typed);
  };

  const change = (typed: string) => {
    setText(typed);
    setError(null);
    if (typed === '') setConflict(false);
    if (threadId) client.drafts.type(threadId, typed);
    else client.drafts.typeLoose(peerId, typed);
  };

  const ensureThread = async (): Promise<ThreadId | null> => {
    if (threadId) return threadId;
    const linkId = preferredLink(detail?.links ?? [])?.id ?? null;
    const made = await client.call('thread.create', { peerId, linkId, title: '', agentId: null });
    if (made.ok) return made.value.threadId;
    setError(made.error);
    return null;
  };

  const attachText = (long: string) => {
    client.toasts.say('The text is long, so it is attached as pasted.txt');
    return attach([pastedFile(long)]);
  };

  const attach = async (files: readonly File[]) => {
    const chosen = files.slice(0, MOST_FILES - uploads.length);
    if (chosen.length < files.length) client.toasts.say(`One message takes ${MOST_FILES} files`);
    if (chosen.length === 0) return;
    const target = await ensureThread();
    if (!target) return;
    for (const file of chosen) void client.uploads.add(target, file);
    if (target !== threadId && current.current === place)
      await client.navigation.openThread(target);
  };

  const send = async (anyway = false) => {
    if (sending) return;
    setSending(true);
    const failed = await deliver(anyway);
    setSending(false);
    setError(failed);
  };

  const deliver = async (anyway: boolean): Promise<AppError | null> => {
    const target = await ensureThread();
    if (!target) return null;
    if (detail && !detail.firstUseAcknowledged) {
      const agreed = await client.call('peer.acknowledgeFirstUse', { peerId });
      if (!agreed.ok) return agreed.error;
    }
    const sent = await client.call('message.send', {
      threadId: target,
      text: text.toWellFormed().replaceAll('\u0000', ''),
      kind: 'message',
      attachmentIds: uploads.flatMap((one) => one.attachmentId ?? []),
      anyway,
    });
    if (!sent.ok) return sent.error;
    client.uploads.sent(target);
    // Whoever types on while it is being handed over keeps what they typed.
    if (current.current === place) {
      setText((now) => unsent(text, now));
      setConflict(false);
    }
    if (target === threadId) await client.drafts.sent(target, text);
    else {
      client.drafts.typeLoose(peerId, unsent(text, client.drafts.looseOf(peerId)));
      if (current.current === place) await client.navigation.openThread(target);
    }
    return null;
  };

  const sendable =
    !sending &&
    detail !== null &&
    (text.trim() !== '' || uploads.length > 0) &&
    uploads.every(isWhole);
  return { text, uploads, error, conflict, sendable, type, attach, attachText, send };
}
