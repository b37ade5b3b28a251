import { useState } from 'react';
import type { TailnetJoinInput } from '../../../electron/contract/index.ts';
import { useClient } from '../../store/hooks.ts';
import { ask } from './ask.ts';
import type { Work } from './use-work.ts';

/** How to join, as typed. The key is forgotten as soon as it was given to the app. */
export interface Join {
  readonly by: TailnetJoinInput['kind'];
  readonly authKey: string;
  readonly loginServer: string;
  readonly verb: string;
  change(changes: Partial<Pick<Join, 'by' | 'authKey' | 'loginServer'>>): void;
  begin(): void;
}

/** The form of joining. */
export function useJoin(work: Work, again: () => void): Join {
  const client = useClient();
  const [form, setForm] = useState({ by: 'browser' as Join['by'], authKey: '', loginServer: '' });
  const begin = () => {
    const by: TailnetJoinInput =
      form.by === 'browser' ? { kind: 'browser' } : { kind: 'auth_key', value: form.authKey };
    const loginServer = form.loginServer.trim() || null;
    void work
      .run('join', () => ask(client, 'tailnet.join', { by, loginServer }))
      .then((begun) => {
        if (begun) setForm((now) => ({ ...now, authKey: '' }));
        again();
      });
  };
  return {
    ...form,
    verb: form.by === 'browser' ? 'Get a login link' : 'Join with this key',
    change: (changes) => {
      work.forget();
      setForm((now) => ({ ...now, ...changes }));
    },
    begin,
  };
}
