import { Tabs } from 'radix-ui';
import { type ReactNode, Suspense } from 'react';
import { Dialog } from '../../components/dialog.tsx';
import { part } from '../../components/part.tsx';
import { AboutSection } from './about-section.tsx';
import { AgentsSection } from './agents-section.tsx';
import { LookSection } from './look-section.tsx';
import { MessagesSection } from './messages-section.tsx';
import { NotifySection } from './notify-section.tsx';
import { PeersSection } from './peers-section.tsx';
import { SecretsSection } from './secrets-section.tsx';
import { UpdatesSection } from './updates-section.tsx';
import './settings.css';

const FallbackSection = part(() => import('../hook/fallback-section.tsx'));

const sections: readonly {
  readonly id: string;
  readonly title: string;
  readonly view: ReactNode;
}[] = [
  { id: 'look', title: 'Look', view: <LookSection /> },
  { id: 'messages', title: 'Messages', view: <MessagesSection /> },
  { id: 'notices', title: 'Notices', view: <NotifySection /> },
  {
    id: 'fallback',
    title: 'Fallback',
    view: (
      <Suspense fallback={null}>
        <FallbackSection />
      </Suspense>
    ),
  },
  { id: 'peers', title: 'Peers', view: <PeersSection /> },
  { id: 'agents', title: 'Agents', view: <AgentsSection /> },
  { id: 'secrets', title: 'Secrets', view: <SecretsSection /> },
  { id: 'updates', title: 'Updates', view: <UpdatesSection /> },
  { id: 'about', title: 'About', view: <AboutSection /> },
];

/** Settings. Each takes effect at once; there is nothing to save. */
export function SettingsDialog({ section, onClose }: { section: string; onClose: () => void }) {
  const first = sections.some((one) => one.id === section) ? section : 'look';
  return (
    <Dialog title="Settings" width="wide" onClose={onClose}>
      <Tabs.Root className="settings" defaultValue={first} orientation="vertical">
        <Tabs.List className="settings__list" aria-label="Settings">
          {sections.map((one) => (
            <Tabs.Trigger key={one.id} value={one.id} className="settings__tab">
              {one.title}
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {sections.map((one) => (
          <Tabs.Content key={one.id} value={one.id} className="settings__page">
            {one.view}
          </Tabs.Content>
        ))}
      </Tabs.Root>
    </Dialog>
  );
}
