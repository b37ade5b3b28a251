import { useMemo, useState } from 'react';
import { type MessageView, readForm } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { useClient } from '../../store/hooks.ts';
import { byteSize } from '../../words/bytes.ts';
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
  const form = useMemo(() => formOf(message, text), [message, text]);
  if (form) return <FormBody form={form} />;
  return (
    <>
      {message.direction === 'out' ? (
        <div className="body--plain">{text}</div>
      ) : (
        <MarkdownText text={text} />
      )}
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

/** Read from a text that begins like one; while it still comes it is shown as it comes. */
function formOf(message: MessageView, text: string) {
  if (message.direction === 'in' && message.state !== 'complete') return null;
  if (message.truncated || !/^\s*\[/u.test(text)) return null;
  return readForm(text);
}
