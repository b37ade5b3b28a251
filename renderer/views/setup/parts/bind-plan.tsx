import { useEffect, useRef } from 'react';
import type { BindPlan } from '../../../../electron/contract/index.ts';
import { Callout } from '../../../components/callout.tsx';
import { CopyField } from '../../../components/copy-field.tsx';
import { useClient } from '../../../store/hooks.ts';

/** What a plan changes, before anything is written. */
export function BindPlanView({ plan }: { plan: BindPlan }) {
  const client = useClient();
  const section = useRef<HTMLElement>(null);
  // It comes below the choices, where a small window does not show it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each plan
  useEffect(() => {
    section.current?.scrollIntoView({ block: 'nearest' });
  }, [plan.planId]);
  const open = plan.afterwards.filter((one) => one.open);
  const closed = plan.afterwards.filter((one) => !one.open);
  return (
    <section className="plan" aria-labelledby="plan-title" ref={section}>
      <h3 id="plan-title">What would change</h3>
      {plan.diff.length === 0 ? (
        <Callout
          tone={plan.needsRestart ? 'warning' : 'good'}
          title={
            plan.needsRestart
              ? 'The settings say this already, and the gateway that runs does not do so yet'
              : 'Everything is set like this already'
          }
        />
      ) : (
        <div className="table-box">
          <table className="diff">
            <caption className="unseen">Settings in {plan.configPath}</caption>
            <thead>
              <tr>
                <th scope="col">Setting</th>
                <th scope="col">Now</th>
                <th scope="col">Then</th>
              </tr>
            </thead>
            <tbody>
              {plan.diff.map((line) => (
                <tr key={line.path}>
                  <th scope="row">
                    <code>{line.path}</code>
                  </th>
                  <td>
                    <code className="diff__before">{line.before ?? 'not set'}</code>
                  </td>
                  <td>
                    <code className="diff__after">{line.after ?? 'not set'}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {plan.warnings.map((warning) => (
        <Callout key={warning.text} tone={warning.severity} title={warning.text} />
      ))}
      <p>
        <strong>Afterwards:</strong>{' '}
        {open.length === 0
          ? 'no address answers'
          : `${open.map((one) => one.address).join(', ')} ${open.length === 1 ? 'answers' : 'answer'}`}
        {closed.length === 0 ? '.' : `; ${closed.map((one) => one.address).join(', ')} will not.`}
      </p>
      {plan.diff.length > 0 ? (
        <p className="hint-text">
          A copy of {plan.configPath}, byte for byte, is made first, and put back if anything fails.
        </p>
      ) : null}
      {plan.restartBy === 'person' ? (
        <Callout tone="warning" title="You will have to restart the gateway">
          <p>
            Only a new process listens anew, and yours was started by hand. Peerage waits for it.
          </p>
          {plan.restartCommand ? (
            <CopyField
              label="Command"
              text={plan.restartCommand}
              onCopy={(text) => void client.copy(text)}
            />
          ) : null}
        </Callout>
      ) : plan.needsRestart ? (
        <p className="hint-text">
          The gateway’s service is restarted, which takes about ten seconds.
        </p>
      ) : null}
    </section>
  );
}
