import { Check } from 'lucide-react';
import { StatusMark } from '../../../components/status-mark.tsx';
import { RAIL, type RailStep, type StepState } from '../steps.ts';

interface RailProps {
  shown: readonly RailStep[];
  current: string;
  stateOf: (step: RailStep) => StepState;
  /** It is looked at for the first time. */
  isLooking: (step: RailStep) => boolean;
  onGo: (step: RailStep) => void;
}

const words: Readonly<Record<StepState, string>> = {
  done: 'Done',
  attention: 'Needs you',
  skipped: 'Left out',
  todo: 'To do',
};

/** The steps with their states. Each can be gone to at any time. */
export function Rail({ shown, current, stateOf, isLooking, onGo }: RailProps) {
  return (
    <nav className="rail" aria-label="Steps of the setup">
      <ol>
        {RAIL.filter(({ step }) => shown.includes(step)).map(({ step, title }, index) => {
          const state = stateOf(step);
          return (
            <li key={step}>
              <button
                type="button"
                className={`rail__step rail__step--${state}`}
                aria-current={step === current ? 'step' : undefined}
                onClick={() => onGo(step)}
              >
                <span className="rail__mark" aria-hidden="true">
                  <Mark state={state} number={index + 1} />
                </span>
                <span className="rail__words">
                  <span className="rail__title">{title}</span>
                  <span className="rail__state">
                    {state === 'todo' && isLooking(step) ? 'Being looked at' : words[state]}
                  </span>
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}

function Mark({ state, number }: { state: StepState; number: number }) {
  switch (state) {
    case 'done':
      return <Check />;
    case 'attention':
      return <StatusMark shape="needs_you" />;
    case 'skipped':
      return '–';
    case 'todo':
      return number;
  }
}
