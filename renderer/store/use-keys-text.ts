import { useMirror } from './hooks.ts';

/**
 * Writes keys the way this machine does. `Mod` is ⌘ on a Mac and Ctrl elsewhere; `New` is what adds
 * a peer: browsers keep Ctrl N for themselves, so there it is Alt N.
 */
export function useKeysText(): (keys: string) => string {
  const mac = useMirror((mirror) => mirror.app?.platform === 'darwin');
  const desktop = useMirror((mirror) => mirror.app?.shell === 'desktop');
  const mod = mac ? '⌘' : 'Ctrl';
  const alt = mac ? '⌥' : 'Alt';
  return (keys) =>
    keys
      .replace('New', desktop ? 'Mod N' : 'Alt N')
      .replace('Mod', mod)
      .replace('Alt', alt);
}
