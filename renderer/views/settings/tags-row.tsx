import { typedTags } from '../typed-tags.ts';
import { TypedRow } from './typed-row.tsx';

interface TagsRowProps {
  label: string;
  help: string;
  placeholder: string;
  value: string[];
  /** How many there may be, and how long each, UTF-16 units. */
  most: number;
  longest: number;
  onChange: (value: string[]) => void;
}

/** A setting that is a list of tags with commas between. */
export function TagsRow({ placeholder, most, longest, ...row }: TagsRowProps) {
  return (
    <TypedRow
      {...row}
      className="setting--tags"
      wrong={`At most ${most}, each of at most ${longest} characters.`}
      textOf={(tags) => tags.join(', ')}
      read={(text) => {
        const tags = typedTags(text);
        return tags.length <= most && tags.every((tag) => tag.length <= longest) ? tags : null;
      }}
      input={{ placeholder }}
    />
  );
}
