import { ChevronLeft, X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { Suspense } from 'react';
import type { PeerId } from '../../../electron/contract/index.ts';
import { IconButton } from '../../components/button.tsx';
import { layers } from '../../components/layers.ts';
import { part } from '../../components/part.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useClient, useDetail, useUi } from '../../store/hooks.ts';
import { PolicySection } from '../policy/policy-section.tsx';
import { focusPane, PANE_IDS } from '../shell/use-keys.ts';
import { LinkSection } from './link-section.tsx';
import { PeerSection } from './peer-section.tsx';
import './details.css';

const PeerRule = part(() => import('../agents/peer-rule.tsx'));

/** The right pane: how the peer is reached, and what is known of it. */
export function DetailsPane({ back = false }: { back?: boolean }) {
  const client = useClient();
  const peerId = useUi((ui) => ui.peerId);
  return (
    <aside className="pane details" id={PANE_IDS.details} aria-label="Details">
      <header className="bar details__bar">
        {back ? (
          <IconButton
            icon={ChevronLeft}
            label="Back to the conversation"
            onClick={() => focusPane(client, 'thread')}
          />
        ) : null}
        <h2 className="bar__title">Details</h2>
      </header>
      {peerId ? <DetailsContent peerId={peerId} /> : null}
    </aside>
  );
}

/** The same as a drawer over the thread, where there is no room beside it. */
export function DetailsDrawer() {
  const client = useClient();
  const peerId = useUi((ui) => ui.peerId);
  const close = () => client.ui.setState({ drawerOpen: false, pane: 'thread' });
  return (
    <Radix.Root open onOpenChange={(open) => !open && close()}>
      <Radix.Portal container={layers()}>
        <Radix.Overlay className="dialog-shade" />
        <Radix.Content
          className="details details--drawer"
          id={PANE_IDS.details}
          aria-describedby={undefined}
          onOpenAutoFocus={focusDrawer}
        >
          <header className="bar details__bar">
            <Radix.Title className="bar__title">Details</Radix.Title>
            <span className="bar__gap" />
            <Radix.Close asChild>
              <IconButton icon={X} label="Close details" size="small" />
            </Radix.Close>
          </header>
          {peerId ? <DetailsContent peerId={peerId} /> : null}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** The drawer itself, so that no hint of its first button covers it. */
function focusDrawer(event: Event): void {
  if (!(event.currentTarget instanceof HTMLElement)) return;
  event.preventDefault();
  event.currentTarget.focus();
}

function DetailsContent({ peerId }: { peerId: PeerId }) {
  const detail = useDetail(peerId);
  if (!detail) return <Skeleton rows={6} label="Loading details" />;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must take the keys
    <div className="details__scroll" tabIndex={0}>
      {detail.links.map((link) => (
        <LinkSection key={link.id} link={link} />
      ))}
      {detail.own || detail.practice ? null : <PolicySection key={peerId} detail={detail} />}
      <PeerSection detail={detail} />
      <Suspense>
        <PeerRule key={peerId} peerId={peerId} />
      </Suspense>
    </div>
  );
}
