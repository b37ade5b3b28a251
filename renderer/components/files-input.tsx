import type { RefObject } from 'react';

interface FilesInputProps {
  /** To press it: a button that is seen does. */
  ref: RefObject<HTMLInputElement | null>;
  onPick: (files: File[]) => void;
}

/** The system's dialog for files, without a look of its own. The same file can be picked again. */
export function FilesInput({ ref, onPick }: FilesInputProps) {
  return (
    <input
      ref={ref}
      type="file"
      multiple
      hidden
      aria-hidden="true"
      tabIndex={-1}
      onChange={(event) => {
        onPick([...(event.target.files ?? [])]);
        event.target.value = '';
      }}
    />
  );
}
