/** A text word for word. It scrolls where it is long, so keys must reach it. */
export function SaidText({ label, text }: { label: string; text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section className="dry-run__text selectable" aria-label={label} dir="auto" tabIndex={0}>
      {text}
    </section>
  );
}
