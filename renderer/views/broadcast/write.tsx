import { useState } from 'react';
import type { AppError } from '../../../electron/contract/index.ts';
import {
  type BroadcastId,
  type CallOutput,
  TAG_LIMIT,
  TAGS_LIMIT,
  TOPIC_LIMIT,
} from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { TextArea, TextField } from '../../components/field.tsx';
import { Segments } from '../../components/segments.tsx';
import { useClient, useMirror } from '../../store/hooks.ts';
import { byteSize, messageBytes, sizeVerdict } from '../../words/bytes.ts';
import { ErrorNote } from '../error-note.tsx';
import { ChoosePeers } from './choose-peers.tsx';
import { draftMark, inputOf, startDraft, tagsOf, useDraft } from './draft.ts';
import { DryRun } from './dry-run.tsx';
import { Groups } from './groups.tsx';
import { RelayChoice } from './relay-choice.tsx';
import { RelayDryRun } from './relay-dry-run.tsx';
import { useTell } from './use-tell.ts';

interface WriteProps {
  onSent: (id: BroadcastId) => void;
  /** All on a relay were told. */
  onTold: () => void;
}

/** Writes a broadcast: to whom, about what, the text; then a dry run, and only then it can go. */
export function Write({ onSent, onTold }: WriteProps) {
  const client = useClient();
  const [draft, change] = useDraft();
  const [preview, setPreview] = useState<CallOutput<'broadcast.preview'> | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(false);
  const { relays } = useMirror((mirror) => mirror.relays);
  const relay =
    draft.to === 'relay' ? (relays.find(({ id }) => id === draft.relayId) ?? relays[0]) : undefined;
  // A relay that went away meanwhile leaves the choice that asks for the most care.
  const to = draft.to === 'relay' && !relay ? 'chosen' : draft.to;
  const told = useTell({ draft, relay: relay ?? null, onTold });
  const tagTrouble = wrongTags(draft.tags);
  const someone = to !== 'chosen' || draft.peerIds.length > 0 || draft.groups.length > 0;
  const ready = someone && draft.text.trim() !== '' && tagTrouble === null;

  const look = async () => {
    if (relay) return told.look();
    setBusy(true);
    const isSame = draftMark(client);
    const result = await client.call('broadcast.preview', inputOf(draft));
    setBusy(false);
    if (!isSame()) return;
    setError(result.ok ? null : result.error);
    if (result.ok) setPreview(result.value);
  };
  const send = async () => {
    if (!preview) return;
    setBusy(true);
    const going = preview.recipients.filter((one) => one.included).map((one) => one.peerId);
    const anyway = preview.message.secrets.length > 0;
    const result = await client.call('broadcast.send', { ...inputOf(draft), to: going, anyway });
    setBusy(false);
    setError(result.ok ? null : result.error);
    if (!result.ok) return;
    startDraft(client);
    onSent(result.value.broadcast.id);
  };

  if (told.preview) {
    return (
      <RelayDryRun
        preview={told.preview}
        error={told.error}
        busy={told.busy}
        onBack={told.back}
        onSend={told.send}
      />
    );
  }
  if (preview) {
    return (
      <DryRun
        preview={preview}
        error={error}
        busy={busy}
        onBack={() => {
          setPreview(null);
          setError(null);
        }}
        onSend={() => void send()}
      />
    );
  }
  const failure = relay ? told.error : error;
  return (
    <form
      className="broadcast"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void look();
      }}
    >
      <div className="broadcast__to">
        <span className="field__label" id="broadcast-to">
          To
        </span>
        <Segments
          label="To"
          value={to}
          options={[
            { value: 'all', text: 'Everyone' },
            { value: 'chosen', text: 'Groups and peers' },
            ...(relays.length > 0 ? [{ value: 'relay', text: 'A relay' } as const] : []),
          ]}
          onChange={(which) => change({ to: which })}
        />
      </div>
      {relay ? (
        <RelayChoice relays={relays} relay={relay} onChange={(relayId) => change({ relayId })} />
      ) : null}
      {to === 'all' ? (
        <p className="hint-text">
          All peers but the practice peer and your own gateway’s agents. The dry run names each of
          them, and who is left out.
        </p>
      ) : null}
      {to === 'chosen' ? (
        <>
          <Groups
            chosen={draft.groups}
            peerIds={draft.peerIds}
            onChange={(groups) => change({ groups })}
          />
          <ChoosePeers
            label="Peers"
            chosen={new Set(draft.peerIds)}
            onChange={(peerIds) => change({ peerIds })}
          />
        </>
      ) : null}
      <div className="broadcast__about">
        <TextField
          label="Topic"
          optional
          value={draft.topic}
          maxLength={TOPIC_LIMIT}
          onChange={(event) => change({ topic: event.target.value })}
        />
        <TextField
          label="Tags"
          optional
          value={draft.tags}
          error={tagTrouble}
          help="With commas between them."
          onChange={(event) => change({ tags: event.target.value })}
        />
      </div>
      <TextArea
        label="Text"
        rows={8}
        dir="auto"
        value={draft.text}
        help={<Size text={draft.text} />}
        onChange={(event) => change({ text: event.target.value })}
      />
      {failure ? <ErrorNote error={failure} announce /> : null}
      <div className="broadcast__foot">
        <p className="hint-text">Nothing leaves before you have seen the dry run.</p>
        <Button look="primary" type="submit" busy={busy || told.busy} disabled={!ready}>
          Dry run
        </Button>
      </div>
    </form>
  );
}

function Size({ text }: { text: string }) {
  const soft = useMirror((mirror) => mirror.settings.softLimitBytes);
  const hard = useMirror((mirror) => mirror.settings.hardLimitBytes);
  const bytes = messageBytes(text, soft, hard);
  switch (sizeVerdict(bytes, soft, hard)) {
    case 'fine':
      return null;
    case 'near':
      return `${byteSize(bytes)} of ${byteSize(soft)}`;
    case 'over_soft':
      return `${byteSize(bytes)}: long for one message, but it can be sent.`;
    case 'over_hard':
      return `${byteSize(bytes)}: more than the ${byteSize(hard)} that a message may have.`;
  }
}

function wrongTags(typed: string): string | null {
  const tags = tagsOf(typed);
  if (tags.length > TAGS_LIMIT) return `At most ${TAGS_LIMIT} tags.`;
  return tags.some((tag) => tag.length > TAG_LIMIT)
    ? `A tag has at most ${TAG_LIMIT} characters.`
    : null;
}
