import { useMedia } from '../../components/use-media.ts';

/** How many panes fit beside each other. */
export type Layout = 'three' | 'two' | 'one';

/** The layout for the width of the window as it is. */
export function useLayout(): Layout {
  const wide = useMedia('(min-width: 1100px)');
  const middle = useMedia('(min-width: 720px)');
  return wide ? 'three' : middle ? 'two' : 'one';
}
