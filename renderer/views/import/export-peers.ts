import type { Client } from '../../store/client.ts';

/** Hands the list of peers to the platform's own *save* dialog. No secret is in it. */
export async function exportPeers(client: Client): Promise<void> {
  const made = await client.act('export.peers', {});
  if (!made) return;
  const url = URL.createObjectURL(new Blob([made.text], { type: 'application/json' }));
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = made.fileName;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
