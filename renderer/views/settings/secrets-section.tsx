import type { SecretsStatus } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { Callout, type Tone } from '../../components/callout.tsx';
import { useClient, useMirror } from '../../store/hooks.ts';

const words: Readonly<Record<SecretsStatus, { tone: Tone; title: string; text: string }>> = {
  available: {
    tone: 'good',
    title: 'The keychain is in use',
    text: 'Tokens and the key of this device are kept in the keychain of this machine.',
  },
  locked: {
    tone: 'problem',
    title: 'The keychain is locked',
    text: 'Unlock it, and the peers that wait for it connect by themselves.',
  },
  no_service: {
    tone: 'problem',
    title: 'No keychain service runs here',
    text: 'Install one (gnome-keyring, KWallet), or keep secrets for this session only.',
  },
  no_bus: {
    tone: 'problem',
    title: 'There is no D-Bus session',
    text: 'Without one, no keychain can be reached.',
  },
  denied: {
    tone: 'problem',
    title: 'The keychain refused access',
    text: 'Allow Peerage in its prompt, then check again.',
  },
  hung: {
    tone: 'problem',
    title: 'The keychain does not answer',
    text: 'A prompt may stand behind other windows.',
  },
  broken: {
    tone: 'problem',
    title: 'The keychain cannot be used',
    text: 'It answers, but not as a keychain should. See the reason above the window.',
  },
  folder_unsafe: {
    tone: 'problem',
    title: 'Others can read the secrets folder',
    text: 'Take the rights of group and others away from it, then start Peerage again.',
  },
  session_only: {
    tone: 'warning',
    title: 'For this session only',
    text: 'Secrets are kept in memory. They are gone when Peerage stops, and must be entered again.',
  },
  read_only_folder: {
    tone: 'info',
    title: 'From a read-only folder',
    text: 'Secrets are read from the folder that was given at the start. Peerage never writes there.',
  },
  checking: { tone: 'info', title: 'Looking at the keychain', text: 'This takes a few seconds.' },
};

/** Where secrets are kept, and what can be done where they cannot be. */
export function SecretsSection() {
  const client = useClient();
  const status = useMirror((mirror) => mirror.app?.secrets.status ?? 'checking');
  const { tone, title, text } = words[status];
  const locked = status === 'locked';
  const unusable = tone === 'problem';
  return (
    <>
      <Callout
        tone={tone}
        title={title}
        actions={
          <>
            {locked ? (
              <Button size="small" onClick={() => void client.act('secrets.unlock', {})}>
                Unlock
              </Button>
            ) : null}
            {unusable ? (
              <Button size="small" onClick={() => void client.act('secrets.useSession', {})}>
                Use for this session
              </Button>
            ) : null}
            <Button
              size="small"
              look="quiet"
              onClick={() => void client.act('secrets.recheck', {})}
            >
              Check again
            </Button>
          </>
        }
      >
        <p>{text}</p>
      </Callout>
      <p className="setting__help">
        Peerage never writes a secret into a file. Messages are not secrets in this sense: they are
        kept as plain text in the home folder.
      </p>
    </>
  );
}
