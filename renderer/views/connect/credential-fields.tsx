import { TextField } from '../../components/field.tsx';
import { Segments } from '../../components/segments.tsx';
import type { ConnectForm } from './use-connect.ts';

interface CredentialFieldsProps {
  kind: ConnectForm['kind'];
  secret: string;
  error: string | undefined;
  onChange: (changes: Pick<ConnectForm, 'kind'> | Pick<ConnectForm, 'secret'>) => void;
}

const kinds = [
  { value: 'token', text: 'Token' },
  { value: 'password', text: 'Password' },
  { value: 'none', text: 'None' },
] as const;

/** How one proves oneself to the gateway. What is typed goes to the keychain and never comes back. */
export function CredentialFields({ kind, secret, error, onChange }: CredentialFieldsProps) {
  return (
    <div className="credential">
      <Segments
        label="Kind of proof"
        value={kind}
        options={kinds}
        onChange={(chosen) => onChange({ kind: chosen })}
      />
      {kind === 'none' ? (
        <p className="credential__none">
          Only for a gateway that asks for nothing. Whoever reaches such a gateway can command its
          agents.
        </p>
      ) : (
        <TextField
          label={kind === 'token' ? 'Token' : 'Password'}
          type="password"
          value={secret}
          error={error}
          help="Kept in the keychain of this machine, and sent to this gateway only."
          autoComplete="off"
          onChange={(event) => onChange({ secret: event.target.value })}
        />
      )}
    </div>
  );
}
