/** What a program said, as it said it. */
export function Said({ output }: { output: string }) {
  if (output.trim() === '') return null;
  return (
    <details className="more">
      <summary>What it said</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it must take the focus */}
      <pre className="more__said selectable" tabIndex={0}>
        {output}
      </pre>
    </details>
  );
}
