import { useState } from 'react';
import type { SecretsStatus, SecretsView } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { useClient, useMirror } from '../../store/hooks.ts';
import { Banner } from './banner.tsx';

type SecretsCall = 'secrets.unlock' | 'secrets.useSession' | 'secrets.recheck';

/** What can be done in each state of the keychain; empty where nothing is wrong. */
const offers: Readonly<Record<SecretsStatus, readonly SecretsCall[]>> = {
  available: [],
  checking: [],
  session_only: [],
  read_only_folder: [],
  locked: ['secrets.unlock', 'secrets.useSession'],
  no_service: ['secrets.useSession', 'secrets.recheck'],
  no_bus: ['secrets.useSession', 'secrets.recheck'],
  denied: ['secrets.recheck', 'secrets.useSession'],
  hung: ['secrets.recheck', 'secrets.useSession'],
  broken: ['secrets.recheck', 'secrets.useSession'],
  folder_unsafe: ['secrets.recheck', 'secrets.useSession'],
};

const words: Readonly<Record<SecretsCall, string>> = {
  'secrets.unlock': 'Unlock',
  'secrets.useSession': 'Use for this session',
  'secrets.recheck': 'Check again',
};

/** What is wrong with the keychain, in a few words; null where nothing is that the person could mend. */
export const keychainTrouble = ({
  status,
  error,
}: Pick<SecretsView, 'status' | 'error'>): string | null =>
  offers[status].length === 0 ? null : (error?.title ?? 'The keychain cannot be used now');

/** Says that the keychain cannot be used now, and offers the ways out. Never a file. */
export function SecretsBanner() {
  const client = useClient();
  const secrets = useMirror((mirror) => mirror.app?.secrets);
  const [busy, setBusy] = useState<SecretsCall | null>(null);
  if (!secrets || !keychainTrouble(secrets)) return null;
  const act = async (call: SecretsCall) => {
    setBusy(call);
    await client.act(call, {});
    setBusy(null);
  };
  return (
    <Banner
      shape="needs_you"
      title={keychainTrouble(secrets) ?? ''}
      actions={offers[secrets.status].map((call) => (
        <Button key={call} size="small" busy={busy === call} onClick={() => void act(call)}>
          {words[call]}
        </Button>
      ))}
    >
      {secrets.error?.remedy?.text ?? 'Peers whose token is kept there wait until then.'}
    </Banner>
  );
}
