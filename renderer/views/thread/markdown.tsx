import { ImageOff } from 'lucide-react';
import { type ComponentProps, type MouseEvent, memo } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { useClient } from '../../store/hooks.ts';
import './markdown.css';

/**
 * Text from a peer as safe markdown: no HTML (it is shown as text), no picture is fetched, and a
 * link opens only after its target was shown.
 */
const Markdown = memo(function Markdown({ text }: { text: string }) {
  return (
    <div className="markdown">
      <ReactMarkdown remarkPlugins={plugins} components={components} urlTransform={knownSchemes}>
        {text}
      </ReactMarkdown>
    </div>
  );
});

export default Markdown;

const plugins = [remarkGfm];

/** What may be offered as a link at all. */
const knownSchemes = (url: string): string => (/^(https?:|mailto:)/i.test(url) ? url : '');

function Anchor({ href, children }: ComponentProps<'a'>) {
  const client = useClient();
  if (!href) return <span>{children}</span>;
  const ask = (event: MouseEvent) => {
    event.preventDefault();
    client.navigation.show({ kind: 'open_link', url: href });
  };
  return (
    <a href={href} title={href} rel="noopener noreferrer" onClick={ask} onAuxClick={ask}>
      {children}
    </a>
  );
}

function NoPicture({ alt, src }: ComponentProps<'img'>) {
  return (
    <span className="markdown__picture" title={typeof src === 'string' ? src : ''}>
      <ImageOff aria-hidden="true" />
      {alt ? `Picture not loaded: ${alt}` : 'Picture not loaded'}
    </span>
  );
}

function Table({ children }: ComponentProps<'table'>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must take the keys
    <section className="markdown__table" aria-label="Table" tabIndex={0}>
      <table>{children}</table>
    </section>
  );
}

function Pre({ children }: ComponentProps<'pre'>) {
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must take the keys
  return <pre tabIndex={0}>{children}</pre>;
}

/** Headings of a message are one size, and below those of the window. */
const heading = ({ children }: { children?: React.ReactNode }) => <h3>{children}</h3>;

const components: Components = {
  a: Anchor,
  img: NoPicture,
  table: Table,
  pre: Pre,
  h1: heading,
  h2: heading,
  h3: heading,
  h4: heading,
  h5: heading,
  h6: heading,
};
