import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { useClient, useMirror } from '../../store/hooks.ts';
import { counted } from '../../words/count.ts';
import { Banner } from './banner.tsx';

/** What the banner is called. */
export const PAUSED = 'Incoming work is paused';

/** Says that nobody's work is taken in, for as long as that is so, and ends it. */
export function PausedBanner() {
  const client = useClient();
  const paused = useMirror((mirror) => mirror.settings.incomingPaused);
  const running = useMirror((mirror) => mirror.app?.reception.running ?? 0);
  const [busy, setBusy] = useState(false);
  const [stopping, setStopping] = useState(false);
  if (!paused) return null;
  const resume = async () => {
    setBusy(true);
    await client.act('settings.update', { changes: { incomingPaused: false } });
    setBusy(false);
  };
  const stopAll = async () => {
    setStopping(true);
    const done = await client.act('delegation.stopAll', {});
    setStopping(false);
    if (done && done.left > 0) {
      client.toasts.say(
        `${counted(done.left, 'task')} could not be stopped: the gateway did not answer`,
      );
    }
  };
  return (
    <Banner
      shape="partial"
      title={PAUSED}
      actions={
        <>
          {running > 0 ? (
            <Button size="small" busy={stopping} onClick={() => void stopAll()}>
              Stop what runs
            </Button>
          ) : null}
          <Button size="small" busy={busy} onClick={() => void resume()}>
            Resume
          </Button>
        </>
      }
    >
      Others are told so. What you send goes on.
      {running > 0
        ? ` ${counted(running, 'task')} of others ${running === 1 ? 'is' : 'are'} still with your agents.`
        : null}
    </Banner>
  );
}
