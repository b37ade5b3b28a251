/**
 * How a broadcast is signed: in tags of its own, since of a broadcast nothing else passes through a
 * relay unchanged, and old clients do not show tags. No tag is longer than relays take.
 */
import { prove, type RelaySigner, readProof, verified } from '../links/relay/index.ts';

interface Said {
  readonly from: string;
  readonly content: string;
  readonly topic: string;
  readonly tags: readonly string[];
}

const MARK = 'peerage-';
/** To everyone: there is no one receiver that could be named. */
const ALL = '*';

/** The tags as they are sent. @param id the same for the same broadcast, however often it is sent. */
export function signTags(
  said: Said,
  signer: RelaySigner | null,
  { id, at }: { readonly id: string; readonly at: number },
): string[] {
  const tags = said.tags.filter((tag) => !tag.startsWith(MARK));
  if (!signer) return tags;
  const { from, content: text, topic: mode } = said;
  const proof = prove(signer, {
    what: 'task',
    from,
    to: ALL,
    key: `peerage:${id}`,
    about: '',
    mode,
    at,
    text,
    rest: { tags },
  });
  return [
    ...tags,
    `${MARK}id:${id}`,
    `${MARK}at:${at}`,
    `${MARK}key:${proof.device}`,
    `${MARK}sig:${proof.sig}`,
  ];
}

/**
 * The tags that people wrote, the fingerprint of the key that signed it all (null = none did), and the
 * sender's own id of what it signed: relays give the same broadcast another one when it is sent again.
 */
export function readTags({ from, content, topic, tags }: Said): {
  readonly tags: readonly string[];
  readonly fingerprint: string | null;
  readonly id: string | null;
} {
  const plain = tags.filter((tag) => !tag.startsWith(MARK));
  const part = (name: string): string => {
    const head = `${MARK}${name}:`;
    return tags.find((tag) => tag.startsWith(head))?.slice(head.length) ?? '';
  };
  const proof = readProof({
    peerage: {
      v: 1,
      key: `peerage:${part('id')}`,
      at: Number(part('at') || Number.NaN),
      device: part('key'),
      sig: part('sig'),
    },
  });
  const signed = { what: 'task', from, to: ALL, mode: topic, text: content } as const;
  const fingerprint = proof && verified(proof, { ...signed, rest: { tags: plain } });
  return { tags: plain, fingerprint, id: fingerprint === null ? null : part('id') };
}
