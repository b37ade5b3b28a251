import { type DragEvent, type ReactNode, useRef, useState } from 'react';
import { Button } from '../../components/button.tsx';

interface PickFilesProps {
  onPaths: (paths: readonly string[]) => void;
  children: ReactNode;
}

/**
 * Files by the system's own dialog, or dropped here: only where they lie is taken, and the app reads
 * them. A browser does not tell that: there the path is typed.
 */
export function PickFiles({ onPaths, children }: PickFilesProps) {
  const bridge = window.peerage;
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [said, setSaid] = useState('');
  const take = (files: FileList | null) => {
    const paths = [...(files ?? [])].map((file) => bridge?.pathOf(file) ?? '').filter(Boolean);
    setSaid(paths.length === 0 ? 'Where these files lie is not told here. Type the path.' : '');
    if (paths.length > 0) onPaths(paths);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  return (
    // A drop is one more way to what the button and the field do by keyboard.
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <div
      className={over ? 'import__drop import__drop--over' : 'import__drop'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {children}
      {bridge ? (
        <div className="import__pick">
          <Button onClick={() => input.current?.click()}>Choose files…</Button>
          <span className="hint-text">Or drop them here.</span>
          <input
            ref={input}
            type="file"
            multiple
            hidden
            accept=".md,.json"
            aria-label="Files to take peers over from"
            onChange={(event) => {
              take(event.target.files);
              event.target.value = '';
            }}
          />
        </div>
      ) : null}
      {said ? (
        <p className="hint-text" role="status">
          {said}
        </p>
      ) : null}
    </div>
  );
}
