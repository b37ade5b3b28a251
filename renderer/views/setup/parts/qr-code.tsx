import qrcode from 'qrcode-generator';
import { useMemo } from 'react';

/** White around the code, in modules: readers need four (ISO/IEC 18004). */
const QUIET = 4;

/** A text as a QR code. Dark on white in every theme: many readers cannot take the reverse. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const code = useMemo(() => draw(text), [text]);
  if (!code) return null;
  const side = code.modules + 2 * QUIET;
  return (
    <svg
      className="qr"
      viewBox={`0 0 ${side} ${side}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <rect width={side} height={side} fill="#fff" />
      <path d={code.path} fill="#000" />
    </svg>
  );
}

function draw(text: string): { modules: number; path: string } | null {
  try {
    const code = qrcode(0, 'M');
    code.addData(text, 'Byte');
    code.make();
    const modules = code.getModuleCount();
    const path: string[] = [];
    for (let row = 0; row < modules; row++)
      for (let column = 0; column < modules; column++)
        if (code.isDark(row, column)) path.push(`M${column + QUIET} ${row + QUIET}h1v1h-1z`);
    return { modules, path: path.join('') };
  } catch {
    // More than a code can hold: the link beside it is enough.
    return null;
  }
}
