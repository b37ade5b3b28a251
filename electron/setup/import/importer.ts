/**
 * Takes peers and relays over from files of other tools. The app reads the files and puts tokens straight into
 * the keychain; a preview keeps none, so the file is read again, and must be the same, when it counts.
 */
import {
  appError,
  type CallHandlers,
  CodedError,
  type CredentialInput,
  codedError,
  type ImportFile,
  type ImportResult,
  ok,
  type PeerId,
  type Result,
} from '../../contract/index.ts';
import {
  completePath,
  type FileWorld,
  overwriteAndDelete,
  protect,
  type ReadFile,
  readAgain,
  readWhole,
  usualPlaces,
} from './files.ts';
import { parseImported } from './parse.ts';
import type { Parsed } from './parsed.ts';
import { type ImportBook, type PlannedRow, planRows, type SourceFile } from './plan.ts';
import { tokenIn } from './text.ts';

/** A peer to add, as the peer book takes it. */
export interface ImportedPeer {
  readonly name: string;
  readonly nickname: string | null;
  readonly notes: string;
  readonly link: {
    readonly kind: 'gateway';
    readonly url: string;
    readonly credential: CredentialInput;
    readonly agentId: string | null;
    readonly sessionKey: null;
  };
}

/** A relay to join. */
export interface ImportedRelay {
  readonly name: string;
  readonly url: string;
  readonly token: string | null;
  /** Null = the file names nobody. */
  readonly agentName: string | null;
}

/** What the importer reads, and where it puts what the person chose to take over. */
export interface ImporterOptions {
  readonly world: FileWorld;
  readonly book: ImportBook;
  readonly add: (peer: ImportedPeer) => Promise<Result<{ peerId: PeerId }>>;
  readonly addRelay: (relay: ImportedRelay) => Promise<Result<unknown>>;
  /** Called for each token before anything else is done with it, so that no log can hold it. */
  readonly hide: (token: string) => void;
  readonly newId: () => string;
}

/** The calls of the import page, and those that look after the file which was read. */
export type ImportHandlers = Pick<
  CallHandlers,
  | 'import.places'
  | 'import.preview'
  | 'import.apply'
  | 'import.protectSource'
  | 'import.deleteSource'
>;

interface Preview {
  readonly files: Map<string, { read: ReadFile; shown: ImportFile }>;
  readonly rows: readonly PlannedRow[];
}

/** Previews that are held at once; the oldest is forgotten. */
const MOST_PREVIEWS = 8;

/** Builds the handlers. */
export function createImporter(options: ImporterOptions): ImportHandlers {
  const { world, book } = options;
  const previews = new Map<string, Preview>();
  const relayToken = tokenIn(world.env.CLAWLINK_TOKEN);
  if (relayToken !== null) options.hide(relayToken);

  const load = async (typed: string): Promise<{ read: ReadFile; parsed: Parsed }> => {
    const read = await readWhole(completePath(typed, world.home), world.platform);
    const parsed = parseImported(read.bytes);
    if (!parsed)
      throw codedError('import.unknown_form', `${read.path} holds none of what is looked for.`);
    for (const token of tokensOf(parsed)) options.hide(token);
    return { read, parsed };
  };

  const heldPreview = (id: string): Preview => {
    const preview = previews.get(id);
    if (!preview)
      throw codedError('import.expired', 'Peerage was started anew, or looked at others.');
    return preview;
  };
  const heldFile = (id: string, path: string) => {
    const file = heldPreview(id).files.get(path);
    if (!file) throw codedError('import.expired', `${path} is not part of that preview.`);
    return file;
  };

  const preview: ImportHandlers['import.preview'] = async ({ paths }) => {
    const files: Preview['files'] = new Map();
    const shown: ImportFile[] = [];
    const sources: SourceFile[] = [];
    for (const typed of new Set(paths)) {
      try {
        const { read, parsed } = await load(typed);
        if (files.has(read.path)) continue;
        const view = fileView(read, parsed);
        files.set(read.path, { read, shown: view });
        shown.push(view);
        sources.push({ path: read.path, parsed });
      } catch (error) {
        if (!(error instanceof CodedError)) throw error;
        shown.push(failedFile(typed, error));
      }
    }
    const rows = planRows(sources, book, relayToken);
    const previewId = options.newId();
    previews.set(previewId, { files, rows: rows.map(withoutToken) });
    for (const old of previews.keys())
      if (previews.size > MOST_PREVIEWS) previews.delete(old);
      else break;
    return ok({ previewId, files: shown, rows: rows.map((one) => one.row) });
  };

  const apply: ImportHandlers['import.apply'] = async ({ previewId, rows }) => {
    const { files } = heldPreview(previewId);
    const sources: SourceFile[] = [];
    for (const [path, { read }] of files) {
      const parsed = parseImported((await readAgain(read, world.platform)).bytes);
      if (parsed) sources.push({ path, parsed });
    }
    // The same files give the same rows; what the book has meanwhile is looked at anew.
    const planned = new Map(planRows(sources, book, relayToken).map((one) => [one.row.id, one]));
    const results: ImportResult[] = [];
    for (const { id, name } of rows) {
      const one = planned.get(id);
      results.push({ id, name, ...(await addRow(one, name, options)) });
    }
    return ok({ results });
  };

  return {
    'import.places': async () => ok({ places: await usualPlaces(world) }),
    'import.preview': preview,
    'import.apply': apply,
    'import.protectSource': async ({ previewId, path }) => {
      const held = heldFile(previewId, path);
      held.read = await protect(held.read, world.platform);
      held.shown = { ...held.shown, ...modeView(held.read) };
      return ok({ file: held.shown });
    },
    'import.deleteSource': async ({ previewId, path }) => {
      const { read } = heldFile(previewId, path);
      await overwriteAndDelete(read, world.platform);
      heldPreview(previewId).files.delete(path);
      return ok({ text: deletedText(read) });
    },
  };
}

/** What a preview remembers of a row. */
const withoutToken = (one: PlannedRow): PlannedRow => ({
  ...one,
  peer: { ...one.peer, token: null },
});

async function addRow(
  one: PlannedRow | undefined,
  name: string,
  { add, addRelay }: ImporterOptions,
): Promise<Pick<ImportResult, 'peerId' | 'error'>> {
  if (!one)
    return { peerId: null, error: appError('import.expired', 'This row is not in the preview.') };
  const { row, peer } = one;
  if (row.outcome !== 'add' || row.address === null)
    return { peerId: row.peerId, error: appError('import.changed', row.text) };
  if (row.what === 'relay') {
    const { token, name: agentName } = peer;
    const done = await addRelay({ name, url: row.address, token, agentName });
    return { peerId: null, error: done.ok ? null : done.error };
  }
  const added = await add({
    name,
    nickname: peer.nickname,
    notes: peer.notes,
    link: {
      kind: 'gateway',
      url: row.address,
      credential: peer.token === null ? { kind: 'none' } : { kind: 'token', value: peer.token },
      agentId: peer.agentId,
      sessionKey: null,
    },
  });
  return added.ok
    ? { peerId: added.value.peerId, error: null }
    : { peerId: null, error: added.error };
}

function tokensOf(parsed: Parsed): string[] {
  switch (parsed.kind) {
    case 'peer_config':
      return [parsed.peer?.token, parsed.ownToken].filter((one) => typeof one === 'string');
    case 'mesh_tokens':
      return [...parsed.tokens.values()];
    case 'agent_state':
      return parsed.token === null ? [] : [parsed.token];
    case 'mesh_registry':
      return [];
  }
}

const modeView = (read: ReadFile): Pick<ImportFile, 'mode' | 'tooOpen'> => ({
  mode: read.mode === null ? null : `0${read.mode.toString(8).padStart(3, '0')}`,
  tooOpen: read.mode !== null && (read.mode & 0o077) !== 0,
});

function fileView(read: ReadFile, parsed: Parsed): ImportFile {
  const notes = [...parsed.problems];
  if (parsed.kind === 'peer_config') {
    if (parsed.ownToken !== null)
      notes.push(
        'It also holds the token of your own gateway. Whoever was given this file can command your gateway: give the gateway a new token.',
      );
    if (!parsed.peer) notes.push('It names no peer.');
  }
  return {
    path: read.path,
    kind: parsed.kind,
    ...modeView(read),
    tokens: new Set(tokensOf(parsed)).size,
    notes,
    error: null,
  };
}

const failedFile = (path: string, { error }: CodedError): ImportFile => ({
  path,
  kind: null,
  mode: null,
  tooOpen: false,
  tokens: 0,
  notes: [],
  error,
});

function deletedText({ path, bytes, names }: ReadFile): string {
  const others =
    names > 1 ? ` It had ${names - 1} more names; under those only random bytes are left.` : '';
  return `The ${bytes.byteLength} bytes of ${path} were overwritten once, and the file was deleted.${others} Copies elsewhere are not reached: backups, git, synchronised folders, and what the disk itself keeps of old blocks. To be safe, let each gateway have a new token.`;
}
