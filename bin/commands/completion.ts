/** Shell completion, made of the table of verbs. Names of peers are asked of the app as one types. */
import { plainLine } from '../terminal.ts';
import { type Command, done } from './command.ts';
import { bash } from './completion/bash.ts';
import { fish } from './completion/fish.ts';
import { zsh } from './completion/zsh.ts';

/** `completion` */
export const completion: Command = async (shell) => {
  const [what] = shell.asked.positionals;
  if (what === 'names') {
    const { peers } = await (await shell.door()).call('peer.list', {});
    const found = peers.map((peer) => plainLine(peer.nickname ?? peer.name));
    return done({ names: found }, found);
  }
  const script = what === 'zsh' ? zsh() : what === 'fish' ? fish() : bash();
  return done({ shell: what ?? 'bash', script }, [script]);
};
