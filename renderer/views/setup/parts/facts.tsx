import type { ReactNode } from 'react';

interface FactsProps {
  facts: readonly { readonly term: string; readonly value: ReactNode; readonly code?: boolean }[];
}

/** What was seen, as a short list. */
export function Facts({ facts }: FactsProps) {
  return (
    <dl className="seen">
      {facts.map(({ term, value, code }) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd className={code ? 'seen__code selectable' : 'selectable'}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
