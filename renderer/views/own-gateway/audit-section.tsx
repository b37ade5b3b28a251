import { useState } from 'react';
import type { AuditFinding } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { Callout, type Tone } from '../../components/callout.tsx';
import { useNow } from '../../components/use-now.ts';
import { useClient } from '../../store/hooks.ts';
import { ago } from '../../words/time.ts';
import { ErrorNote } from '../error-note.tsx';
import { useWork } from '../setup/use-work.ts';

/** OpenClaw's own security audit, on demand: it takes a while. */
export function AuditSection() {
  const client = useClient();
  const work = useWork();
  const now = useNow(30_000);
  const [report, setReport] = useState<{
    findings: readonly AuditFinding[];
    checkedAt: number;
  } | null>(null);
  const run = async () => {
    const done = await work.run('audit', () => client.call('ownGateway.audit', {}));
    if (done) setReport(done);
  };
  const worth = report?.findings.filter((one) => one.severity !== 'info') ?? [];
  const rest = report?.findings.filter((one) => one.severity === 'info') ?? [];
  return (
    <section className="gateway__part" aria-labelledby="audit-title">
      <div className="gateway__head">
        <h3 id="audit-title">Security audit</h3>
        <Button size="small" busy={work.busy !== null} onClick={() => void run()}>
          {report ? 'Run it again' : 'Run it'}
        </Button>
      </div>
      <p className="hint-text">
        {report
          ? `OpenClaw looked ${ago(report.checkedAt, now)}.`
          : 'OpenClaw looks through its own settings and files. Up to a minute; nothing is changed.'}
      </p>
      {work.failure ? <ErrorNote error={work.failure} announce /> : null}
      {report && worth.length === 0 ? (
        <Callout tone="good" title="It found nothing to worry about" announce />
      ) : null}
      {worth.map((finding) => (
        <Finding key={`${finding.checkId} ${finding.detail}`} finding={finding} />
      ))}
      {rest.length > 0 ? (
        <details className="gateway__more">
          <summary>
            {rest.length === 1 ? 'One more thing to know' : `${rest.length} more things to know`}
          </summary>
          {rest.map((finding) => (
            <Finding key={`${finding.checkId} ${finding.detail}`} finding={finding} />
          ))}
        </details>
      ) : null}
    </section>
  );
}

const tones: Readonly<Record<AuditFinding['severity'], Tone>> = {
  critical: 'problem',
  warn: 'warning',
  info: 'info',
};

function Finding({ finding }: { finding: AuditFinding }) {
  return (
    <Callout tone={tones[finding.severity]} title={finding.title}>
      {finding.remedy ? <p>{finding.remedy}</p> : null}
      <details className="finding">
        <summary>OpenClaw’s own words</summary>
        <p className="finding__detail selectable">{finding.detail}</p>
        <code className="error-code">{finding.checkId}</code>
      </details>
    </Callout>
  );
}
