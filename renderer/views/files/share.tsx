import { FileUp } from 'lucide-react';
import { type DragEvent, useRef, useState } from 'react';
import type { RelayId, RelayView } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { PickField } from '../../components/field.tsx';
import { useClient } from '../../store/hooks.ts';
import type { SharedFilePlace } from '../../store/ui-state.ts';
import { counted } from '../../words/count.ts';
import { ErrorNote } from '../error-note.tsx';
import { Conflict } from './conflict.tsx';
import { usePut } from './use-put.ts';
import { useShare } from './use-share.ts';

interface ShareFilesProps {
  relays: readonly RelayView[];
  onOpen: (file: SharedFilePlace) => void;
  /** Something is shared that was not before. */
  onShared: () => void;
}

const holdsFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files');

/** Takes files from this machine: by a button, or dropped. */
export function ShareFiles({ relays, onOpen, onShared }: ShareFilesProps) {
  const client = useClient();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [chosen, setChosen] = useState<RelayId | null>(relays[0]?.id ?? null);
  const relayId = relays.some(({ id }) => id === chosen) ? chosen : (relays[0]?.id ?? null);
  const put = usePut();
  const share = useShare(put, onShared);
  const take = (files: Iterable<File>) => {
    if (relayId) share.add(relayId, files);
  };
  const drop = (event: DragEvent) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    setOver(false);
    take([...event.dataTransfer.files]);
  };
  return (
    <>
      {relays.length > 1 ? (
        <PickField
          label="Share on"
          value={relayId ?? ''}
          options={relays.map(({ id, name }) => ({ value: id, text: name }))}
          onPick={(id) => setChosen(relays.find((relay) => relay.id === id)?.id ?? null)}
        />
      ) : null}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the button in it does the same */}
      <div
        className={`files__drop ${over ? 'files__drop--over' : ''}`}
        onDragOver={(event) => {
          if (!holdsFiles(event)) return;
          event.preventDefault();
          event.dataTransfer.dropEffect = 'copy';
          setOver(true);
        }}
        onDragLeave={(event) => {
          const to = event.relatedTarget;
          if (!(to instanceof Node && event.currentTarget.contains(to))) setOver(false);
        }}
        onDrop={drop}
      >
        <p>Drop files here to share them with everybody on the relay.</p>
        <Button icon={FileUp} busy={put.busy} onClick={() => input.current?.click()}>
          Choose files
        </Button>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          onChange={(event) => {
            take([...(event.target.files ?? [])]);
            event.target.value = '';
          }}
        />
        <p className={share.left > 0 ? 'hint-text numbers' : 'unseen'} aria-live="polite">
          {share.left > 0
            ? `${counted(share.left, 'more file')} ${put.conflict ? 'waiting for what you decide below' : 'to share'}`
            : ''}
        </p>
      </div>
      {share.notShared.map((one) => (
        <div key={one.name} className="files__failed">
          <p>
            <strong>{one.name}</strong> is not shared.
          </p>
          <ErrorNote error={one.error} announce>
            {one.error.code === 'message.looks_secret' ? (
              <Button size="small" busy={put.busy} onClick={() => share.anyway(one)}>
                Share anyway
              </Button>
            ) : null}
          </ErrorNote>
        </div>
      ))}
      {put.conflict ? (
        <Conflict
          put={put}
          conflict={put.conflict}
          onSaved={({ key, version }) => {
            if (share.goOn()) {
              client.toasts.say(`${key} is shared, version ${version}`);
              onShared();
            } else if (relayId) onOpen({ relayId: put.conflict?.ours.relayId ?? relayId, key });
          }}
          onCancel={() => void share.goOn()}
        />
      ) : null}
      {/* What was decided about a conflict did not come off; any other failure stands above by its file. */}
      {put.conflict && put.failure ? <ErrorNote error={put.failure} announce /> : null}
    </>
  );
}
