import { useLayoutEffect } from 'react';
import { useMedia } from '../../components/use-media.ts';
import { useMirror } from '../../store/hooks.ts';

/** Puts theme, contrast and density on the page; `system` follows the platform. */
export function useLook(): void {
  const theme = useMirror((mirror) => mirror.settings.theme);
  const contrast = useMirror((mirror) => mirror.settings.contrast);
  const density = useMirror((mirror) => mirror.settings.density);
  const systemContrast = useMedia('(prefers-contrast: more)');
  const high = contrast === 'high' || (contrast === 'system' && systemContrast);
  useLayoutEffect(() => {
    const { dataset } = document.documentElement;
    dataset.theme = theme;
    dataset.contrast = high ? 'high' : 'normal';
    dataset.density = density;
  }, [theme, high, density]);
}
