import type { LucideIcon } from 'lucide-react';
import './trust-facts.css';

interface TrustFactsProps {
  icon: LucideIcon;
  facts: readonly { readonly term: string; readonly text: string }[];
}

/** The one layout of trust moments: who, proven how, what they get, what could go wrong. */
export function TrustFacts({ icon: Icon, facts }: TrustFactsProps) {
  return (
    <div className="trust-facts">
      <span className="trust-facts__icon">
        <Icon aria-hidden="true" />
      </span>
      <dl>
        {facts.map((fact) => (
          <div key={fact.term}>
            <dt>{fact.term}</dt>
            <dd>{fact.text}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
