import { Suspense } from 'react';
import { part } from '../../components/part.tsx';

/** Loaded apart: the first window is there before it, and shows plain text until then. */
const Markdown = part(() => import('./markdown.tsx'));
void Markdown.load();

/** Beyond this much text, UTF-16 units, markdown is not worth its cost, and the text is shown as it is. */
const MARKDOWN_LIMIT = 60_000;

/** What an agent wrote, as safe markdown. */
export function MarkdownText({ text }: { text: string }) {
  const plain = <div className="body--plain">{text}</div>;
  if (text.length > MARKDOWN_LIMIT) return plain;
  return (
    <Suspense fallback={plain}>
      <Markdown text={text} />
    </Suspense>
  );
}
