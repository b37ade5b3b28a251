import { Copy, Square } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import {
  assertNever,
  type RelayAnnouncement,
  type RelayServerAgentView,
  type RelayServerRunningView,
  type RelayServerView,
} from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { Callout } from '../../components/callout.tsx';
import { CopyField } from '../../components/copy-field.tsx';
import { StatusMark } from '../../components/status-mark.tsx';
import { UntrustedText } from '../../components/untrusted-text.tsx';
import { useNow } from '../../components/use-now.ts';
import { useClient } from '../../store/hooks.ts';
import { byteSize } from '../../words/bytes.ts';
import { count, counted } from '../../words/count.ts';
import { ago, exactTime } from '../../words/time.ts';
import { ErrorNote } from '../error-note.tsx';
import { useWork } from '../setup/use-work.ts';

interface RelayRunningProps {
  running: RelayServerRunningView;
  onTold: (view: RelayServerView) => void;
}

/** The relay while it runs: where it is, who is there, what waits, what went wrong. */
export function RelayRunning({ running, onTold }: RelayRunningProps) {
  const client = useClient();
  const now = useNow(10_000);
  const { url, plainUrl, fingerprint, joinText, durable, waiting, waitingBytes } = running;
  return (
    <>
      <Callout
        tone="good"
        title="The relay runs"
        actions={
          <>
            <Button size="small" icon={Copy} onClick={() => void client.copy(joinText)}>
              Copy the join details
            </Button>
            <StopButton running={running} onTold={onTold} />
          </>
        }
      >
        <p>
          {durable ? 'Durable' : 'In memory only'}, since{' '}
          <span title={exactTime(running.startedAt)}>{ago(running.startedAt, now)}</span>.
        </p>
      </Callout>
      <CopyField label="Address" text={url} onCopy={(text) => void client.copy(text)} />
      {plainUrl ? (
        <CopyField
          label="Address for ClawLink’s own client"
          text={plainUrl}
          onCopy={(text) => void client.copy(text)}
        />
      ) : null}
      {fingerprint ? (
        <CopyField
          label="TLS fingerprint"
          text={fingerprint}
          onCopy={(text) => void client.copy(text)}
        />
      ) : null}
      <section aria-labelledby="relay-stand">
        <h3 id="relay-stand">How it stands</h3>
        <dl className="relay__facts numbers">
          <dt>Agents</dt>
          <dd>
            {count(running.online)} online of {count(running.registered)},{' '}
            {counted(running.sockets, 'socket')}
          </dd>
          <dt>Announced</dt>
          <dd>{announcedText(running.announcement)}</dd>
          <dt>Waiting</dt>
          <dd>
            {counted(waiting, 'message')}
            {waiting > 0 ? `, ${byteSize(waitingBytes)}` : ''}
          </dd>
          <dt>Given up</dt>
          <dd>{counted(running.dropped, 'message')}</dd>
          <dt>Files</dt>
          <dd>{count(running.files)}</dd>
          <dt>Broadcasts</dt>
          <dd>{count(running.broadcasts)}</dd>
        </dl>
      </section>
      <Agents agents={running.agents} registered={running.registered} now={now} />
      <section aria-labelledby="relay-errors">
        <h3 id="relay-errors">Last errors</h3>
        {running.errors.length === 0 ? (
          <p className="soft">None.</p>
        ) : (
          <ul className="relay__errors">
            {running.errors.map((error, index) => (
              // Nothing but its place tells one from the next.
              // biome-ignore lint/suspicious/noArrayIndexKey: see above
              <li key={index}>
                <UntrustedText text={error.text} />{' '}
                <span className="soft" title={exactTime(error.at)}>
                  {ago(error.at, now)}
                </span>
              </li>
            ))}
          </ul>
        )}
      </section>
    </>
  );
}

function announcedText(announcement: RelayAnnouncement): string {
  switch (announcement.kind) {
    case 'off':
      return 'No';
    case 'starting':
      return 'In a moment';
    case 'announced':
      return `On the local network, as “${announcement.name}”`;
    case 'failed':
      return `Could not be: ${announcement.reason}`;
    default:
      return assertNever(announcement);
  }
}

function StopButton({ running, onTold }: RelayRunningProps) {
  const client = useClient();
  const work = useWork();
  const [asking, setAsking] = useState(false);
  /** The buttons take each other's place: the focus goes along, to the one that loses nothing. */
  const safe = useRef<HTMLButtonElement>(null);
  const turned = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each turn
  useEffect(() => {
    if (turned.current) safe.current?.focus();
  }, [asking]);
  const ask = (wanted: boolean) => {
    turned.current = true;
    setAsking(wanted);
  };
  const stop = async () => {
    const told = await work.run('stop', () => client.call('relayServer.stop', {}));
    if (told) onTold(told);
  };
  const loses = !running.durable && running.waiting + running.files > 0;
  if (asking) {
    return (
      <>
        <span className="soft" role="status">
          {counted(running.waiting, 'message')} and {counted(running.files, 'file')} will be lost.
        </span>
        <Button ref={safe} size="small" onClick={() => ask(false)}>
          Let it run
        </Button>
        <Button size="small" look="danger" busy={work.busy !== null} onClick={() => void stop()}>
          Stop and lose them
        </Button>
        {work.failure ? <ErrorNote error={work.failure} announce /> : null}
      </>
    );
  }
  return (
    <>
      <Button
        ref={safe}
        size="small"
        icon={Square}
        busy={work.busy !== null}
        onClick={() => (loses ? ask(true) : void stop())}
      >
        Stop the relay
      </Button>
      {work.failure ? <ErrorNote error={work.failure} announce /> : null}
    </>
  );
}

interface AgentsProps {
  agents: readonly RelayServerAgentView[];
  registered: number;
  now: number;
}

function Agents({ agents, registered, now }: AgentsProps) {
  return (
    <section aria-labelledby="relay-agents">
      <h3 id="relay-agents">Agents</h3>
      {agents.length === 0 ? (
        <p className="soft">
          Nobody registered yet. Give the join details and the token to your team.
        </p>
      ) : (
        <ul className="relay__agents">
          {agents.map((agent) => (
            <AgentItem key={agent.agentId} agent={agent} now={now} />
          ))}
        </ul>
      )}
      {registered > agents.length ? (
        <p className="soft">And {count(registered - agents.length)} more.</p>
      ) : null}
    </section>
  );
}

function AgentItem({ agent, now }: { agent: RelayServerAgentView; now: number }) {
  const { online, connected, hasSecret, waiting, lastHeartbeat } = agent;
  const state = online ? (connected ? 'Connected' : 'Online') : 'Silent';
  return (
    <li className="relay__agent">
      <StatusMark shape={online ? 'up' : 'down'} />
      <span className="relay__who">
        <span className="clip">
          <UntrustedText text={agent.name} />
        </span>
        <span className="soft clip">
          {state}, <span title={exactTime(lastHeartbeat)}>seen {ago(lastHeartbeat, now)}</span>
          {agent.machine === '' ? '' : ', '}
          <UntrustedText text={agent.machine} />
          {hasSecret ? ', proves itself by a secret' : ', known by its address only'}
        </span>
      </span>
      <span className="numbers">{waiting > 0 ? `${count(waiting)} waiting` : ''}</span>
    </li>
  );
}
