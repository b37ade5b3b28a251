import { useEffect, useState } from 'react';
import type {
  AppError,
  ImportPlace,
  ImportPreview,
  ImportResult,
} from '../../../electron/contract/index.ts';
import { useClient } from '../../store/hooks.ts';
import { useWork } from '../setup/use-work.ts';

/** The state of one import, from the choice of files to the tidying up. */
export interface Importing {
  readonly places: readonly ImportPlace[] | null;
  readonly paths: readonly string[];
  readonly preview: ImportPreview | null;
  readonly results: readonly ImportResult[] | null;
  /** The rows that would be added. */
  readonly chosen: readonly string[];
  readonly names: Readonly<Record<string, string>>;
  /** What was said of files that were deleted, by path. */
  readonly gone: Readonly<Record<string, string>>;
  readonly busy: string | null;
  readonly failure: AppError | null;
  togglePath(path: string): void;
  /** Adds what is not in the list yet. */
  addPaths(paths: readonly string[]): void;
  look(): void;
  toggleRow(id: string): void;
  rename(id: string, name: string): void;
  apply(): void;
  protect(path: string): void;
  remove(path: string): void;
  startOver(): void;
}

/** Runs an import. Each failure says so, and takes nothing back that was done. */
export function useImport(): Importing {
  const client = useClient();
  const work = useWork();
  const [places, setPlaces] = useState<readonly ImportPlace[] | null>(null);
  const [paths, setPaths] = useState<readonly string[]>([]);
  const [preview, setPreview] = useState<ImportPreview | null>(null);
  const [results, setResults] = useState<readonly ImportResult[] | null>(null);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [names, setNames] = useState<Readonly<Record<string, string>>>({});
  const [gone, setGone] = useState<Readonly<Record<string, string>>>({});
  useEffect(() => {
    let wanted = true;
    void client.call('import.places', {}).then((result) => {
      if (!wanted) return;
      const found = result.ok ? result.value.places : [];
      setPlaces(found);
      setPaths(found.map((one) => one.path));
    });
    return () => {
      wanted = false;
    };
  }, [client]);

  const look = async () => {
    const found = await work.run('preview', () =>
      client.call('import.preview', { paths: [...paths] }),
    );
    if (!found) return;
    setPreview(found);
    setResults(null);
    setGone({});
    setChosen(found.rows.filter((row) => row.outcome === 'add').map((row) => row.id));
    setNames(Object.fromEntries(found.rows.map((row) => [row.id, row.name])));
  };
  const apply = async () => {
    if (!preview) return;
    const rows = chosen.map((id) => ({ id, name: names[id] ?? '' }));
    const done = await work.run('apply', () =>
      client.call('import.apply', { previewId: preview.previewId, rows }),
    );
    if (done) setResults(done.results);
  };
  const onFile = async (
    verb: 'import.protectSource' | 'import.deleteSource',
    path: string,
  ): Promise<void> => {
    if (!preview) return;
    const input = { previewId: preview.previewId, path };
    if (verb === 'import.deleteSource') {
      const done = await work.run(path, () => client.call('import.deleteSource', input));
      if (done) setGone((before) => ({ ...before, [path]: done.text }));
      return;
    }
    const done = await work.run(path, () => client.call('import.protectSource', input));
    if (done)
      setPreview({
        ...preview,
        files: preview.files.map((file) => (file.path === path ? done.file : file)),
      });
  };
  const toggle = (all: readonly string[], one: string): readonly string[] =>
    all.includes(one) ? all.filter((other) => other !== one) : [...all, one];

  return {
    places,
    paths,
    preview,
    results,
    chosen,
    names,
    gone,
    busy: work.busy,
    failure: work.failure,
    togglePath: (path) => setPaths((all) => toggle(all, path)),
    addPaths: (more) => setPaths((all) => [...new Set([...all, ...more])]),
    look: () => void look(),
    toggleRow: (id) => setChosen((all) => toggle(all, id)),
    rename: (id, name) => setNames((all) => ({ ...all, [id]: name })),
    apply: () => void apply(),
    protect: (path) => void onFile('import.protectSource', path),
    remove: (path) => void onFile('import.deleteSource', path),
    startOver: () => {
      setPreview(null);
      setResults(null);
      work.forget();
    },
  };
}
