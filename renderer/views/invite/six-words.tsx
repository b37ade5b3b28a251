/** The six words that both sides compare aloud. */
export function SixWords({ words }: { words: readonly string[] }) {
  return (
    <ol className="six-words selectable" aria-label="The six words">
      {words.map((word, index) => (
        // A word may come twice, and its place is what counts.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <li key={index}>{word}</li>
      ))}
    </ol>
  );
}
