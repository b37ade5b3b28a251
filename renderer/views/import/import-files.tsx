import { useState } from 'react';
import type { ImportFile } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { Callout } from '../../components/callout.tsx';
import { ConfirmDialog } from '../edit/confirm-dialog.tsx';
import { ErrorNote } from '../error-note.tsx';
import { kindWords } from './import-source.tsx';
import type { Importing } from './use-import.ts';

/** The files that were read: what they are, who can read them, and the offer to get rid of them. */
export function ImportFiles({ work }: { work: Importing }) {
  return (
    <ul className="import__files" aria-label="Files">
      {work.preview?.files.map((file) => (
        <li key={file.path}>
          <OneFile file={file} work={work} />
        </li>
      ))}
    </ul>
  );
}

function OneFile({ file, work }: { file: ImportFile; work: Importing }) {
  const [asking, setAsking] = useState(false);
  const deleted = work.gone[file.path];
  if (file.error)
    return <ErrorNote error={{ ...file.error, detail: `${file.path}: ${file.error.detail}` }} />;
  if (deleted !== undefined)
    return (
      <Callout tone="good" title="The file was overwritten and deleted" announce>
        <p>{deleted}</p>
      </Callout>
    );
  const left = notImported(file, work);
  return (
    <div className="import__file">
      <p>
        <code>{file.path}</code>
      </p>
      <p className="hint-text">
        {file.kind ? kindWords[file.kind] : ''}
        {tokenWords(file.tokens)}
        {file.mode ? ` · permissions ${file.mode}` : ''}
      </p>
      {file.notes.map((note) => (
        <p key={note} className="import__note">
          {note}
        </p>
      ))}
      {file.tooOpen && file.tokens > 0 ? (
        <Callout
          tone="warning"
          title="Other users of this machine can read it"
          actions={
            <Button
              size="small"
              busy={work.busy === file.path}
              onClick={() => work.protect(file.path)}
            >
              Make it private (0600)
            </Button>
          }
        >
          <p>It holds tokens in plain text. Whoever read it before still knows them.</p>
        </Callout>
      ) : null}
      {work.results && file.tokens > 0 ? (
        <div className="import__delete">
          <p className="hint-text">
            The tokens are in the keychain now. The file is not needed by Peerage any more.
          </p>
          <Button size="small" look="danger" onClick={() => setAsking(true)}>
            Overwrite and delete it
          </Button>
        </div>
      ) : null}
      {asking ? (
        <ConfirmDialog
          title="Overwrite and delete this file?"
          keep="Keep the file"
          verb="Overwrite and delete"
          onClose={() => setAsking(false)}
          onConfirm={() => work.remove(file.path)}
        >
          <p>
            <code>{file.path}</code>
          </p>
          <p>
            Its bytes are overwritten once and its name is deleted. Backups, git and synchronised
            folders keep their copies. The tool that made it stops working.
          </p>
          {left.length > 0 ? (
            <p>
              <strong>Not taken over, and lost with it:</strong> {left.join(', ')}.
            </p>
          ) : null}
        </ConfirmDialog>
      ) : null}
    </div>
  );
}

/** Rows with a token that no peer was made of. */
function notImported(file: ImportFile, { preview, results }: Importing): string[] {
  const added = new Set(results?.filter((one) => one.error === null).map((one) => one.id));
  return (preview?.rows ?? [])
    .filter((row) => row.token === 'found' && row.outcome !== 'present' && !added.has(row.id))
    .filter((row) => row.path === file.path || file.kind === 'mesh_tokens')
    .map((row) => row.name);
}

const tokenWords = (count: number): string =>
  count === 0
    ? ' · no token in it'
    : count === 1
      ? ' · one token in it'
      : ` · ${count} tokens in it`;
