import type { ReactNode } from 'react';
import type { BroadcastContent } from '../../../electron/contract/index.ts';
import { Tag } from '../../components/tag.tsx';
import { UntrustedText } from '../../components/untrusted-text.tsx';
import './form-body.css';

/** What was told to many: what it is, what it is about, and what is said, which the caller shows. */
export function BroadcastBody({
  content: { topic, tags },
  children,
}: {
  content: BroadcastContent;
  children: ReactNode;
}) {
  return (
    <section className="form-body" aria-label="Broadcast">
      <p className="form-body__head">
        <span className="form-body__kind">Broadcast</span>
        {topic === null ? null : (
          <strong>
            <UntrustedText text={topic} />
          </strong>
        )}
        {tags.map((tag) => (
          <Tag key={tag}>
            <UntrustedText text={tag} />
          </Tag>
        ))}
      </p>
      <div className="form-body__said" dir="auto">
        {children}
      </div>
    </section>
  );
}
