import type { z } from 'zod';
import type { OutgoingMessageView } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { Callout } from '../../components/callout.tsx';
import { useClient } from '../../store/hooks.ts';
import { HookRunNote } from './hook-run.tsx';
import { useHook } from './use-hook.ts';

/** Below a message that the hook has: how that went, and the way back to the link, said plainly. */
export default function HandedToHook({
  message,
}: {
  message: z.infer<typeof OutgoingMessageView>;
}) {
  const client = useClient();
  const messageId = message.id;
  const { found } = useHook(messageId, message.error?.code ?? '');
  const [last] = found?.runs ?? [];
  return (
    <div className="message__note">
      <Callout
        tone={message.error ? 'warning' : 'info'}
        title={message.error?.title ?? 'Your fallback hook has it'}
        actions={
          <Button size="small" onClick={() => void client.act('message.retry', { messageId })}>
            Send it over the link too
          </Button>
        }
      >
        {message.error ? <p>{message.error.detail}</p> : null}
        {last ? <HookRunNote run={last} /> : null}
        <p>No link sends it unless you say so: then it may be done twice.</p>
      </Callout>
    </div>
  );
}
