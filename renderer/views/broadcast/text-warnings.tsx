import type { OutgoingPreview } from '../../../electron/contract/index.ts';
import { Callout } from '../../components/callout.tsx';
import { byteSize } from '../../words/bytes.ts';

/** What the send guard has against a text that is about to go. */
export function TextWarnings({ message }: { message: OutgoingPreview }) {
  const { bytes, size, secrets } = message;
  return (
    <>
      {size === 'over_hard_limit' ? (
        <Callout tone="problem" title="The message is too long" announce>
          <p>It has {byteSize(bytes)}. Shorten it, or raise the limit in Settings.</p>
        </Callout>
      ) : null}
      {size === 'over_soft_limit' ? (
        <Callout tone="warning" title="Long for one message" announce>
          <p>It has {byteSize(bytes)}. Some agents cut what is longer than 4 kB.</p>
        </Callout>
      ) : null}
      {secrets.length > 0 ? (
        <Callout tone="warning" title="This looks like a secret" announce>
          <p>
            {secrets.map(placeWords).join('; ')}. What was sent can be read over there for ever.
          </p>
        </Callout>
      ) : null}
    </>
  );
}

const placeWords = ({ label, line }: OutgoingPreview['secrets'][number]): string =>
  line === 0 ? `${label} in the topic or a tag` : `${label} on line ${line}`;
