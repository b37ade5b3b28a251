import { useEffect } from 'react';
import { useClient, useUi } from '../../store/hooks.ts';

/**
 * Tells the app whether this window can be seen, what is in focus in it, and when the system says that
 * the network came or went; saves what is typed.
 */
export function useVisibility(): void {
  const client = useClient();
  const peerId = useUi((ui) => ui.peerId);
  const threadId = useUi((ui) => ui.threadId);
  useEffect(() => {
    const tell = () => {
      if (document.hidden) void client.drafts.saveAll();
      void client.call('window.visibility', { visible: !document.hidden });
    };
    const leave = () => void client.drafts.saveAll();
    document.addEventListener('visibilitychange', tell);
    window.addEventListener('pagehide', leave);
    return () => {
      document.removeEventListener('visibilitychange', tell);
      window.removeEventListener('pagehide', leave);
    };
  }, [client]);
  useEffect(() => {
    const tell = () => void client.call('window.networkChanged', {});
    window.addEventListener('online', tell);
    window.addEventListener('offline', tell);
    return () => {
      window.removeEventListener('online', tell);
      window.removeEventListener('offline', tell);
    };
  }, [client]);
  useEffect(() => {
    const tell = () =>
      void client.call('window.focus', { focused: document.hasFocus(), peerId, threadId });
    tell();
    window.addEventListener('focus', tell);
    window.addEventListener('blur', tell);
    return () => {
      window.removeEventListener('focus', tell);
      window.removeEventListener('blur', tell);
    };
  }, [client, peerId, threadId]);
}
