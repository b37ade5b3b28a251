import { useEffect, useRef, useState } from 'react';
import {
  type AppError,
  type CredentialInput,
  calls,
  type LinkInput,
  type ProbeResult,
} from '../../../electron/contract/index.ts';
import { useClient } from '../../store/hooks.ts';
import { type FieldErrors, fieldErrors, fieldOf, fieldWords } from './field-errors.ts';

/** The form of a new link as it is filled in: nothing of it is checked or stored yet. */
export interface ConnectForm {
  /** What stands at the address. */
  readonly way: 'gateway' | 'a2a';
  readonly url: string;
  readonly kind: 'token' | 'password' | 'none';
  readonly secret: string;
  readonly name: string;
  readonly agentId: string | null;
  readonly sessionKey: string | null;
}

/** What can answer at an address, as a person chooses it. */
export const WAYS = [
  { value: 'gateway', text: 'OpenClaw gateway' },
  { value: 'a2a', text: 'A2A agent' },
] as const;

const EMPTY: ConnectForm = {
  way: 'gateway',
  url: '',
  kind: 'token',
  secret: '',
  name: '',
  agentId: null,
  sessionKey: null,
};

/** How long an approval over there is waited for, between two looks. */
const LOOK_AGAIN_MS = 4_000;

/** The credential of a form, as the contract wants it. */
export const credentialOf = (form: Pick<ConnectForm, 'kind' | 'secret'>): CredentialInput =>
  form.kind === 'none' ? { kind: 'none' } : { kind: form.kind, value: form.secret.trim() };

/** True where a peer can be made of what was found. */
export const canAdd = (probe: ProbeResult | null): boolean =>
  probe !== null &&
  (probe.state.kind === 'online' ||
    probe.state.kind === 'degraded' ||
    probe.state.kind === 'needs_approval');

/** The dialog's course: fill in, check, choose, add. */
export function useConnect(onAdded: () => void, url: string) {
  const client = useClient();
  const [form, setForm] = useState({ ...EMPTY, url });
  const [errors, setErrors] = useState<FieldErrors>({});
  const [failure, setFailure] = useState<AppError | null>(null);
  const [probe, setProbe] = useState<ProbeResult | null>(null);
  const [busy, setBusy] = useState<'checking' | 'adding' | null>(null);
  const [looks, setLooks] = useState(0);
  /** Counts what is asked for: an answer about another address or proof is thrown away. */
  const asked = useRef(0);

  const change = (changes: Partial<ConnectForm>) => {
    setForm((before) => ({ ...before, ...changes }));
    setErrors({});
    if ('way' in changes || 'url' in changes || 'secret' in changes || 'kind' in changes) {
      asked.current += 1;
      setProbe(null);
      setFailure(null);
    }
  };

  const refuse = (error: AppError) => {
    const field = fieldOf(error);
    if (field) setErrors({ [field]: fieldWords(error) });
    else setFailure(error);
  };

  const look = async (): Promise<ProbeResult | null> => {
    const input = { kind: form.way, url: form.url, credential: credentialOf(form) };
    const parsed = calls['link.probe'].input.safeParse(input);
    if (!parsed.success) {
      setErrors(fieldErrors(parsed.error));
      return null;
    }
    const turn = asked.current;
    const result = await client.call('link.probe', input);
    if (turn !== asked.current) return null;
    if (result.ok) return result.value;
    refuse(result.error);
    return null;
  };

  const take = (found: ProbeResult | null) => {
    setProbe(found);
    if (!found) return;
    if (found.error) {
      const field = fieldOf(found.error);
      if (field) setErrors({ [field]: fieldWords(found.error) });
    }
    setForm((before) => ({
      ...before,
      name: before.name === '' ? suggestedName(found) : before.name,
      agentId: before.agentId ?? found.agents.find((agent) => agent.isDefault)?.id ?? null,
    }));
  };

  const check = async () => {
    setErrors({});
    setFailure(null);
    setProbe(null);
    setBusy('checking');
    take(await look());
    setBusy(null);
  };

  const waiting = probe?.state.kind === 'needs_approval' && busy === null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each look starts the next timer
  useEffect(() => {
    if (!waiting) return;
    let wanted = true;
    const timer = setTimeout(() => {
      void look().then((found) => {
        if (!wanted) return;
        // One look that failed on the way says so, and the next one follows all the same.
        if (found && !passing(found)) {
          setFailure(null);
          take(found);
        } else if (found?.error) setFailure(found.error);
        setLooks((count) => count + 1);
      });
    }, LOOK_AGAIN_MS);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [waiting, probe, looks]);

  const add = async () => {
    const url = probe?.url ?? form.url;
    const credential = credentialOf(form);
    const { agentId, sessionKey } = form;
    const link: LinkInput =
      form.way === 'a2a' && credential.kind !== 'password'
        ? { kind: 'a2a', url, credential }
        : { kind: 'gateway', url, credential, agentId, sessionKey };
    const input = { name: form.name, link };
    const parsed = calls['peer.add'].input.safeParse(input);
    if (!parsed.success) return setErrors(fieldErrors(parsed.error));
    setBusy('adding');
    setFailure(null);
    const result = await client.call('peer.add', input);
    setBusy(null);
    if (!result.ok) return refuse(result.error);
    onAdded();
    await client.navigation.openPeer(result.value.peerId);
  };

  return { form, errors, failure, probe, busy, waiting, change, check, add };
}

/** True for what says nothing about the approval: the gateway was not reached this time. */
const passing = (found: ProbeResult): boolean =>
  found.state.kind === 'offline' ||
  found.state.kind === 'starting' ||
  found.state.kind === 'restarting' ||
  found.state.kind === 'rate_limited';

function suggestedName(found: ProbeResult): string {
  if (found.card) return found.card.name;
  try {
    const { hostname } = new URL(found.url);
    return /^[\d.:[\]]+$/.test(hostname) ? '' : (hostname.split('.')[0] ?? '');
  } catch {
    return '';
  }
}
