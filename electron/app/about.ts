import * as os from 'node:os';
import type { AppView, LinkState } from '../contract/index.ts';

/** What a bug report needs of this machine and this run: versions and counts, no name, no address. */
export function aboutText(view: AppView, links: readonly LinkState[]): string {
  const states = new Map<string, number>();
  for (const { kind } of links) states.set(kind, (states.get(kind) ?? 0) + 1);
  const linkText = [...states].map(([kind, count]) => `${count} ${kind}`).join(', ') || 'none';
  const runtime = process.versions.electron
    ? `Electron ${process.versions.electron}, Node ${process.versions.node}`
    : `Node ${process.versions.node}`;
  return [
    `Peerage ${view.version} (${view.shell} shell)`,
    `${runtime}; ${os.platform()} ${os.release()} ${os.arch()}`,
    `Keychain: ${view.secrets.status}; search: ${view.search}; network: ${view.network}`,
    `Peers: ${view.peers}; links: ${linkText}`,
    ...(view.storeNotice ? [`Home folder: ${view.storeNotice.code}`] : []),
  ].join('\n');
}
