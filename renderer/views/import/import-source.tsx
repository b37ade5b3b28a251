import { type FormEvent, useState } from 'react';
import type { ImportFileKind } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { TextField } from '../../components/field.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { PickFiles } from './pick-files.tsx';
import type { Importing } from './use-import.ts';

/** What a file of each kind is, in words. */
export const kindWords: Readonly<Record<ImportFileKind, string>> = {
  peer_config: 'Agent Peer (peer-config.md)',
  mesh_tokens: 'Team mesh: tokens',
  mesh_registry: 'Team mesh: addresses',
  agent_state: 'ClawLink relay',
};

/** Which files: those in the usual places, and any other by its path. */
export function ImportSource({ work }: { work: Importing }) {
  const [typed, setTyped] = useState('');
  const others = work.paths.filter((path) => !work.places?.some((one) => one.path === path));
  const add = (event: FormEvent) => {
    event.preventDefault();
    const path = typed.trim();
    if (path === '' || work.paths.includes(path)) return;
    work.togglePath(path);
    setTyped('');
  };
  if (work.places === null) return <Skeleton rows={3} label="Looking in the usual places" />;
  return (
    <PickFiles onPaths={work.addPaths}>
      {work.places.length + others.length === 0 ? (
        <p>None of the usual places holds such a file. Say where yours is.</p>
      ) : (
        <fieldset className="import__places">
          <legend>Files</legend>
          {work.places.map((one) => (
            <FileChoice
              key={one.path}
              path={one.path}
              about={kindWords[one.kind]}
              checked={work.paths.includes(one.path)}
              onChange={() => work.togglePath(one.path)}
            />
          ))}
          {others.map((path) => (
            <FileChoice
              key={path}
              path={path}
              about="Added by you"
              checked
              onChange={() => work.togglePath(path)}
            />
          ))}
        </fieldset>
      )}
      <form className="import__typed" onSubmit={add} noValidate>
        <TextField
          label="Another file"
          value={typed}
          placeholder="~/peer-agent/peer-config.md"
          help="The complete path on this machine. tokens.json and registry.json belong together: choose both."
          onChange={(event) => setTyped(event.target.value)}
        />
        <Button type="submit" disabled={typed.trim() === ''}>
          Add to the list
        </Button>
      </form>
    </PickFiles>
  );
}

interface FileChoiceProps {
  path: string;
  about: string;
  checked: boolean;
  onChange: () => void;
}

function FileChoice({ path, about, checked, onChange }: FileChoiceProps) {
  return (
    <label className="import__place">
      <input type="checkbox" checked={checked} onChange={onChange} />
      <span className="import__words">
        <code>{path}</code>
        <span className="hint-text">{about}</span>
      </span>
    </label>
  );
}
