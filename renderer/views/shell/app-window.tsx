import { HintProvider } from '../../components/hint.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useMirror } from '../../store/hooks.ts';
import { Banners } from '../warnings/banners.tsx';
import { Dialogs } from './dialogs.tsx';
import { Panes } from './panes.tsx';
import { Refused } from './refused.tsx';
import { ToastList } from './toast-list.tsx';
import { useKeys } from './use-keys.ts';
import { useLook } from './use-look.ts';
import { useStrayDrops } from './use-stray-drops.ts';
import { useVisibility } from './use-visibility.ts';
import './shell.css';

/** The whole window. */
export function AppWindow() {
  const loaded = useMirror((mirror) => mirror.app !== null);
  const refused = useMirror((mirror) =>
    mirror.connection.kind === 'refused' ? mirror.connection.error : null,
  );
  useLook();
  useKeys();
  useVisibility();
  useStrayDrops();
  if (refused && !loaded) return <Refused error={refused} />;
  if (!loaded) {
    return (
      <main>
        <Skeleton rows={6} label="Loading" />
      </main>
    );
  }
  return (
    <HintProvider delayDuration={500}>
      <div className="window">
        <header className="unseen">
          <h1>Peerage</h1>
        </header>
        <Banners />
        <Panes />
      </div>
      <Dialogs />
      <ToastList />
    </HintProvider>
  );
}
