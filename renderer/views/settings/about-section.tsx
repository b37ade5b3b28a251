import { Button } from '../../components/button.tsx';
import { Crest } from '../../components/crest.tsx';
import { useClient, useMirror } from '../../store/hooks.ts';
import { grouped } from '../../words/fingerprint.ts';

/** Which Peerage this is, where its data lives, and what to put into a bug report. */
export function AboutSection() {
  const client = useClient();
  const app = useMirror((mirror) => mirror.app);
  const key = useMirror((mirror) => mirror.relays.fingerprint);
  if (!app) return null;
  const copy = async () => {
    const about = await client.act('app.about', {});
    if (about) await client.copy(about.text);
  };
  return (
    <>
      <div className="about">
        <Crest size={40} />
        <div>
          <p className="about__name">Peerage {app.version}</p>
          <p className="soft">
            {app.shell === 'desktop' ? 'Desktop app' : 'In the browser'}
            {app.provisioned ? ', set up by a configuration file' : ''}
          </p>
        </div>
      </div>
      <dl className="facts">
        <dt>Data</dt>
        <dd className="facts__code selectable">{app.home}</dd>
        <dt>This app’s key</dt>
        <dd className="facts__print selectable">
          {key === null ? 'It cannot be read now: the keychain is locked.' : grouped(key)}
        </dd>
        <dt>Search</dt>
        <dd>{app.search === 'fts5' ? 'Full-text index' : 'Without an index, slower'}</dd>
      </dl>
      <div>
        <Button size="small" onClick={() => void copy()}>
          Copy for a bug report
        </Button>
      </div>
    </>
  );
}
