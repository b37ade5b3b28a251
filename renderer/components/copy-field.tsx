import { Copy } from 'lucide-react';
import { IconButton } from './button.tsx';
import './copy-field.css';

interface CopyFieldProps {
  label: string;
  text: string;
  onCopy: (text: string) => void;
}

/** A command or an id to take elsewhere. */
export function CopyField({ label, text, onCopy }: CopyFieldProps) {
  return (
    <div className="copy-field">
      <span className="copy-field__label">{label}</span>
      <div className="copy-field__box">
        <code>{text}</code>
        <IconButton
          icon={Copy}
          size="small"
          label={`Copy ${label.toLocaleLowerCase()}`}
          onClick={() => onCopy(text)}
        />
      </div>
    </div>
  );
}
