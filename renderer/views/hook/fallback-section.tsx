import { useCallback, useEffect, useState } from 'react';
import type { AppError, HookView, PeerId } from '../../../electron/contract/index.ts';
import { PeerId as PeerIdSchema } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { PickField } from '../../components/field.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { Tag } from '../../components/tag.tsx';
import { useClient, useMirror } from '../../store/hooks.ts';
import { ErrorNote } from '../error-note.tsx';
import { HookForm } from './hook-form.tsx';
import '../setup/common.css';
import './hook.css';

const EVERYONE = 'everyone';

/** The fallback hook: off unless set here, for everyone or for one peer. */
export default function FallbackSection() {
  const client = useClient();
  const peers = useMirror((mirror) => mirror.peers);
  const [hooks, setHooks] = useState<readonly HookView[] | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [edited, setEdited] = useState<PeerId | typeof EVERYONE | null>(null);
  const look = useCallback(async () => {
    const result = await client.call('hook.list', {});
    setError(result.ok ? null : result.error);
    if (result.ok) setHooks(result.value.hooks);
  }, [client]);
  useEffect(() => void look(), [look]);
  const nameOf = (peerId: PeerId | null) =>
    peerId === null ? 'Everyone else' : (peers.get(peerId)?.name ?? 'A removed peer');
  const remove = async (hook: HookView) => {
    const { peerId, ...rest } = hook;
    if (!(await client.act('hook.set', { peerId, hook: null }))) return;
    await look();
    client.toasts.offerUndo(`The hook of ${nameOf(peerId)} is removed`, 8_000, () => {
      void client.act('hook.set', { peerId, hook: rest }).then(look);
    });
  };
  const free = [
    ...(hooks?.some((hook) => hook.peerId === null) ? [] : [{ value: EVERYONE, text: 'Everyone' }]),
    ...[...peers.values()]
      .filter((peer) => !hooks?.some((hook) => hook.peerId === peer.id))
      .sort((a, b) => a.name.localeCompare(b.name))
      .map((peer) => ({ value: peer.id as string, text: peer.name })),
  ];
  if (edited) {
    const peerId = edited === EVERYONE ? null : edited;
    return (
      <>
        <h3>Fallback hook of {peerId === null ? 'everyone' : nameOf(peerId)}</h3>
        <HookForm
          peerId={peerId}
          hook={hooks?.find((hook) => hook.peerId === peerId) ?? null}
          onSaved={() => {
            setEdited(null);
            void look();
          }}
          onCancel={() => setEdited(null)}
        />
      </>
    );
  }
  return (
    <>
      <p className="hint-text">
        A program of yours that takes a message when its peer stays out of reach for ten minutes,
        for example one that writes to a chat. It is offered below such a message. What it took is
        not sent again unless you say so. It sees the text: it runs outside of Peerage, as you.
      </p>
      {error ? <ErrorNote error={error} /> : null}
      {hooks === null && !error ? <Skeleton rows={2} label="Reading the hooks" /> : null}
      {hooks?.length === 0 ? <p>No hook is set. Nothing is run.</p> : null}
      <ul className="hooks" aria-label="Fallback hooks">
        {hooks?.map((hook) => (
          <li key={hook.peerId ?? EVERYONE}>
            <div className="hooks__words">
              <p>
                <strong>{nameOf(hook.peerId)}</strong>{' '}
                <Tag>{hook.mode === 'automatic' ? 'By itself' : 'Offered'}</Tag>
              </p>
              <p className="hint-text clip">
                {[hook.program, ...hook.arguments].join(' ')}, {hook.timeoutSeconds} s
              </p>
            </div>
            <Button size="small" onClick={() => setEdited(hook.peerId ?? EVERYONE)}>
              Change
            </Button>
            <Button size="small" look="quiet" onClick={() => void remove(hook)}>
              Remove
            </Button>
          </li>
        ))}
      </ul>
      {hooks && free.length > 0 ? (
        <PickField
          label="Set a hook"
          value=""
          options={[{ value: '', text: 'Choose for whom' }, ...free]}
          onPick={(value) => {
            if (value === EVERYONE) setEdited(EVERYONE);
            else if (value !== '') setEdited(PeerIdSchema.parse(value));
          }}
        />
      ) : null}
    </>
  );
}
