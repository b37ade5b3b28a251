import { Mail } from 'lucide-react';
import { type FormEvent, useEffect, useState } from 'react';
import {
  type AppError,
  INVITE_MS,
  INVITE_TEXT_LIMIT,
  type InviteId,
  type InvitePreview,
} from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { TextArea, TextField } from '../../components/field.tsx';
import { TrustFacts } from '../../components/trust-facts.tsx';
import { useNow } from '../../components/use-now.ts';
import { useClient } from '../../store/hooks.ts';
import { grouped } from '../../words/fingerprint.ts';
import { inTime } from '../../words/time.ts';
import { ErrorNote } from '../error-note.tsx';
import { ask } from '../setup/ask.ts';
import { useWork } from '../setup/use-work.ts';
import './invite.css';

interface RedeemProps {
  /** What a link brought; empty where the person pastes it. */
  text: string;
  onRedeemed: (id: InviteId, name: string) => void;
  onRefuse?: () => void;
}

/** Reads an invite, shows what it says, and calls the inviter only after a click. */
export function Redeem({ text: given, onRedeemed, onRefuse }: RedeemProps) {
  const client = useClient();
  const work = useWork();
  const [text, setText] = useState(given);
  const [name, setName] = useState('');
  const [read, setRead] = useState<InvitePreview | null>(null);
  const [unread, setUnread] = useState<AppError | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each text, and no other time
  useEffect(() => {
    let wanted = true;
    setRead(null);
    setUnread(null);
    if (text.trim() === '') return;
    void ask(client, 'invite.preview', { text }).then((result) => {
      if (!wanted) return;
      if (!result.ok) return setUnread(result.error);
      setRead(result.value);
      setName((before) => before || result.value.name.slice(0, 80));
    });
    return () => {
      wanted = false;
    };
  }, [text]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!read || name.trim() === '') return;
    void work
      .run('redeem', () => ask(client, 'invite.redeem', { text, peerName: name.trim() }))
      .then((value) => value && onRedeemed(value.invite.id, value.invite.peerName));
  };
  return (
    <form className="redeem" onSubmit={submit} noValidate>
      {given === '' ? (
        <TextArea
          label="Invite"
          value={text}
          placeholder="peerage://invite/…"
          help="Paste the whole of it. Nobody is called before you agree."
          spellCheck={false}
          maxLength={INVITE_TEXT_LIMIT}
          onChange={(event) => setText(event.target.value)}
        />
      ) : null}
      {unread ? <ErrorNote error={unread} announce /> : null}
      {read ? <Read read={read} /> : null}
      {read ? (
        <TextField
          label="Your name for this peer"
          value={name}
          maxLength={80}
          onChange={(event) => setName(event.target.value)}
        />
      ) : null}
      {work.failure ? <ErrorNote error={work.failure} announce /> : null}
      {read ? (
        <div className="compare__buttons">
          <Button type="submit" busy={work.busy === 'redeem'} disabled={name.trim() === ''}>
            Call them
          </Button>
          {onRefuse ? (
            <Button look="primary" autoFocus onClick={onRefuse}>
              Do nothing
            </Button>
          ) : null}
        </div>
      ) : null}
    </form>
  );
}

/** A minute more than an invite can have: two clocks never agree wholly. */
const MOST_LEFT_MS = INVITE_MS + 60_000;

/** When it ends. It was made by the clock over there, which may be wrong, or the one here may be. */
function endText(expiresAt: number, now: number): string {
  return expiresAt - now <= MOST_LEFT_MS
    ? `It ends ${inTime(expiresAt, now)}.`
    : 'Ten minutes from when it was made. The clocks of the two machines differ: one of them is wrong.';
}

function Read({ read }: { read: InvitePreview }) {
  const now = useNow(1_000);
  return (
    <TrustFacts
      icon={Mail}
      facts={[
        { term: 'Who', text: `It says “${read.name}”, at ${read.addresses.join(' or ')}.` },
        {
          term: 'Proven how',
          text: `Not yet. Six words prove it in a moment. Its key: ${grouped(read.fingerprint.slice(0, 32))}…`,
        },
        {
          term: 'What they get',
          text:
            read.for === 'mine'
              ? 'Nothing yet. It is meant for machines of one person: their gateways are paired.'
              : 'Nothing yet. After both agreed, each may ask the other for work, with consent each time.',
        },
        { term: 'How long', text: endText(read.expiresAt, now) },
      ]}
    />
  );
}
