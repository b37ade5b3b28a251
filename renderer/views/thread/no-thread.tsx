import { MessagesSquare } from 'lucide-react';
import { EmptyState } from '../../components/empty-state.tsx';

/** Stands in a thread, or in a peer, that has no message yet. */
export function NoThread() {
  return (
    <EmptyState
      icon={MessagesSquare}
      title="Nothing here yet"
      text="Write below. What you send is stored first, and goes out when the peer can be reached."
      level={2}
    />
  );
}
