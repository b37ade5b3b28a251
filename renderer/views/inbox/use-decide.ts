import { useRef, useState } from 'react';
import type { DelegationView } from '../../../electron/contract/index.ts';
import { useClient } from '../../store/hooks.ts';
import { ask } from '../setup/ask.ts';
import { useWork, type Work } from '../setup/use-work.ts';
import { useKept } from './use-kept.ts';

/** An answer that takes a text. */
export type Answer = 'edit' | 'ask' | 'decline';

/** What the person is doing about one delegation. */
export interface Deciding {
  readonly work: Work;
  /** The form that is open; null = none. */
  readonly mode: Answer | 'later' | null;
  readonly text: string;
  /** It was opened just now, and not kept from before: then it takes the focus. */
  readonly isFresh: boolean;
  /** To whom it goes; null = the usual one. */
  readonly agentId: string | null;
  pick(agentId: string | null): void;
  open(mode: Answer | 'later'): void;
  back(): void;
  write(text: string): void;
  accept(): void;
  send(answer: Answer): void;
  /** Puts it off until then (ms since the epoch); null brings it back. */
  snooze(until: number | null): void;
}

interface Written {
  readonly mode: Answer | null;
  readonly text: string;
}

const NOTHING: Written = { mode: null, text: '' };

/** The course of deciding about a delegation that waits. */
export function useDecide({ id: delegationId }: Pick<DelegationView, 'id'>): Deciding {
  const client = useClient();
  const work = useWork();
  const [{ mode: written, text }, write] = useKept(`decide:${delegationId}`, NOTHING);
  const [later, setLater] = useState(false);
  const opened = useRef(false);
  const mode = later ? 'later' : written;
  const [agentId, setAgentId] = useState<string | null>(null);
  const to = agentId === null ? {} : { agentId };
  const show = (next: Deciding['mode'], words: string) => {
    work.forget();
    opened.current = next !== null;
    setLater(next === 'later');
    write(() => (next === null || next === 'later' ? NOTHING : { mode: next, text: words }));
  };
  const open = async (next: Answer | 'later') => {
    if (next !== 'edit') return show(next, '');
    // The card may hold only the beginning.
    const whole = await work.run('read', () => ask(client, 'delegation.open', { delegationId }));
    if (whole) show('edit', whole.text);
  };
  const send = async (answer: Answer) => {
    const done = await work.run<unknown>(answer, () => {
      switch (answer) {
        case 'edit':
          return ask(client, 'delegation.accept', { delegationId, text, ...to });
        case 'ask':
          return ask(client, 'delegation.askBack', { delegationId, text });
        case 'decline':
          return ask(client, 'delegation.decline', { delegationId, reason: text });
      }
    });
    if (done !== null) write(() => NOTHING);
  };
  const snooze = async (until: number | null) => {
    const call = () => ask(client, 'delegation.snooze', { delegationId, until });
    if ((await work.run('snooze', call)) !== null) setLater(false);
  };
  return {
    work,
    mode,
    text,
    isFresh: opened.current,
    agentId,
    pick: setAgentId,
    open: (next) => void open(next),
    back: () => show(null, ''),
    write: (typed) => write((now) => ({ ...now, text: typed })),
    accept: () =>
      void work.run('accept', () => ask(client, 'delegation.accept', { delegationId, ...to })),
    send: (answer) => void send(answer),
    snooze: (until) => void snooze(until),
  };
}
