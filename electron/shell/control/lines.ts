import { StringDecoder } from 'node:string_decoder';

/**
 * Cuts a byte stream into lines, one frame each. A line over the limit is dropped whole and told by
 * `onTooLong`, once; what comes after it is read again.
 */
export function lineReader(
  maxBytes: number,
  onLine: (line: string) => void,
  onTooLong: () => void,
): (chunk: Buffer) => void {
  const decoder = new StringDecoder('utf8');
  let pieces: string[] = [];
  let bytes = 0;
  let dropping = false;
  return (chunk) => {
    let from = 0;
    for (;;) {
      const end = chunk.indexOf(0x0a, from);
      const piece = chunk.subarray(from, end === -1 ? undefined : end);
      bytes += piece.length;
      if (bytes > maxBytes && !dropping) {
        dropping = true;
        pieces = [];
        onTooLong();
      }
      const text = decoder.write(piece);
      if (!dropping && text !== '') pieces.push(text);
      if (end === -1) return;
      const line = pieces.join('') + decoder.end();
      pieces = [];
      bytes = 0;
      if (!dropping && line.trim() !== '') onLine(line);
      dropping = false;
      from = end + 1;
    }
  };
}
