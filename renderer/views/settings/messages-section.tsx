import { useMirror } from '../../store/hooks.ts';
import { NumberRow } from './number-row.tsx';
import { useChangeSettings } from './use-change-settings.ts';

/** Limits, giving up, and how long messages are kept. */
export function MessagesSection() {
  const settings = useMirror((mirror) => mirror.settings);
  const change = useChangeSettings();
  return (
    <>
      <NumberRow
        label="Warn above"
        help="A message longer than this can be sent, with a warning."
        unit="bytes"
        value={settings.softLimitBytes}
        min={256}
        max={1_000_000}
        onChange={(softLimitBytes) => change({ softLimitBytes })}
      />
      <NumberRow
        label="Refuse above"
        help="A longer one is refused before anything is stored."
        unit="bytes"
        value={settings.hardLimitBytes}
        min={256}
        max={1_000_000}
        onChange={(hardLimitBytes) => change({ hardLimitBytes })}
      />
      <NumberRow
        label="Give up after"
        help="What could not be sent by then is shown as not sent."
        unit="hours"
        value={settings.giveUpHours}
        min={1}
        max={720}
        onChange={(giveUpHours) => change({ giveUpHours })}
      />
      <NumberRow
        label="Keep messages"
        help={
          settings.retentionDays === 0
            ? '0 keeps them for ever.'
            : 'Older ones are deleted from this machine. 0 keeps them for ever.'
        }
        unit="days"
        value={settings.retentionDays}
        min={0}
        max={3650}
        onChange={(retentionDays) => change({ retentionDays })}
      />
    </>
  );
}
