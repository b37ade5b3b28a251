import { Files, Plus, RefreshCw, X } from 'lucide-react';
import type { RelayView, SharedFileView } from '../../../electron/contract/index.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Callout } from '../../components/callout.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { Tag } from '../../components/tag.tsx';
import { useNow } from '../../components/use-now.ts';
import { useClient, useMirror } from '../../store/hooks.ts';
import type { SharedFilePlace } from '../../store/ui-state.ts';
import { ago, exactTime } from '../../words/time.ts';
import { ErrorNote } from '../error-note.tsx';
import { ask } from '../setup/ask.ts';
import { useLook } from '../setup/use-look.ts';
import { OpenFile } from './open-file.tsx';
import { ShareFiles } from './share.tsx';
import '../invite/invite.css';
import '../setup/common.css';
import '../setup/setup.css';
import './files.css';

/** How often the list is read while it is looked at, ms; news of a change come by themselves. */
const LOOK_MS = 15_000;

/** What agents and people share over relays: the list, or one file. */
export default function FilesPage({ file }: { file: SharedFilePlace | null }) {
  const client = useClient();
  const { relays } = useMirror((mirror) => mirror.relays);
  const open = (next: SharedFilePlace | null) =>
    client.navigation.showPage({ kind: 'files', file: next });
  return (
    <main className="page">
      <header className="page__bar">
        <h2>Shared files</h2>
        <span className="step__gap" />
        <IconButton
          icon={X}
          label="Close shared files"
          onClick={() => client.navigation.leavePage()}
        />
      </header>
      <div className="page__column">
        {relays.length === 0 ? (
          <EmptyState
            icon={Files}
            title="Files are shared over a relay"
            text="You are on none. Add the relay of your team, and its files show here."
          >
            <Button
              look="primary"
              icon={Plus}
              onClick={() => client.navigation.show({ kind: 'add_relay' })}
            >
              Add a relay
            </Button>
          </EmptyState>
        ) : file ? (
          <OpenFile
            key={`${file.relayId} ${file.key}`}
            place={file}
            onOpen={(key) => open({ ...file, key })}
            onBack={() => open(null)}
          />
        ) : (
          <FileList relays={relays} onOpen={open} />
        )}
      </div>
    </main>
  );
}

interface FileListProps {
  relays: readonly RelayView[];
  onOpen: (file: SharedFilePlace) => void;
}

function FileList({ relays, onOpen }: FileListProps) {
  const client = useClient();
  const { value, error, looking, again } = useLook(() => ask(client, 'files.list', {}), LOOK_MS);
  return (
    <>
      <ShareFiles relays={relays} onOpen={onOpen} onShared={again} />
      <div className="file__bar">
        <h3>On {relays.length === 1 ? (relays[0]?.name ?? '') : 'all relays'}</h3>
        <IconButton icon={RefreshCw} label="Look again" aria-busy={looking} onClick={again} />
      </div>
      {error ? <ErrorNote error={error} /> : null}
      {value && value.unreached.length > 0 ? (
        <Callout tone="warning" title={`Not reached: ${value.unreached.join(', ')}`}>
          Its files are not in this list.
        </Callout>
      ) : null}
      {!value && !error ? <Skeleton rows={4} label="Reading the list" /> : null}
      {value && value.files.length === 0 && value.unreached.length === 0 ? (
        <p className="soft">
          Nothing is shared yet. Everybody on the relay, and the relay itself, can read and change
          what is put here.
        </p>
      ) : null}
      <ul className="files" aria-label="Shared files">
        {value?.files.map((file) => (
          <li key={`${file.relayId} ${file.key}`}>
            <FileRow file={file} withRelay={relays.length > 1} onOpen={onOpen} />
          </li>
        ))}
      </ul>
    </>
  );
}

interface FileRowProps {
  file: SharedFileView;
  withRelay: boolean;
  onOpen: (file: SharedFilePlace) => void;
}

function FileRow({ file, withRelay, onOpen }: FileRowProps) {
  const now = useNow(30_000);
  const { updatedAt } = file;
  return (
    <button
      type="button"
      className="files__row"
      onClick={() => onOpen({ relayId: file.relayId, key: file.key })}
    >
      <span className="files__name">
        <strong>{file.key}</strong> {file.changed ? <Tag tone="accent">Changed</Tag> : null}
        {withRelay ? <span className="soft"> {file.relay}</span> : null}
      </span>
      <span className="files__who numbers">
        Version {file.version}, {file.editorName || 'somebody'}
        {updatedAt === null ? null : (
          <time title={exactTime(updatedAt)}> {ago(updatedAt, now)}</time>
        )}
      </span>
    </button>
  );
}
