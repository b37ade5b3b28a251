import { MessagesSquare } from 'lucide-react';

/** Stands in a thread, or in a peer, that has no message yet. */
export function NoThread() {
  return (
    <div className="thread__empty">
      <MessagesSquare aria-hidden="true" />
      <h2>Nothing here yet</h2>
      <p>Write below. What you send is stored first, and goes out when the peer can be reached.</p>
    </div>
  );
}
