import { Button } from '../../components/button.tsx';
import { Callout } from '../../components/callout.tsx';
import { besideName, isText, kindOf } from './kinds.ts';
import { TextDiff } from './text-diff.tsx';
import type { Ours, Put, PutConflict } from './use-put.ts';

interface ConflictProps {
  put: Put;
  conflict: PutConflict;
  onSaved: (saved: { key: string; version: number }) => void;
  /** Takes a text that was put together, to be looked at before it is saved. */
  onMerged?: (text: string, base: number) => void;
}

/** Somebody saved since: what they wrote, and what can be done, before anything is overwritten. */
export function Conflict({ put, conflict, onSaved, onMerged }: ConflictProps) {
  const { ours, found } = conflict;
  const { theirs, merged } = found;
  const who = theirs.editorName || 'Somebody';
  const comparable = isText(kindOf(ours.key, ours.type)) && isText(kindOf(ours.key, theirs.type));
  const save = async (what: Ours, overwrite?: number) => {
    const version = await put.save(what, overwrite);
    if (version !== null) onSaved({ key: what.key, version });
  };
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
          <Button size="small" look="quiet" onClick={put.forget}>
            Cancel
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
        </>
      ) : null}
    </Callout>
  );
}
