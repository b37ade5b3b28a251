import { hiddenWords, piecesOf } from '../../electron/contract/index.ts';
import './untrusted-text.css';

/** A stranger's text as it is, with a mark wherever it holds characters that cannot be seen. */
export function UntrustedText({ text }: { text: string }) {
  return piecesOf(text).map((piece, index) =>
    piece.hidden ? (
      // The pieces of one text never change their order.
      // biome-ignore lint/suspicious/noArrayIndexKey: see above
      <mark key={index} className="hidden-text" title={hiddenWords(piece.text)}>
        {countText([...piece.text].length)}
      </mark>
    ) : (
      piece.text
    ),
  );
}

const countText = (count: number): string =>
  count === 1 ? '1 invisible character' : `${count} invisible characters`;
