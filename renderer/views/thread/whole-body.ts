import type { MessageView } from '../../../electron/contract/index.ts';
import type { Client } from '../../store/client.ts';
import { isLongText, pastedFile } from './long-text.ts';

/** All of a message's text, also where the view has its beginning only; null where that failed. */
export async function wholeBody(client: Client, message: MessageView): Promise<string | null> {
  const pieces = [message.body];
  let next = message.truncated ? message.body.length : null;
  while (next !== null) {
    const piece = await client.act('message.body', { messageId: message.id, offset: next });
    if (!piece) return null;
    pieces.push(piece.text);
    next = piece.nextOffset;
  }
  return pieces.join('');
}

/** Copies all of a message's text. */
export async function copyBody(client: Client, message: MessageView): Promise<void> {
  const text = await wholeBody(client, message);
  if (text !== null) await client.copy(text);
}

/** Puts a message's text into the field again, to go out as a new message. */
export async function writeAgain(client: Client, message: MessageView): Promise<void> {
  const text = await wholeBody(client, message);
  if (text === null) return;
  if (isLongText(text)) void client.uploads.add(message.threadId, pastedFile(text));
  else client.drafts.write(message.threadId, text);
  if (message.attachments.length > 0) client.toasts.say('Attach its files again');
}
