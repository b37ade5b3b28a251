import { X } from 'lucide-react';
import type { BroadcastId } from '../../../electron/contract/index.ts';
import { IconButton } from '../../components/button.tsx';
import { Segments } from '../../components/segments.tsx';
import { useClient } from '../../store/hooks.ts';
import type { BroadcastTab } from '../../store/ui-state.ts';
import { Knowledge } from './knowledge.tsx';
import { OneBroadcast } from './one-broadcast.tsx';
import { Sent } from './sent.tsx';
import { Write } from './write.tsx';
import '../invite/invite.css';
import '../setup/common.css';
import './broadcast.css';
import './said.css';

interface BroadcastPageProps {
  tab: BroadcastTab;
  broadcastId: BroadcastId | null;
}

/** One text to many: written, sent, and what was told by it before. */
export default function BroadcastPage({ tab, broadcastId }: BroadcastPageProps) {
  const client = useClient();
  const show = (next: BroadcastTab, id: BroadcastId | null = null) =>
    client.navigation.showPage({ kind: 'broadcast', tab: next, broadcastId: id });
  return (
    <main className="page">
      <header className="page__bar">
        <h2>Broadcast</h2>
        <Segments
          label="Which"
          value={tab}
          options={[
            { value: 'write', text: 'Write' },
            { value: 'sent', text: 'Sent' },
            { value: 'knowledge', text: 'Knowledge' },
          ]}
          onChange={(next) => show(next)}
        />
        <span className="step__gap" />
        <IconButton
          icon={X}
          label="Close broadcasts"
          onClick={() => client.navigation.leavePage()}
        />
      </header>
      <div className="page__column">
        {tab === 'write' ? (
          <Write onSent={(id) => show('sent', id)} onTold={() => show('knowledge')} />
        ) : null}
        {tab === 'sent' && broadcastId === null ? (
          <Sent onOpen={(id) => show('sent', id)} onWrite={() => show('write')} />
        ) : null}
        {tab === 'sent' && broadcastId !== null ? (
          <OneBroadcast key={broadcastId} broadcastId={broadcastId} onBack={() => show('sent')} />
        ) : null}
        {tab === 'knowledge' ? (
          <Knowledge onShare={() => show('write')} onWrite={() => show('write')} />
        ) : null}
      </div>
    </main>
  );
}
