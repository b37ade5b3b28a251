import { Dialog, DialogBody } from '../../components/dialog.tsx';
import { useKeysText } from '../../store/use-keys-text.ts';
import './keys.css';

const groups = [
  {
    title: 'Everywhere',
    keys: [
      ['Mod K', 'Commands and peers'],
      ['Mod F', 'Search all messages'],
      ['New', 'Connect a peer'],
      ['Mod ,', 'Settings'],
      ['Alt 1', 'To the peers'],
      ['Alt 2', 'To the conversation'],
      ['Alt 3', 'To the details'],
      ['F6', 'To a message of the app, and back'],
      ['?', 'This list'],
      ['Esc', 'Close what is on top'],
    ],
  },
  {
    title: 'In a list',
    keys: [
      ['↑ ↓', 'One up or down'],
      ['Page ↑ ↓', 'A page up or down'],
      ['Home End', 'First or last'],
      ['Enter', 'Open'],
    ],
  },
  {
    title: 'In the inbox',
    keys: [
      ['↑ ↓', 'To the card above or below'],
      ['Mod Enter', 'Accept'],
      ['E', 'Accept and edit'],
      ['Q', 'Ask back'],
      ['R', 'Answer yourself'],
      ['S', 'Snooze'],
      ['D', 'Decline'],
      ['A', 'Answer what they ask'],
      ['O', 'Open it'],
      ['X', 'Stop'],
    ],
  },
  {
    title: 'Writing',
    keys: [
      ['Enter', 'Send'],
      ['Shift Enter', 'New line'],
      ['Mod V', 'Paste text, or a file to attach'],
    ],
  },
] as const;

/** Every key that does something. */
export function KeysDialog({ onClose }: { onClose: () => void }) {
  const written = useKeysText();
  return (
    <Dialog title="Keyboard" width="wide" onClose={onClose}>
      <DialogBody className="keys" onlyText>
        {groups.map((group) => (
          <section key={group.title} aria-label={group.title}>
            <h3>{group.title}</h3>
            <dl>
              {group.keys.map(([keys, does]) => (
                <div key={keys}>
                  <dt>{does}</dt>
                  <dd>
                    {written(keys)
                      .split(' ')
                      .map((key) => (
                        <kbd key={key}>{key}</kbd>
                      ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </DialogBody>
    </Dialog>
  );
}
