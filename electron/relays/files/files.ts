/**
 * The files that agents share over a relay. The published relay lets the last writer win and keeps no
 * history: here a save that would overwrite somebody else's is seen before it is done, and what passed
 * through us is kept.
 */
import {
  type CallHandlers,
  codedError,
  fail,
  ok,
  type PeerId,
  type RelayId,
  type Result,
  type SharedFileContent,
  type SharedFilePut,
  type SharedFileView,
} from '../../contract/index.ts';
import { RelayError, type RelayFile, type WireMessage } from '../../links/relay/index.ts';
import { failedAt } from '../failed-at.ts';
import type { Source } from '../incoming.ts';
import type { RelayPeer, RelaysOptions } from '../options.ts';
import { changeInWords, mergeTexts } from './merge.ts';
import { assertFileName } from './names.ts';
import { type FilePlace, fileVersions, type KeptVersion } from './versions.ts';

/** The calls `files.*`: what is shared over relays, its versions, and saving. */
export type FileCalls = Pick<CallHandlers, Extract<keyof CallHandlers, `files.${string}`>>;

/** The relays at work and the names of their agents. `known` is null where an agent is no peer. */
export interface FilesOptions {
  readonly options: RelaysOptions;
  readonly relays: () => readonly Source[];
  /** How we know an agent. */
  readonly nameOf: (source: Source, agentId: string) => string;
  readonly known: (relayUrl: string, agentId: string) => RelayPeer | null;
}

/** The part of the relays' room that has to do with shared files. */
export interface Files {
  readonly handlers: FileCalls;
  /** The relay says that somebody saved a file. */
  changed(source: Source, message: Extract<WireMessage, { kind: 'file' }>): Promise<void>;
}

type Content = RelayFile & { readonly content: string };

/** Content that is not text is marked so in its type, and cannot be merged. */
const isText = (type: string): boolean => !type.endsWith(';base64');

/** Opens the shared files of all relays. */
export function createFiles(parts: FilesOptions): Files {
  const { options, nameOf } = parts;
  const { store, clock, attention, outgoing, log } = options;
  const versions = fileVersions(store);

  const placeOf = ({ record }: Source, key: string): FilePlace => ({
    relayId: record.id,
    epoch: record.epoch,
    key,
  });
  const subjectOf = (place: FilePlace): string => `file:${place.relayId}:${place.key}`;

  const of = (id: RelayId | undefined): Source => {
    const all = parts.relays();
    const source =
      id === undefined ? all.length === 1 && all[0] : all.find((one) => one.record.id === id);
    if (source) return source;
    throw id === undefined
      ? codedError('relay.which', all.length === 0 ? 'There is none yet.' : 'There are several.')
      : codedError('relay.not_found', 'No relay has this id.');
  };

  /** Turns failures of the relay into the result that they are. */
  const asking = async <T>(source: Source, work: () => Promise<Result<T>>): Promise<Result<T>> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof RelayError)) throw error;
      return fail(failedAt(source, error.failure, options.describe));
    }
  };

  const read = (source: Source, key: string, signal: AbortSignal): Promise<Content | null> =>
    source.hub.ask(signal, (requests, _, inner) => requests.file(key, inner));

  const viewOf = (source: Source, file: Content): SharedFileContent => ({
    key: file.key,
    type: file.type,
    version: file.version,
    editor: file.editor,
    editorName: nameOf(source, file.editor),
    updatedAt: file.updatedAt,
    content: file.content,
  });

  const keptOf = (source: Source, file: Content): KeptVersion => ({
    version: file.version,
    type: file.type,
    content: file.content,
    bytes: Buffer.byteLength(file.content),
    editor: file.editor,
    ours: file.editor === source.record.agentId,
    updatedAt: file.updatedAt,
    seenAt: clock.now(),
  });

  /** Kept; and noted as seen, where a person saw it. */
  const note = async (source: Source, file: Content, isSeen = true): Promise<void> => {
    const place = placeOf(source, file.key);
    await store.write(() => {
      versions.keep(place, keptOf(source, file));
      if (isSeen) versions.mark(place, file.version);
    });
    if (isSeen) attention.settle(subjectOf(place));
  };

  const list = async (source: Source, signal: AbortSignal): Promise<SharedFileView[]> => {
    const files = await source.hub.ask(signal, (requests, _, inner) => requests.files(inner));
    const { id, epoch, name, agentId } = source.record;
    const held = versions.held(id, epoch);
    const marks = versions.marks(id);
    return files.map((file) => {
      const heldVersion = held.get(file.key) ?? null;
      const mark = marks.get(file.key);
      return {
        relayId: id,
        relay: name,
        key: file.key,
        type: file.type,
        version: file.version,
        editor: file.editor,
        editorName: nameOf(source, file.editor),
        updatedAt: file.updatedAt,
        heldVersion,
        changed: file.editor !== agentId && mark !== undefined && mark !== file.version,
      };
    });
  };

  const conflict = async (
    source: Source,
    theirs: Content,
    ours: { readonly content: string; readonly type: string; readonly base: number | null },
  ): Promise<SharedFilePut> => {
    const place = placeOf(source, theirs.key);
    await store.write(() => versions.keep(place, keptOf(source, theirs)));
    const base = ours.base === null ? null : versions.one(place, ours.base);
    const mergeable = base && isText(base.type) && isText(theirs.type) && isText(ours.type);
    return {
      kind: 'conflict',
      theirs: viewOf(source, theirs),
      base: base?.content ?? null,
      merged: mergeable ? mergeTexts(ours.content, base.content, theirs.content) : null,
    };
  };

  const put = async (
    source: Source,
    file: {
      readonly key: string;
      readonly content: string;
      readonly type: string;
      readonly base: number | null;
      readonly overwrite: number | null;
    },
    signal: AbortSignal,
  ): Promise<SharedFilePut> => {
    const { key, content, type, base, overwrite } = file;
    const before = await read(source, key, signal);
    const allowed = before === null || before.version === base || before.version === overwrite;
    if (!allowed) {
      // The same words by another way: nothing is lost by leaving it.
      if (before.content === content) {
        await note(source, before);
        return { kind: 'saved', version: before.version, overwrote: null };
      }
      return conflict(source, before, file);
    }
    let version: number;
    try {
      version = await source.hub.ask(signal, (requests, us, inner) =>
        requests.putFile(us, { key, content, type }, before?.version ?? 0, inner),
      );
    } catch (error) {
      const refused = error instanceof RelayError && error.failure.kind === 'refused';
      if (!refused || error.failure.status !== 409) throw error;
      const theirs = await read(source, key, signal);
      if (!theirs) throw error;
      return conflict(source, theirs, file);
    }
    const editor = source.record.agentId;
    await note(source, { key, content, type, version, editor, updatedAt: clock.now() });
    const expected = (before?.version ?? 0) + 1;
    return { kind: 'saved', version, overwrote: version > expected ? version - 1 : null };
  };

  return {
    handlers: {
      'files.list': async ({ relayId }, { signal }) => {
        if (relayId !== undefined) {
          const source = of(relayId);
          return asking(source, async () =>
            ok({ files: (await list(source, signal)).sort(byNewest), unreached: [] }),
          );
        }
        const unreached: string[] = [];
        const files = await Promise.all(
          parts.relays().map((source) =>
            list(source, signal).catch(() => {
              unreached.push(source.record.name);
              return [];
            }),
          ),
        );
        return ok({ files: files.flat().sort(byNewest), unreached });
      },
      'files.get': ({ relayId, key }, { signal, door }) => {
        const source = of(relayId);
        return asking(source, async () => {
          const file = await read(source, key, signal);
          if (!file) {
            throw codedError('files.not_found', `“${key}” is not on ${source.record.name}.`);
          }
          // What an agent reads the person has not seen.
          await note(source, file, door === 'window');
          return ok(viewOf(source, file));
        });
      },
      'files.put': (
        { relayId, key, content, type, base, overwrite = null, anyway = false },
        { signal },
      ) => {
        const source = of(relayId);
        assertFileName(key);
        if (content === '') throw codedError('files.empty', 'There is nothing in it.');
        if (!content.isWellFormed() || content.includes('\u0000')) {
          throw codedError('files.bad_name', 'The content holds characters that no text has.', {
            title: 'This is no text',
          });
        }
        if (!anyway) outgoing.checkFile({ key, content, type });
        const file = { key, content, type, base, overwrite };
        return asking(source, async () => ok(await put(source, file, signal)));
      },
      'files.history': ({ relayId, key }) => {
        const source = of(relayId);
        const found = versions.all(placeOf(source, key));
        return ok({
          versions: found.map(({ version, editor, ours, bytes, seenAt }) => ({
            version,
            editor,
            editorName: nameOf(source, editor),
            ours,
            bytes,
            seenAt,
          })),
        });
      },
      'files.version': ({ relayId, key, version }) => {
        const source = of(relayId);
        const found = versions.one(placeOf(source, key), version);
        if (!found) throw codedError('files.not_held', `It is version ${version} of “${key}”.`);
        const { type, content, editor, updatedAt } = found;
        return ok(viewOf(source, { key, version, type, content, editor, updatedAt }));
      },
    },
    changed: async (source, { key, version, editor }) => {
      if (editor === source.record.agentId) return;
      const place = placeOf(source, key);
      const before = versions.all(place)[0] ?? null;
      let text = before ? 'Changed.' : 'A new file, or one that you have not opened yet.';
      let peerId: PeerId | null = parts.known(source.record.url, editor)?.peerId ?? null;
      if (before && before.version < version) {
        // Held before it changes again, so that what changed can be shown.
        const now = await read(source, key, new AbortController().signal).catch(() => null);
        if (now) {
          await store.write(() => versions.keep(place, keptOf(source, now)));
          const isComparable = isText(now.type) && isText(before.type);
          text = (isComparable && changeInWords(before.content, now.content)) || text;
          peerId = parts.known(source.record.url, now.editor)?.peerId ?? peerId;
        }
      }
      const title = `${nameOf(source, editor) || 'Somebody'} saved ${key}`.slice(0, 200);
      const { relayId } = place;
      attention.file({ subject: subjectOf(place), relayId, key, title, text, peerId });
      options.changed({ type: 'relays' });
      log(`relay ${source.record.id}: a shared file has version ${version}`);
    },
  };
}

const byNewest = (a: SharedFileView, b: SharedFileView): number =>
  (b.updatedAt ?? 0) - (a.updatedAt ?? 0) || (a.key < b.key ? -1 : 1);
