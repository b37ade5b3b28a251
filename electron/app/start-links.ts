import type { Cancel, Clock } from '../clock/clock.ts';
import type { LinkId } from '../contract/index.ts';
import type { LinkRecord } from '../peers/index.ts';
import type { LinkRegistry } from './link-registry.ts';

/** How fast connections are begun after the start. */
const LINKS_AT_ONCE = 10;
const LINKS_EVERY_MS = 100;

/** Links are held a few at a time, so that a thousand peers do not delay the window. */
export function startLinks(
  links: readonly LinkRecord[],
  registry: LinkRegistry,
  watch: (id: LinkId) => void,
  clock: Clock,
): () => void {
  const waiting = [...links];
  let cancel: Cancel = () => undefined;
  const next = (): void => {
    for (const link of waiting.splice(0, LINKS_AT_ONCE)) {
      watch(link.id);
      registry.hold(link);
    }
    if (waiting.length > 0) cancel = clock.after(LINKS_EVERY_MS, next);
  };
  cancel = clock.after(0, next);
  return () => cancel();
}
