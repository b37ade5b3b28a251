import { useEffect, useId, useState } from 'react';
import { typedTags } from '../typed-tags.ts';

interface TagsRowProps {
  label: string;
  help: string;
  placeholder: string;
  value: readonly string[];
  /** How many there may be, and how long each, UTF-16 units. */
  most: number;
  longest: number;
  onChange: (value: string[]) => void;
}

/** A setting that is a list of tags with commas between. Taken when the field is left or Enter is pressed. */
export function TagsRow({
  label,
  help,
  placeholder,
  value,
  most,
  longest,
  onChange,
}: TagsRowProps) {
  const id = useId();
  const known = value.join(', ');
  const [text, setText] = useState(known);
  useEffect(() => setText(known), [known]);
  const tags = typedTags(text);
  const valid = tags.length <= most && tags.every((tag) => tag.length <= longest);
  const take = () => {
    if (valid && tags.join(', ') !== known) onChange(tags);
  };
  return (
    <div className="setting setting--tags">
      <div className="setting__words">
        <label className="setting__label" htmlFor={id}>
          {label}
        </label>
        <p id={`${id}-help`} className={`setting__help ${valid ? '' : 'field__note--error'}`}>
          {valid ? help : `At most ${most}, each of at most ${longest} characters.`}
        </p>
      </div>
      <input
        id={id}
        className="input"
        type="text"
        value={text}
        placeholder={placeholder}
        aria-describedby={`${id}-help`}
        aria-invalid={!valid}
        onChange={(event) => setText(event.target.value)}
        onBlur={take}
        onKeyDown={(event) => {
          if (event.key === 'Enter') take();
        }}
      />
    </div>
  );
}
