import { Button } from '../../components/button.tsx';
import { Callout } from '../../components/callout.tsx';
import { byteSize } from '../../words/bytes.ts';
import { besideName, bytesOf, isText, kindOf, pictureUrl } from './kinds.ts';
import { TextDiff } from './text-diff.tsx';
import type { Ours, Put, PutConflict } from './use-put.ts';

interface ConflictProps {
  put: Put;
  conflict: PutConflict;
  onSaved: (saved: { key: string; version: number }) => void;
  /** Takes a text that was put together, to be looked at before it is saved. */
  onMerged?: (text: string, base: number) => void;
  onCancel?: () => void;
}

/** Somebody saved since: what they wrote, and what can be done, before anything is overwritten. */
export function Conflict({ put, conflict, onSaved, onMerged, onCancel }: ConflictProps) {
  const { ours, found } = conflict;
  const { theirs, merged } = found;
  const who = theirs.editorName || 'Somebody';
  const comparable = isText(kindOf(ours.key, ours.type)) && isText(kindOf(ours.key, theirs.type));
  const save = async (what: Ours, overwrite?: number) => {
    const saved = await put.save(what, overwrite);
    if (saved.kind === 'saved') onSaved({ key: what.key, version: saved.version });
  };
  const pictures =
    kindOf(ours.key, ours.type) === 'image' && kindOf(ours.key, theirs.type) === 'image';
  const isNew = ours.base === null;
  return (
    <Callout
      tone="warning"
      announce
      title={
        isNew
          ? `There is a file “${ours.key}” already, version ${theirs.version}`
          : `${who} saved version ${theirs.version} since you loaded it`
      }
      actions={
        <>
          <Button
            size="small"
            busy={put.busy}
            onClick={() =>
              void save({ ...ours, key: besideName(ours.key, theirs.version), base: null })
            }
          >
            Keep both
          </Button>
          {merged && onMerged ? (
            <Button
              size="small"
              onClick={() => {
                put.forget();
                onMerged(merged.text, theirs.version);
              }}
            >
              {merged.clean ? 'Merge' : 'Merge, and settle what contradicts'}
            </Button>
          ) : null}
          <Button
            size="small"
            look="danger"
            busy={put.busy}
            onClick={() => void save(ours, theirs.version)}
          >
            Overwrite theirs
          </Button>
          <Button
            size="small"
            look="quiet"
            onClick={() => {
              put.forget();
              onCancel?.();
            }}
          >
            {onCancel ? 'Leave theirs' : 'Cancel'}
          </Button>
        </>
      }
    >
      <p>Nothing of yours was saved yet.</p>
      {comparable ? (
        <>
          <p>From theirs to yours:</p>
          <TextDiff
            before={theirs.content}
            after={ours.content}
            label="Difference between their version and yours"
          />
          {merged || isNew ? null : (
            <p className="hint-text">
              They cannot be merged here: the version that yours began from never passed through.
            </p>
          )}
        </>
      ) : pictures ? (
        <div className="conflict__pictures">
          <Picture whose="Theirs" of={theirs} />
          <Picture whose="Yours" of={ours} />
        </div>
      ) : (
        <p>
          It is no text: theirs has {byteSize(bytesOf(theirs.content, theirs.type).length)}, yours{' '}
          {byteSize(bytesOf(ours.content, ours.type).length)}.
        </p>
      )}
    </Callout>
  );
}

function Picture({ whose, of }: { whose: string; of: { content: string; type: string } }) {
  return (
    <figure>
      <figcaption>{whose}</figcaption>
      <img alt={whose} src={pictureUrl(of)} />
    </figure>
  );
}
