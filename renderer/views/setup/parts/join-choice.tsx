import { TextField } from '../../../components/field.tsx';
import { Segments } from '../../../components/segments.tsx';
import type { Join } from '../use-join.ts';

const ways = [
  { value: 'browser', text: 'In the browser' },
  { value: 'auth_key', text: 'With an auth key' },
] as const;

/** Join by a login in the browser, or by a key that an admin of the tailnet made. */
export function JoinChoice({ join }: { join: Join }) {
  return (
    <div className="join">
      <Segments
        label="How to join"
        value={join.by}
        options={ways}
        onChange={(by) => join.change({ by })}
      />
      {join.by === 'auth_key' ? (
        <TextField
          label="Auth key"
          type="password"
          value={join.authKey}
          placeholder="tskey-auth-…"
          help="Make one that is one-off, tagged and short-lived. It goes to Tailscale through a private file that is deleted at once, and is not kept. API keys and OAuth secrets are refused: they can do far more than join."
          onChange={(event) => join.change({ authKey: event.target.value })}
        />
      ) : (
        <p className="hint-text">
          Tailscale gives a link. Open it here, or scan it with a phone that is logged in already.
        </p>
      )}
      <details className="more">
        <summary>Advanced</summary>
        <TextField
          label="Login server"
          value={join.loginServer}
          optional
          placeholder="https://headscale.example.org"
          help="Only for a control server of your own, such as headscale. Empty means Tailscale’s."
          inputMode="url"
          onChange={(event) => join.change({ loginServer: event.target.value })}
        />
      </details>
    </div>
  );
}
