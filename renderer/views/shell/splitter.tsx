import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { useClient, useUi } from '../../store/hooks.ts';
import { SIDEBAR_MAX, SIDEBAR_MIN, sidebarWithin } from '../../store/ui-state.ts';

const STEP = 8;

/** The edge of the sidebar: drag it, or move it with the arrows. */
export function Splitter() {
  const { ui } = useClient();
  const width = useUi((state) => state.sidebarWidth);
  const dragging = useRef(false);
  const resize = (to: number) => ui.setState({ sidebarWidth: sidebarWithin(to) });

  const down = (event: PointerEvent<HTMLDivElement>) => {
    dragging.current = true;
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent) => {
    if (dragging.current) resize(event.clientX);
  };
  const up = () => {
    dragging.current = false;
  };
  const press = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: width - STEP,
      ArrowRight: width + STEP,
      Home: SIDEBAR_MIN,
      End: SIDEBAR_MAX,
    };
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    resize(to);
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: a window splitter has no element of its own
    <div
      className="splitter"
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label="Width of the peer list"
      aria-valuenow={width}
      aria-valuemin={SIDEBAR_MIN}
      aria-valuemax={SIDEBAR_MAX}
      onPointerDown={down}
      onPointerMove={move}
      onPointerUp={up}
      onKeyDown={press}
    />
  );
}
