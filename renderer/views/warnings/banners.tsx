import { ChevronRight, X } from 'lucide-react';
import { Fragment, type ReactNode, useId, useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { WarningView } from '../../../electron/contract/index.ts';
import { IconButton } from '../../components/button.tsx';
import { useClient, useMirror } from '../../store/hooks.ts';
import type { Mirror } from '../../store/mirror.ts';
import { RemedyButtons } from '../error-note.tsx';
import { Banner } from './banner.tsx';
import { PAUSED, PausedBanner } from './paused-banner.tsx';
import { keychainTrouble, SecretsBanner } from './secrets-banner.tsx';

interface Trouble {
  readonly key: string;
  readonly title: string;
  readonly urgent: boolean;
  readonly view: ReactNode;
}

/** So many stand whole; of more only the most urgent does. */
const MOST_WHOLE = 2;

/** What concerns the whole app and not one peer. A peer's own troubles stand at the peer. */
export function Banners() {
  const all = useTroubles();
  const rest = useId();
  const [whole, setWhole] = useState(false);
  const [first, ...others] = all;
  if (!first || all.length <= MOST_WHOLE)
    return (
      <div className="banners">
        {all.map(({ key, view }) => (
          <Fragment key={key}>{view}</Fragment>
        ))}
      </div>
    );
  return (
    <div className="banners">
      <Fragment key={first.key}>{first.view}</Fragment>
      <button
        type="button"
        className="banners__more"
        aria-expanded={whole}
        aria-controls={rest}
        onClick={() => setWhole(!whole)}
      >
        <ChevronRight aria-hidden="true" />
        <span className="clip">
          {whole
            ? 'Show only the most urgent'
            : `${others.length.toLocaleString()} more: ${others.map(({ title }) => title).join(', ')}`}
        </span>
      </button>
      <div id={rest} hidden={!whole}>
        {others.map(({ key, view }) => (
          <Fragment key={key}>{view}</Fragment>
        ))}
      </div>
    </div>
  );
}

/** All that is wrong now, the most urgent first. */
function useTroubles(): readonly Trouble[] {
  const connection = useMirror((mirror) => mirror.connection);
  const store = useMirror((mirror) => mirror.app?.storeNotice ?? null);
  const secrets = useMirror((mirror) => mirror.app?.secrets ?? null);
  const paused = useMirror((mirror) => mirror.settings.incomingPaused);
  const warnings = useMirror(
    useShallow((mirror) =>
      [...mirror.warnings.values()].filter((warning) => warning.peerId === null),
    ),
  );
  const keychain = secrets ? keychainTrouble(secrets) : null;
  const all: readonly (Trouble | null)[] = [
    connectionTrouble(connection),
    store && {
      key: 'store',
      title: store.title,
      urgent: true,
      view: (
        <Banner
          shape="needs_you"
          title={store.title}
          actions={<RemedyButtons remedy={store.remedy} />}
        >
          {store.detail} {store.remedy?.text}
        </Banner>
      ),
    },
    keychain === null
      ? null
      : { key: 'secrets', title: keychain, urgent: true, view: <SecretsBanner /> },
    paused ? { key: 'paused', title: PAUSED, urgent: false, view: <PausedBanner /> } : null,
    ...warnings.filter(hasNoBannerOfItsOwn).map((warning) => ({
      key: warning.id,
      title: warning.title,
      urgent: warning.severity === 'problem',
      view: <WarningBanner warning={warning} />,
    })),
  ];
  return all.filter((one) => one !== null).toSorted((a, b) => Number(b.urgent) - Number(a.urgent));
}

/** Without the app nothing else that is said here is sure: it stands first. */
function connectionTrouble(connection: Mirror['connection']): Trouble | null {
  switch (connection.kind) {
    case 'lost':
      return {
        key: 'connection',
        title: 'The window lost the app',
        urgent: true,
        view: (
          <Banner shape="partial" title="The window lost the app">
            It connects again by itself. What you see is as it was.
          </Banner>
        ),
      };
    case 'refused':
      return {
        key: 'connection',
        title: connection.error.title,
        urgent: true,
        view: (
          <Banner shape="needs_you" title={connection.error.title}>
            {connection.error.detail} What you see is as it was.
          </Banner>
        ),
      };
    case 'connecting':
    case 'ready':
      return null;
  }
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
