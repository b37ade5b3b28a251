import type { FormEvent } from 'react';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogBody, DialogFoot } from '../../components/dialog.tsx';
import { PickField, TextField } from '../../components/field.tsx';
import { Segments } from '../../components/segments.tsx';
import { ErrorNote } from '../error-note.tsx';
import { CredentialFields } from './credential-fields.tsx';
import { ProbeNote } from './probe-note.tsx';
import { canAdd, useConnect, WAYS } from './use-connect.ts';
import './connect.css';

/** Adds a peer: address and proof, a check, what to talk to, a name. */
export function ConnectDialog({ url, onClose }: { url: string; onClose: () => void }) {
  const connect = useConnect(onClose, url);
  const { form, errors, probe, busy } = connect;
  const found = canAdd(probe);
  const isAgent = form.way === 'a2a';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (found) void connect.add();
    else void connect.check();
  };
  return (
    <Dialog
      title="Connect a peer"
      about={
        isAgent
          ? 'Ask the other side for the address of its agent, and for a token of your own.'
          : 'Ask the other side for the address of its gateway, and for a token or password.'
      }
      onClose={onClose}
    >
      <form className="connect" onSubmit={submit} noValidate>
        <DialogBody className="connect__body">
          <Segments
            label="What answers there"
            value={form.way}
            options={WAYS}
            onChange={(way) =>
              connect.change({
                way,
                ...(form.kind === 'password' ? { kind: 'token' as const } : {}),
              })
            }
          />
          <TextField
            label="Address"
            value={form.url}
            placeholder={isAgent ? 'https://host.tailnet.ts.net' : 'wss://host.tailnet.ts.net'}
            error={errors.url}
            help={
              isAgent
                ? 'Of the agent’s host, its card or its endpoint.'
                : 'For example ws://100.64.0.2:18789, or wss:// with a host name.'
            }
            inputMode="url"
            readOnly={busy !== null}
            onChange={(event) => connect.change({ url: event.target.value })}
          />
          <CredentialFields
            kind={form.kind}
            secret={form.secret}
            error={errors.secret}
            ofAgent={isAgent}
            onChange={connect.change}
          />
          <div className="connect__result" aria-live="polite">
            {busy === 'checking' ? (
              <p className="connect__wait">Trying the address. This takes at most 15 seconds.</p>
            ) : null}
            {connect.failure ? <ErrorNote error={connect.failure} /> : null}
            {probe && busy !== 'checking' ? (
              <ProbeNote probe={probe} waiting={connect.waiting} />
            ) : null}
          </div>
          {found ? <Choices connect={connect} /> : null}
        </DialogBody>
        <DialogFoot>
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          {found ? (
            <Button look="primary" type="submit" busy={busy === 'adding'}>
              {probe?.state.kind === 'needs_approval' ? 'Add and wait' : 'Add'}
            </Button>
          ) : (
            <Button look="primary" type="submit" busy={busy === 'checking'}>
              Check
            </Button>
          )}
        </DialogFoot>
      </form>
    </Dialog>
  );
}

function Choices({ connect }: { connect: ReturnType<typeof useConnect> }) {
  const { form, errors, probe } = connect;
  if (!probe) return null;
  const sessions = probe.sessions.filter(
    (session) => form.agentId === null || session.agentId === form.agentId,
  );
  return (
    <div className="connect__choices">
      <TextField
        label="Name"
        value={form.name}
        error={errors.name}
        help="How you call this peer. Two peers cannot share a name."
        maxLength={80}
        autoFocus
        onChange={(event) => connect.change({ name: event.target.value })}
      />
      {probe.agents.length > 0 ? (
        <div className="connect__pair">
          <PickField
            label="Agent"
            value={form.agentId ?? ''}
            error={errors.agent}
            options={probe.agents.map((agent) => ({
              value: agent.id,
              text: agent.isDefault ? `${agent.name} (default)` : agent.name,
            }))}
            onPick={(agentId) => connect.change({ agentId, sessionKey: null })}
          />
          <PickField
            label="Session"
            value={form.sessionKey ?? ''}
            options={[
              { value: '', text: 'One of our own per thread' },
              ...sessions.map((session) => ({ value: session.key, text: session.label })),
            ]}
            onPick={(key) => connect.change({ sessionKey: key === '' ? null : key })}
          />
        </div>
      ) : null}
    </div>
  );
}
