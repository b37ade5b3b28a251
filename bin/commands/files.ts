/** `files list|get|put`: what is shared over relays. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Ask, SharedFileView } from '../../electron/contract/index.ts';
import { Ending, EXIT } from '../exits.ts';
import { numberOf, textOf, textOption, unreadable, usage } from '../parse.ts';
import { plain, plainLine, table } from '../terminal.ts';
import { type Command, done, isoTime, type Outcome, type Shell } from './command.ts';
import { askRelay, relayOf } from './relay.ts';

/** Runs it. */
export const files: Command = async (shell) => {
  const [what, key] = shell.asked.positionals;
  if (what === 'list') return list(shell);
  if (key === undefined) throw usage(`files ${what} needs KEY.`);
  return what === 'get' ? get(shell, key) : put(shell, key);
};

async function list(shell: Shell): Promise<Outcome> {
  const door = await shell.door();
  const named = textOption(shell.asked, 'relay') === null ? null : await relayOf(door, shell.asked);
  const found = await door.call('files.list', named ? { relayId: named.relayId } : {});
  const rows = found.files.map((file) => [file.key, `v${file.version}`, file.editorName]);
  return done({ files: found.files.map(fileJson), unreached: found.unreached }, [
    ...(rows.length > 0 ? table(rows, shell.terminal.width) : ['No shared files.']),
    ...found.unreached.map((name) => `Not reached: ${plainLine(name)}`),
  ]);
}

const fileJson = ({ heldVersion: _, ...file }: SharedFileView) => ({
  ...file,
  updatedAt: isoTime(file.updatedAt),
});

async function get(shell: Shell, key: string): Promise<Outcome> {
  const door = await shell.door();
  const { relayId } = await relayOf(door, shell.asked);
  const file = await door.call('files.get', { relayId, key });
  const output = textOption(shell.asked, 'output');
  const json = { file: { ...file, updatedAt: isoTime(file.updatedAt) }, output };
  if (output === null) return done(json, [plain(file.content).trimEnd()]);
  try {
    writeFileSync(output, file.content, { flag: 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'EEXIST' ? 'is there already; it stays' : `cannot be written (${code})`;
    throw new Ending(EXIT.refused, 'file.not_written', `${plainLine(output)} ${why}.`);
  }
  return done(json, [`Version ${file.version} is in ${plainLine(output)}.`]);
}

async function put(shell: Shell, key: string): Promise<Outcome> {
  const { asked } = shell;
  const base = asked.values.base === undefined ? null : numberOf(asked, 'base', 1, 9_999_999);
  const seconds = numberOf(asked, 'timeout', 60, 86_400);
  const text = await contentOf(shell);
  const door = await shell.door();
  const { relayId } = await relayOf(door, shell.asked);
  const type = textOption(asked, 'type') ?? 'text';
  const ask: Ask = { relayId, verb: 'put', key, type, base, text };
  return askRelay(shell, door, ask, seconds, { key, done: `${plainLine(key)} is shared.` });
}

function contentOf(shell: Shell): Promise<string> {
  const path = textOption(shell.asked, 'file');
  if (path === null) return textOf(null, shell.stdin);
  try {
    const bytes = readFileSync(path);
    return textOf(null, async () => bytes);
  } catch (error) {
    throw usage(unreadable(path, error));
  }
}
