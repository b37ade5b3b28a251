import type { InstallWay } from '../../../../electron/contract/index.ts';
import { Button } from '../../../components/button.tsx';
import { CopyField } from '../../../components/copy-field.tsx';
import { useClient } from '../../../store/hooks.ts';
import { openOutside } from '../open-outside.ts';

/** How to install Tailscale. Commands are shown and copied; Peerage runs none of them. */
export function InstallWays({ ways }: { ways: readonly InstallWay[] }) {
  const client = useClient();
  if (ways.length === 0) return null;
  return (
    <div className="ways">
      <h3>Install it in one of these ways</h3>
      {ways.map((way) => (
        <div key={way.label} className="ways__one">
          {way.command ? (
            <CopyField
              label={way.label}
              text={way.command}
              onCopy={(text) => void client.copy(text)}
            />
          ) : null}
          {way.url ? (
            <Button size="small" onClick={() => openOutside(way.url ?? '')}>
              {way.command ? 'Read how' : way.label}
            </Button>
          ) : null}
        </div>
      ))}
      <p className="hint-text">
        Peerage does not install it for you: installing asks for administrator rights, and you
        should see what gets them.
      </p>
    </div>
  );
}
