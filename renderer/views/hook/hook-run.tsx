import type { HookRun } from '../../../electron/contract/index.ts';
import { useNow } from '../../components/use-now.ts';
import { ago } from '../../words/time.ts';
import './hook.css';

/** How a run of the hook ended, in words. */
export function runWords(run: HookRun): string {
  switch (run.outcome) {
    case 'running':
      return 'The hook is running';
    case 'done':
      return 'The hook took it';
    case 'failed':
      return run.exitCode === null
        ? 'The hook could not be run'
        : `The hook ended with exit code ${run.exitCode}`;
    case 'timed_out':
      return 'The hook took too long and was ended';
    case 'unseen':
      return 'Nobody saw how the hook ended';
  }
}

/** One run: how it ended, and what it wrote, as text. */
export function HookRunNote({ run }: { run: HookRun }) {
  const now = useNow(30_000);
  return (
    <div className="hook-run">
      <p>
        {runWords(run)}
        {run.byItself ? ', by itself' : ''}, {ago(run.startedAt, now)}.
      </p>
      {run.output === '' ? null : (
        <details className="more">
          <summary>What it wrote</summary>
          <pre className="more__said" dir="auto">
            {run.output}
          </pre>
        </details>
      )}
    </div>
  );
}
