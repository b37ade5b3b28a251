import { useEffect, useMemo, useRef, useState } from 'react';
import { readForm } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { FormBody } from '../thread/form-body.tsx';
import { MarkdownText } from '../thread/markdown-text.tsx';

/** The most of it that a card shows by itself, px. */
const TALL = 168;

interface SaidProps {
  /** Who said it, with a colon. */
  who: string;
  text: string;
  /** The files that came with it, in words. */
  files?: string;
}

/** What an agent said about a piece of work; of a long one the beginning, and the rest on demand. */
export function Said({ who, text, files }: SaidProps) {
  const form = useMemo(() => readForm(text), [text]);
  const inner = useRef<HTMLDivElement>(null);
  const [long, setLong] = useState(false);
  const [whole, setWhole] = useState(false);
  useEffect(() => {
    const { current } = inner;
    if (!current) return;
    const watch = new ResizeObserver(() => setLong(current.offsetHeight > TALL));
    watch.observe(current);
    return () => watch.disconnect();
  }, []);
  const cut = long && !whole;
  return (
    <div className="said">
      <p className="said__who">{who}</p>
      <div
        className={`said__text ${cut ? 'said__text--cut' : ''} selectable`}
        style={cut ? { maxHeight: TALL } : {}}
        dir="auto"
      >
        <div ref={inner}>{form ? <FormBody form={form} /> : <MarkdownText text={text} />}</div>
      </div>
      {files ? <p className="hint-text">{files}</p> : null}
      {long ? (
        <Button
          size="small"
          look="quiet"
          className="said__more"
          aria-expanded={whole}
          onClick={() => setWhole(!whole)}
        >
          {whole ? 'Show less' : 'Show more'}
        </Button>
      ) : null}
    </div>
  );
}
