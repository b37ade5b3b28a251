import { ArrowLeft, RotateCw } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import type { AppError } from '../../../../electron/contract/index.ts';
import { Button } from '../../../components/button.tsx';
import { ErrorNote } from '../../error-note.tsx';
import { useSetup } from '../use-setup.ts';

/** The one thing to do next. */
export interface PrimaryAction {
  readonly label: string;
  readonly run: () => void;
  readonly busy?: boolean;
  readonly disabled?: boolean;
}

interface StepFrameProps {
  title: string;
  /** Why this step is there, in one or two sentences. */
  why: ReactNode;
  /** What was seen, what it means, and what belongs to it. */
  children: ReactNode;
  primary: PrimaryAction | null;
  /** Looks again. */
  onCheck?: () => void;
  checking?: boolean;
  /** What the last action said when it failed. */
  failure?: AppError | null;
  /** Whether the step can be left out, and with which words. */
  skip?: string | null;
}

/** One step: why, what was seen, one action, and looking again. The same place for each, always. */
export function StepFrame({
  title,
  why,
  children,
  primary,
  onCheck,
  checking = false,
  failure = null,
  skip = 'Leave this out',
}: StepFrameProps) {
  const setup = useSetup();
  const heading = useRef<HTMLHeadingElement>(null);
  // A new step is read from its beginning, by eye and by screen reader alike.
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each step, and no other time
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    // In a narrow window the list of steps scrolls with it.
    for (const box of ['.setup__column', '.setup__panes'])
      heading.current?.closest(box)?.scrollTo({ top: 0 });
  }, [setup.step]);
  // The button that failed stays where it is, and what it says of it may be far below.
  const trouble = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each failure
  useEffect(() => {
    trouble.current?.scrollIntoView({ block: 'nearest' });
  }, [failure]);
  return (
    <section className="step" aria-labelledby="step-title">
      <div className="step__head">
        <h2 id="step-title" ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <p className="step__why">{why}</p>
      </div>
      <div className="step__body" aria-live="polite" aria-busy={checking}>
        {children}
        {failure ? (
          <div ref={trouble}>
            <ErrorNote error={failure} announce />
          </div>
        ) : null}
      </div>
      <footer className="step__foot">
        <Button look="quiet" icon={ArrowLeft} onClick={setup.back}>
          Back
        </Button>
        <div className="step__others">
          {skip !== null ? (
            <Button look="quiet" onClick={setup.skip}>
              {skip}
            </Button>
          ) : null}
          {onCheck ? (
            <Button icon={RotateCw} busy={checking} onClick={onCheck}>
              Check again
            </Button>
          ) : null}
        </div>
        {primary ? (
          <Button
            look="primary"
            busy={primary.busy ?? false}
            disabled={primary.disabled ?? false}
            onClick={primary.run}
          >
            {primary.label}
          </Button>
        ) : null}
      </footer>
    </section>
  );
}
