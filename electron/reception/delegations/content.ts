/** What an agent is given of a delegation, and where. Pure. */
import { createHash } from 'node:crypto';
import type { DelegationTurn } from '../../contract/index.ts';
import { frame } from '../framing.ts';
import type { AgentRun, RunFile } from '../options.ts';
import type { Delegation } from './rows.ts';

/** The most bytes of one text file that is put into the frame; a larger one is only named. */
const TEXT_FILE_BYTES = 32_768;
/** All of them together. */
const TEXT_FILES_BYTES = 131_072;

const TEXTUAL = /^(?:text\/|application\/(?:json|xml|yaml|x-yaml|toml)\b)/;
const IMAGE = /^image\/(?:png|jpeg|gif|webp)$/;

/** The key of the run, for ever the same. The gateway's history knows it by this. */
export const runKey = (id: string): string => `peerage:${id}`;

/**
 * One session per peer and context, and none of ours: `agent:<id>:peerage-in-<hash>`. OpenClaw lowers
 * session keys, so it is written lower-case.
 */
export function sessionKeyFor(agentId: string, peerId: string, contextId: string): string {
  const hash = createHash('sha256').update(`${peerId}\n${contextId}`).digest('hex').slice(0, 24);
  return `agent:${agentId}:peerage-in-${hash}`.toLowerCase();
}

/** What was asked, with what was asked back and answered since. */
export function wholeText(turns: readonly Pick<DelegationTurn, 'from' | 'text'>[]): string {
  const spoken = turns.filter((turn) => turn.from !== 'agent');
  return spoken
    .map((turn, index) =>
      index === 0 ? turn.text : `${turn.from === 'us' ? 'Asked back' : 'Answer'}: ${turn.text}`,
    )
    .join('\n\n');
}

const decode = (file: RunFile): string | null => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(file.data);
  } catch {
    return null;
  }
};

/** The run that an accepted delegation leads to. */
export function runOf(
  d: Delegation & { readonly agentId: string; readonly sessionKey: string },
  text: string,
  files: readonly RunFile[],
): AgentRun {
  let room = TEXT_FILES_BYTES;
  const images = files.filter((file) => IMAGE.test(file.mediaType));
  const shown = files
    .filter((file) => !images.includes(file))
    .map((file) => {
      const bytes = file.data.byteLength;
      const fits = TEXTUAL.test(file.mediaType) && bytes <= TEXT_FILE_BYTES && bytes <= room;
      const content = fits ? decode(file) : null;
      if (content !== null) room -= bytes;
      return { name: file.name, text: content };
    });
  const links = d.parts
    .filter((part) => part.kind === 'link' && part.url !== null)
    .map((part) => ({ name: `${part.name} (a link, not opened: ${part.url ?? ''})`, text: null }));
  return {
    key: runKey(d.id),
    agentId: d.agentId,
    sessionKey: d.sessionKey,
    text: frame({ ...d, text, files: [...shown, ...links] }),
    images,
  };
}
