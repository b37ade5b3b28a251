import { useState } from 'react';
import type { CallInput } from '../../../electron/contract/index.ts';
import { useClient } from '../../store/hooks.ts';

/** What the practice peer can be told to do, as the call `practice.behave` takes it. */
export type Behaviour = CallInput<'practice.behave'>['behaviour'];

const options: readonly { readonly value: Behaviour; readonly text: string }[] = [
  { value: 'well', text: 'Answers well' },
  { value: 'slow', text: 'Answers slowly' },
  { value: 'fail_answers', text: 'Fails its answers' },
  { value: 'needs_approval', text: 'Asks for approval' },
  { value: 'refuse_token', text: 'Refuses the token' },
  { value: 'restart', text: 'Restarts' },
  { value: 'disconnect', text: 'Drops the connection' },
];

/** How the practice peer is to behave, as far as this window has told it. */
export function usePractice() {
  const client = useClient();
  const [behaviour, setBehaviour] = useState<Behaviour | null>(null);
  const behave = async (chosen: Behaviour) => {
    if (await client.act('practice.behave', { behaviour: chosen })) setBehaviour(chosen);
  };
  return { behaviour, options, behave: (chosen: Behaviour) => void behave(chosen) };
}
