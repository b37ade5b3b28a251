import { Button } from '../../components/button.tsx';
import { Callout } from '../../components/callout.tsx';
import { Dialog, DialogBody, DialogFoot } from '../../components/dialog.tsx';
import { ErrorNote } from '../error-note.tsx';
import { ImportFiles } from './import-files.tsx';
import { ImportRows } from './import-rows.tsx';
import { ImportSource } from './import-source.tsx';
import { type Importing, useImport } from './use-import.ts';
import '../setup/common.css';
import './import.css';

/** Takes peers over from the files of other tools: choose, see what would happen, do it, tidy up. */
export default function ImportDialog({ onClose }: { onClose: () => void }) {
  const work = useImport();
  const { preview, results, chosen } = work;
  const added = results?.filter((one) => one.error === null).map((one) => one.id) ?? [];
  return (
    <Dialog
      title="Take over peers from another tool"
      about="From peer-config.md, tokens.json with registry.json, or agent_state.json. Tokens go from the file straight into the keychain; this window never sees them."
      width="wide"
      onClose={onClose}
    >
      <DialogBody className="import">
        {results ? (
          <Callout
            tone={added.length > 0 ? 'good' : 'info'}
            title={`${wordsFor(work, added)} ${added.length === 1 ? 'was' : 'were'} added`}
            announce
          >
            <p>
              They connect by themselves. Peers of other machines may have to approve this device.
            </p>
          </Callout>
        ) : null}
        {preview ? (
          <>
            <ImportFiles work={work} />
            {preview.rows.length > 0 ? <ImportRows work={work} /> : null}
          </>
        ) : (
          <ImportSource work={work} />
        )}
        {work.failure ? <ErrorNote error={work.failure} announce /> : null}
      </DialogBody>
      <DialogFoot>
        {preview ? (
          <Button look="quiet" onClick={work.startOver}>
            Choose other files
          </Button>
        ) : null}
        <Button onClick={onClose}>{results ? 'Close' : 'Cancel'}</Button>
        {preview && !results ? (
          <Button
            look="primary"
            busy={work.busy === 'apply'}
            disabled={chosen.length === 0}
            onClick={work.apply}
          >
            {`Add ${lowerFirst(wordsFor(work, chosen))}`}
          </Button>
        ) : null}
        {preview ? null : (
          <Button
            look="primary"
            busy={work.busy === 'preview'}
            disabled={work.paths.length === 0}
            onClick={work.look}
          >
            Look inside
          </Button>
        )}
      </DialogFoot>
    </Dialog>
  );
}

/** How many peers and relays these rows are, in words. */
function wordsFor({ preview }: Importing, ids: readonly string[]): string {
  const rows = preview?.rows.filter((row) => ids.includes(row.id)) ?? [];
  const relays = rows.filter((row) => row.what === 'relay').length;
  const peers = rows.length - relays;
  if (relays === 0) return counting(peers, 'peer');
  if (peers === 0) return counting(relays, 'relay');
  return `${counting(peers, 'peer')} and ${lowerFirst(counting(relays, 'relay'))}`;
}

const counting = (count: number, one: string): string =>
  count === 1 ? `One ${one}` : `${count} ${one}s`;

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
