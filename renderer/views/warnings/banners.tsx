import { X } from 'lucide-react';
import { useShallow } from 'zustand/react/shallow';
import type { WarningView } from '../../../electron/contract/index.ts';
import { IconButton } from '../../components/button.tsx';
import { useClient, useMirror } from '../../store/hooks.ts';
import { RemedyButtons } from '../error-note.tsx';
import { Banner } from './banner.tsx';
import { PausedBanner } from './paused-banner.tsx';
import { SecretsBanner } from './secrets-banner.tsx';

/** What concerns the whole app and not one peer. A peer's own troubles stand at the peer. */
export function Banners() {
  const connection = useMirror((mirror) => mirror.connection);
  const store = useMirror((mirror) => mirror.app?.storeNotice ?? null);
  const warnings = useMirror(
    useShallow((mirror) =>
      [...mirror.warnings.values()].filter((warning) => warning.peerId === null),
    ),
  );
  return (
    <div className="banners">
      {connection.kind === 'lost' ? (
        <Banner shape="partial" title="The window lost the app">
          It connects again by itself. What you see is as it was.
        </Banner>
      ) : null}
      {connection.kind === 'refused' ? (
        <Banner shape="needs_you" title={connection.error.title}>
          {connection.error.detail} What you see is as it was.
        </Banner>
      ) : null}
      {store ? (
        <Banner
          shape="needs_you"
          title={store.title}
          actions={<RemedyButtons remedy={store.remedy} />}
        >
          {store.detail} {store.remedy?.text}
        </Banner>
      ) : null}
      <SecretsBanner />
      <PausedBanner />
      {warnings.filter(hasNoBannerOfItsOwn).map((warning) => (
        <WarningBanner key={warning.id} warning={warning} />
      ))}
    </div>
  );
}

/** The keychain and the store have banners of their own, with more to say. */
const hasNoBannerOfItsOwn = (warning: WarningView): boolean =>
  !warning.code.startsWith('secrets.') && !warning.code.startsWith('store.');

function WarningBanner({ warning }: { warning: WarningView }) {
  const client = useClient();
  const dismiss = () => void client.act('warning.dismiss', { warningId: warning.id });
  return (
    <Banner
      shape={warning.severity === 'problem' ? 'needs_you' : 'partial'}
      title={warning.title}
      actions={
        <>
          <RemedyButtons remedy={warning.remedy} />
          <IconButton icon={X} size="small" label="Dismiss" onClick={dismiss} />
        </>
      }
    >
      {warning.detail}
    </Banner>
  );
}
