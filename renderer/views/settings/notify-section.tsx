import { SwitchRow } from '../../components/switch-row.tsx';
import { useMirror } from '../../store/hooks.ts';
import { useChangeSettings } from './use-change-settings.ts';

/** What may come in, when the app may speak up, and when it starts. */
export function NotifySection() {
  const settings = useMirror((mirror) => mirror.settings);
  const desktop = useMirror((mirror) => mirror.app?.shell === 'desktop');
  const change = useChangeSettings();
  return (
    <>
      <SwitchRow
        label="Pause incoming"
        help="Takes no work in from others until you switch it off. What you send, and its answers, go on."
        checked={settings.incomingPaused}
        onChange={(incomingPaused) => change({ incomingPaused })}
      />
      <SwitchRow
        label="Notifications"
        help="For an incoming message, and for trouble that needs you. Quiet about what is in front of you."
        checked={settings.notifications}
        onChange={(notifications) => change({ notifications })}
      />
      <SwitchRow
        label="Open at login"
        help={desktop ? 'Starts in the tray, without a window.' : 'Only with the desktop app.'}
        checked={settings.openAtLogin}
        disabled={!desktop}
        onChange={(openAtLogin) => change({ openAtLogin })}
      />
    </>
  );
}
