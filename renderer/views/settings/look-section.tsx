import { useMirror } from '../../store/hooks.ts';
import { ChoiceRow } from './choice-row.tsx';
import { useChangeSettings } from './use-change-settings.ts';

/** Theme, contrast and density. */
export function LookSection() {
  const settings = useMirror((mirror) => mirror.settings);
  const change = useChangeSettings();
  return (
    <>
      <ChoiceRow
        label="Theme"
        value={settings.theme}
        options={[
          { value: 'system', text: 'System' },
          { value: 'light', text: 'Light' },
          { value: 'dark', text: 'Dark' },
        ]}
        onChange={(theme) => change({ theme })}
      />
      <ChoiceRow
        label="Contrast"
        value={settings.contrast}
        options={[
          { value: 'system', text: 'System' },
          { value: 'normal', text: 'Normal' },
          { value: 'high', text: 'High' },
        ]}
        onChange={(contrast) => change({ contrast })}
      />
      <ChoiceRow
        label="Density"
        help="Compact shows more peers at once."
        value={settings.density}
        options={[
          { value: 'comfortable', text: 'Comfortable' },
          { value: 'compact', text: 'Compact' },
        ]}
        onChange={(density) => change({ density })}
      />
    </>
  );
}
