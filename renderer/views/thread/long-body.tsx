import { useMemo, useState } from 'react';
import { type MessageView, readBroadcast, readForm } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { useClient } from '../../store/hooks.ts';
import { byteSize } from '../../words/bytes.ts';
import { BroadcastBody } from './broadcast-body.tsx';
import { FormBody } from './form-body.tsx';
import { MarkdownText } from './markdown-text.tsx';

/** The text of a message; of a long one its beginning, and the rest on demand. */
export function LongBody({ message }: { message: MessageView }) {
  const client = useClient();
  const [more, setMore] = useState({
    text: '',
    next: message.truncated ? message.body.length : null,
  });
  const read = async () => {
    if (more.next === null) return;
    const piece = await client.act('message.body', { messageId: message.id, offset: more.next });
    if (piece) setMore({ text: more.text + piece.text, next: piece.nextOffset });
  };
  const text = message.body + (message.truncated ? more.text : '');
  const whole = useMemo(() => isWritten(message, text), [message, text]);
  const form = useMemo(() => (whole ? readForm(text) : null), [whole, text]);
  const broadcast = useMemo(() => (whole ? readBroadcast(text) : null), [whole, text]);
  const ours = message.direction === 'out';
  if (form) return <FormBody form={form} />;
  if (broadcast)
    return (
      <BroadcastBody content={broadcast}>
        <Said text={broadcast.text} plain={ours} />
      </BroadcastBody>
    );
  return (
    <>
      <Said text={text} plain={ours} />
      {message.truncated && more.next !== null ? (
        <p className="body__more">
          <Button size="small" onClick={() => void read()}>
            Show more
          </Button>
          <span className="soft">{byteSize(message.bodyBytes)} in all</span>
        </p>
      ) : null}
    </>
  );
}

/** Begins like something that was written in a known form, and is there whole; while it still comes it is shown as it comes. */
function isWritten(message: MessageView, text: string): boolean {
  if (message.direction === 'in' && message.state !== 'complete') return false;
  return !message.truncated && /^\s*\[/u.test(text);
}

function Said({ text, plain }: { text: string; plain: boolean }) {
  return plain ? <div className="body--plain">{text}</div> : <MarkdownText text={text} />;
}
