/** An answer in the person's own words, with files of theirs: looked through before it is taken. */
import {
  type CallInput,
  codedError,
  type DelegationState,
  RECEPTION_LIMITS,
} from '../../contract/index.ts';
import { describeFindings, findSecrets, findSecretsInFile } from '../../send-guard/index.ts';
import { oneLine } from '../framing.ts';
import type { RunFile } from '../options.ts';
import type { Answer } from './answer.ts';

/** What is open can be answered by hand, whoever has it just now. */
export const ANSWERABLE: readonly DelegationState[] = [
  'proposed',
  'asked_back',
  'accepted',
  'in_progress',
];

const MEDIA_TYPE = /^[\w.+-]{1,100}\/[\w.+-]{1,100}$/;

type Given = Omit<CallInput<'delegation.answer'>, 'delegationId'>;

function fileOf({ name, mediaType, data }: Given['files'][number]): RunFile {
  const last = name.split(/[\\/]/).at(-1) ?? '';
  return {
    name: oneLine(last, 120) || 'file',
    mediaType: MEDIA_TYPE.test(mediaType) ? mediaType.toLowerCase() : 'application/octet-stream',
    data: new Uint8Array(Buffer.from(data, 'base64')),
  };
}

const bytesOf = (files: readonly RunFile[]): number =>
  files.reduce((sum, { data }) => sum + data.byteLength, 0);

/**
 * Reads what a person gave.
 * @throws CodedError reception.empty_answer, reception.answer_too_large; message.looks_secret, which says
 * what and where, and never the secret
 */
export async function answerByHand(given: Given): Promise<Answer> {
  const { text, anyway } = given;
  if (text.trim() === '' && given.files.length === 0) {
    throw codedError('reception.empty_answer', 'It has neither words nor files.');
  }
  const bytes = Buffer.byteLength(text);
  if (bytes > RECEPTION_LIMITS.textBytes) {
    const limit = RECEPTION_LIMITS.textBytes;
    throw codedError('reception.answer_too_large', `Its text has ${bytes} bytes; ${limit} go.`);
  }
  const files = given.files.map(fileOf);
  const all = bytesOf(files);
  if (all > RECEPTION_LIMITS.answerFilesBytes) {
    const limit = RECEPTION_LIMITS.answerFilesBytes;
    throw codedError('reception.answer_too_large', `Its files have ${all} bytes; ${limit} go.`);
  }
  if (!anyway) await check(text, files);
  return { text, files };
}

async function check(text: string, files: readonly RunFile[]): Promise<void> {
  const found = findSecrets(text);
  if (found.length > 0) throw codedError('message.looks_secret', describeFindings(found));
  for (const { name, data } of files) {
    const inFile = await findSecretsInFile(data.byteLength, (offset, length) =>
      data.subarray(offset, offset + length),
    );
    if (inFile.length > 0) {
      throw codedError('message.looks_secret', describeFindings(inFile, `“${name}”`));
    }
  }
}
