import { useEffect, useRef } from 'react';
import type { GatewayTask } from '../../../../electron/contract/index.ts';
import { Button } from '../../../components/button.tsx';
import { Callout } from '../../../components/callout.tsx';
import { CopyField } from '../../../components/copy-field.tsx';
import { useNow } from '../../../components/use-now.ts';
import { useClient } from '../../../store/hooks.ts';
import { inTime } from '../../../words/time.ts';
import { ErrorNote } from '../../error-note.tsx';
import { ask } from '../ask.ts';
import { ExposureTable } from './exposure-table.tsx';

const doing: Readonly<Record<string, string>> = {
  backing_up: 'Copying the configuration',
  writing: 'Writing the settings',
  restarting: 'Restarting the gateway',
  coming_back: 'Waiting until it is ready again',
  proving: 'Connecting to each address of this machine',
  restoring: 'It did not work: putting the old configuration back',
};

interface GatewayTaskViewProps {
  task: GatewayTask;
  /** The page goes on by itself from its end, and shows nowhere else who can reach the gateway. */
  isStep?: boolean;
}

/** How a change of the gateway's settings goes on: brought into view when it begins. */
export function GatewayTaskView({ task, isStep = false }: GatewayTaskViewProps) {
  const box = useRef<HTMLElement>(null);
  // What began it may be far below, and is gone from the page now, with the focus that it had.
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each task
  useEffect(() => {
    box.current?.scrollIntoView({ block: 'nearest' });
    if (document.activeElement === document.body) box.current?.focus({ preventScroll: true });
  }, [task.startedAt]);
  return (
    <section className="step__part" ref={box} tabIndex={-1} aria-label="The change of the gateway">
      <Stage task={task} isStep={isStep} />
    </section>
  );
}

function Stage({ task, isStep }: { task: GatewayTask; isStep: boolean }) {
  const client = useClient();
  const now = useNow(1_000);
  const { step } = task;
  const dismiss = () => void ask(client, 'ownGateway.dismissTask', {});
  switch (step.kind) {
    case 'backing_up':
    case 'writing':
    case 'restarting':
    case 'coming_back':
    case 'proving':
    case 'restoring':
      return (
        <Callout
          tone="info"
          title={
            step.kind === 'restoring' && task.what === 'restore'
              ? 'Putting the copy back'
              : (doing[step.kind] ?? '')
          }
          announce
        >
          <p>This takes about ten seconds in all.</p>
        </Callout>
      );
    case 'waiting_for_person':
      return (
        <>
          <Callout
            tone="warning"
            title="Restart the gateway now"
            announce
            actions={
              <Button size="small" onClick={() => void ask(client, 'ownGateway.cancelTask', {})}>
                Stop waiting
              </Button>
            }
          >
            <p>{step.text}</p>
            <p className="numbers">
              Peerage gives up {inTime(step.until, now)}, and puts the old configuration back then.
            </p>
          </Callout>
          {step.command ? (
            <CopyField
              label="Command"
              text={step.command}
              onCopy={(text) => void client.copy(text)}
            />
          ) : null}
        </>
      );
    case 'done':
      return (
        <>
          <Callout
            tone="good"
            title={task.what === 'bind' ? 'It is changed, and each address was tried' : step.text}
            announce
            actions={
              isStep ? null : (
                <Button size="small" onClick={dismiss}>
                  Understood
                </Button>
              )
            }
          />
          {isStep && task.exposure ? <ExposureTable exposure={task.exposure} /> : null}
        </>
      );
    case 'cancelled':
      return (
        <Callout
          tone="info"
          title={step.text}
          announce
          actions={
            <Button size="small" onClick={dismiss}>
              Understood
            </Button>
          }
        />
      );
    case 'failed':
      return (
        <>
          <ErrorNote error={step.error} announce>
            <Button size="small" onClick={dismiss}>
              Understood
            </Button>
          </ErrorNote>
          {step.restored === null ? null : (
            <p className="hint-text">
              {step.restored
                ? 'The configuration is as it was before.'
                : 'The configuration could not be put back. The copy is listed with the gateway.'}
            </p>
          )}
        </>
      );
  }
}

/** True while something goes on that should not be started twice. */
export const isUnderWay = (task: GatewayTask | null): boolean =>
  task !== null && !['done', 'failed', 'cancelled'].includes(task.step.kind);
