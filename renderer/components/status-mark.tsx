import type { Shape } from '../words/states.ts';
import './status-mark.css';

interface StatusMarkProps {
  shape: Shape;
  /** Said to those who cannot see it. Left out where the words stand beside it. */
  label?: string;
  size?: number;
}

/** The state of something as a shape: full, half, triangle, ring, or a ring with a bar. */
export function StatusMark({ shape, label, size = 12 }: StatusMarkProps) {
  return (
    // Named by aria-label where it stands alone, hidden where words stand beside it.
    // biome-ignore lint/a11y/noSvgWithoutTitle: see above
    <svg
      className={`status-mark status-mark--${shape}`}
      width={size}
      height={size}
      viewBox="0 0 12 12"
      {...(label ? { role: 'img', 'aria-label': label } : { 'aria-hidden': true })}
    >
      <Drawing shape={shape} />
    </svg>
  );
}

function Drawing({ shape }: { shape: Shape }) {
  switch (shape) {
    case 'up':
      return <circle cx="6" cy="6" r="5" fill="currentColor" />;
    case 'partial':
      return (
        <>
          <circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
          <path d="M6 1.75a4.25 4.25 0 0 0 0 8.5Z" fill="currentColor" />
        </>
      );
    case 'needs_you':
      return (
        <path
          d="M6 1.6 11 10.4H1Z"
          fill="currentColor"
          stroke="currentColor"
          strokeWidth="1.2"
          strokeLinejoin="round"
        />
      );
    case 'down':
      return <circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor" strokeWidth="1.5" />;
    case 'blocked':
      return (
        <>
          <circle cx="6" cy="6" r="4.25" fill="none" stroke="currentColor" strokeWidth="1.5" />
          <path d="m3.2 8.8 5.6-5.6" stroke="currentColor" strokeWidth="1.5" />
        </>
      );
  }
}
