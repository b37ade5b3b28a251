/** How to install Tailscale here. Shown and copied; never run by us, and never piped into a root shell. */
import type { InstallWay } from '../../contract/index.ts';

/** The vendor's page for all systems. */
export const DOWNLOAD_URL = 'https://tailscale.com/download';

/** Sources: https://tailscale.com/docs/install/linux, /mac, /windows. */
export function installWays(platform: NodeJS.Platform): InstallWay[] {
  switch (platform) {
    case 'win32':
      return [
        {
          label: 'With winget',
          command: 'winget install --id Tailscale.Tailscale -e',
          url: null,
        },
        {
          label: 'From the vendor’s page',
          command: null,
          url: 'https://tailscale.com/download/windows',
        },
      ];
    case 'darwin':
      return [
        { label: 'With Homebrew', command: 'brew install --cask tailscale-app', url: null },
        {
          label: 'From the vendor’s page or the App Store',
          command: null,
          url: 'https://tailscale.com/download/mac',
        },
      ];
    case 'linux':
      return [
        {
          label: 'From the vendor’s package source, as its page explains',
          command: null,
          url: 'https://tailscale.com/download/linux',
        },
        {
          label: 'Debian or Ubuntu, once that source is set up',
          command: 'sudo apt-get update && sudo apt-get install tailscale',
          url: null,
        },
        { label: 'Fedora', command: 'sudo dnf install tailscale', url: null },
        { label: 'Arch', command: 'sudo pacman -S tailscale', url: null },
      ];
    default:
      return [{ label: 'From the vendor’s page', command: null, url: DOWNLOAD_URL }];
  }
}

/** Starts the service, for copying; null where an app is opened by hand instead. */
export const startCommand = (platform: NodeJS.Platform): string | null =>
  platform === 'linux' ? 'sudo systemctl enable --now tailscaled' : null;
