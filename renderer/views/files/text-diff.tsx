import { diffLines } from 'diff';
import { useMemo } from 'react';

interface TextDiffProps {
  before: string;
  after: string;
  label: string;
}

interface Line {
  readonly mark: '+' | '−' | ' ';
  readonly text: string;
  readonly id: number;
}

/** Unchanged lines kept around a change. */
const AROUND = 3;
/** The comparison takes no longer than this, ms. */
const LIMIT_MS = 1_000;
/** The most lines drawn; a longer difference is said to be so. */
const MOST = 2_000;

function linesOf(before: string, after: string): Line[] | null {
  const parts = diffLines(before, after, { timeout: LIMIT_MS });
  if (!parts) return null;
  let id = 0;
  const lines = parts.flatMap((part): Line[] =>
    part.value
      .replace(/\n$/, '')
      .split('\n')
      .map((text) => ({ mark: part.added ? '+' : part.removed ? '−' : ' ', text, id: id++ })),
  );
  const near = new Set<number>();
  for (const [at, line] of lines.entries()) {
    if (line.mark === ' ') continue;
    for (let one = at - AROUND; one <= at + AROUND; one++) near.add(one);
  }
  return lines.filter((_, at) => near.has(at));
}

/** What was added and what was taken out, line by line. */
export function TextDiff({ before, after, label }: TextDiffProps) {
  const lines = useMemo(() => linesOf(before, after), [before, after]);
  if (lines === null) return <p className="soft">They differ too much to be compared here.</p>;
  if (lines.length === 0) return <p className="soft">There is no difference.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must take the keys
    <section className="diff" aria-label={label} tabIndex={0}>
      {lines.slice(0, MOST).map((line, at) => (
        <div
          key={line.id}
          className={`diff__line ${line.mark === '+' ? 'diff__line--new' : line.mark === '−' ? 'diff__line--old' : ''}`}
        >
          {at > 0 && lines[at - 1]?.id !== line.id - 1 ? <hr className="diff__gap" /> : null}
          <span className="diff__mark" aria-hidden="true">
            {line.mark}
          </span>
          <span className="diff__text">
            {line.mark === ' ' ? null : (
              <span className="unseen">{line.mark === '+' ? 'Added: ' : 'Taken out: '}</span>
            )}
            {line.text}
          </span>
        </div>
      ))}
      {lines.length > MOST ? <p className="soft">More follows that is not shown.</p> : null}
    </section>
  );
}
