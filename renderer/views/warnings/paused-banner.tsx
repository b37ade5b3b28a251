import { useState } from 'react';
import { Button } from '../../components/button.tsx';
import { useClient, useMirror } from '../../store/hooks.ts';
import { Banner } from './banner.tsx';

/** Says that nobody's work is taken in, for as long as that is so, and ends it. */
export function PausedBanner() {
  const client = useClient();
  const paused = useMirror((mirror) => mirror.settings.incomingPaused);
  const [busy, setBusy] = useState(false);
  if (!paused) return null;
  const resume = async () => {
    setBusy(true);
    await client.act('settings.update', { changes: { incomingPaused: false } });
    setBusy(false);
  };
  return (
    <Banner
      shape="partial"
      title="Incoming work is paused"
      actions={
        <Button size="small" busy={busy} onClick={() => void resume()}>
          Resume
        </Button>
      }
    >
      Others are told so. What you send goes on.
    </Banner>
  );
}
