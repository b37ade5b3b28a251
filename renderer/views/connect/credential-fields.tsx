import { TextField } from '../../components/field.tsx';
import { Segments } from '../../components/segments.tsx';
import type { ConnectForm } from './use-connect.ts';

interface CredentialFieldsProps {
  kind: ConnectForm['kind'];
  secret: string;
  error: string | undefined;
  /** An A2A agent takes a token, and no password. */
  ofAgent?: boolean;
  onChange: (changes: Pick<ConnectForm, 'kind'> | Pick<ConnectForm, 'secret'>) => void;
}

const kinds = [
  { value: 'token', text: 'Token' },
  { value: 'password', text: 'Password' },
  { value: 'none', text: 'None' },
] as const;

/** How one proves oneself to the gateway. What is typed goes to the keychain and never comes back. */
export function CredentialFields(props: CredentialFieldsProps) {
  const { kind, secret, error, ofAgent = false, onChange } = props;
  const place = ofAgent ? 'agent' : 'gateway';
  return (
    <div className="credential">
      <Segments
        label="Kind of proof"
        value={kind}
        options={ofAgent ? kinds.filter(({ value }) => value !== 'password') : kinds}
        onChange={(chosen) => onChange({ kind: chosen })}
      />
      {kind === 'none' ? (
        <p className="credential__none">
          Only for {ofAgent ? 'an agent' : 'a gateway'} that asks for nothing. Whoever reaches such{' '}
          {ofAgent ? 'an agent can give it work' : 'a gateway can command its agents'}.
        </p>
      ) : (
        <TextField
          label={kind === 'token' ? 'Token' : 'Password'}
          type="password"
          value={secret}
          error={error}
          help={`Kept in the keychain of this machine, and sent to this ${place} only.`}
          autoComplete="off"
          onChange={(event) => onChange({ secret: event.target.value })}
        />
      )}
    </div>
  );
}
