import type { ProbeResult } from '../../../electron/contract/index.ts';
import { Callout } from '../../components/callout.tsx';
import { CopyField } from '../../components/copy-field.tsx';
import { useClient } from '../../store/hooks.ts';
import { grouped } from '../../words/fingerprint.ts';
import { milliseconds } from '../../words/time.ts';
import { ErrorNote } from '../error-note.tsx';
import { fieldOf } from './field-errors.ts';

/** What the check found, with what to do about it. */
export function ProbeNote({ probe, waiting }: { probe: ProbeResult; waiting: boolean }) {
  const client = useClient();
  const copy = (text: string) => void client.copy(text);
  const { state } = probe;
  switch (state.kind) {
    case 'online':
      return (
        <Callout tone="good" title={`Connected in ${milliseconds(probe.durationMs)}`}>
          {probe.card ? (
            <>
              <p>
                <bdi>{probe.card.name}</bdi> answers at {probe.url}, over {state.serverVersion}.
              </p>
              <p dir="auto">{probe.card.description}</p>
            </>
          ) : (
            <p>
              OpenClaw {state.serverVersion} answers at {probe.url}.
            </p>
          )}
          {probe.identity && !probe.card ? (
            <p className="probe__print">
              Its identity, to compare with the other side: <code>{grouped(probe.identity)}</code>
            </p>
          ) : null}
        </Callout>
      );
    case 'needs_approval':
      return (
        <Callout tone="warning" title="The other side must approve this device">
          <p>{probe.stateText}</p>
          <div className="probe__copy">
            <CopyField label="Command for them to run" text={state.command} onCopy={copy} />
            <CopyField label="Request" text={state.requestId} onCopy={copy} />
          </div>
          <p>
            {waiting ? 'This looks again every few seconds and goes on by itself. ' : null}You can
            also add the peer now; it connects once it is approved.
          </p>
        </Callout>
      );
    case 'degraded':
      return (
        <Callout tone="warning" title="Connected, with limits">
          <p>{probe.stateText}</p>
          <p>{probe.error?.remedy?.text}</p>
        </Callout>
      );
    case 'idle':
    case 'connecting':
    case 'starting':
    case 'restarting':
    case 'rate_limited':
    case 'bad_credential':
    case 'revoked':
    case 'identity_changed':
    case 'protocol_mismatch':
    case 'needs_secret':
    case 'offline':
      if (!probe.error) return <Callout tone="problem" title={probe.stateText} />;
      // What stands at a field already is not said twice.
      return fieldOf(probe.error) ? null : <ErrorNote error={probe.error} />;
  }
}
