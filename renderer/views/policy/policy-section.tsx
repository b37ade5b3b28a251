import { SlidersHorizontal } from 'lucide-react';
import type { PeerDetail, PeerPolicy, PolicyView } from '../../../electron/contract/index.ts';
import { IconButton } from '../../components/button.tsx';
import { Segments } from '../../components/segments.tsx';
import { useClient } from '../../store/hooks.ts';
import './policy.css';
import { setPolicy, usePolicy } from './use-policy.ts';
import { modeOptions, modeWords, quietText, usedText } from './words.ts';

const said: Readonly<Record<PeerPolicy['mode'], string>> = {
  ask: 'Their work waits for you now',
  auto: 'Their work is let through now',
  block: 'Their work is blocked now',
};

/** What this peer may do here without the person. */
export function PolicySection({ detail }: { detail: PeerDetail }) {
  const { value } = usePolicy(detail);
  if (!value || value.peerId !== detail.id || (!value.canAsk && value.policy.mode === 'ask'))
    return null;
  return <Policy view={value} />;
}

function Policy({ view }: { view: PolicyView }) {
  const client = useClient();
  const { policy, peerId, fixed } = view;
  const open = (more: { mode?: 'auto' } = {}) =>
    client.navigation.show({ kind: 'policy', peerId, ...more });
  const choose = (mode: PeerPolicy['mode']) => {
    if (mode === policy.mode) return;
    // Letting through needs an agent: the dialog asks for it.
    if (mode === 'auto') return open({ mode });
    void setPolicy(client, view, { ...policy, mode }, said[mode]).then((result) => {
      if (!result.ok) client.toasts.fail(result.error);
    });
  };
  const options = modeOptions.filter(
    ({ value }) => fixed === null || value === 'block' || value === fixed || value === policy.mode,
  );
  return (
    <section className="section" aria-label="Their work here">
      <div className="link-head">
        <h3 className="link-head__word">Their work here</h3>
        <span className="bar__gap" />
        <IconButton
          icon={SlidersHorizontal}
          size="small"
          label="Change the policy"
          onClick={() => open()}
        />
      </div>
      <Segments label="What they ask for" value={policy.mode} options={options} onChange={choose} />
      <p className="policy__words">{modeWords[policy.mode]}</p>
      {fixed === null ? null : (
        <p className="policy__words">The configuration file says so; you can only be stricter.</p>
      )}
      {policy.mode === 'block' ? null : (
        <dl className="facts">
          {policy.mode === 'auto' ? (
            <>
              <dt>Today</dt>
              <dd className="numbers">{usedText(view)}</dd>
            </>
          ) : null}
          <dt>Agents</dt>
          <dd>{policy.agents.length === 0 ? 'Any that you choose' : policy.agents.join(', ')}</dd>
          {policy.sessionKey === null ? null : (
            <>
              <dt>Session</dt>
              <dd className="facts__code selectable">{policy.sessionKey}</dd>
            </>
          )}
          <dt>Quiet hours</dt>
          <dd className="numbers">
            {quietText(policy)}
            {view.quietNow ? ' · now' : ''}
          </dd>
        </dl>
      )}
    </section>
  );
}
