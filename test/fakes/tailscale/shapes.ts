/**
 * What Tailscale says, in its own shapes. Each says where its shape is documented. Keys, names and
 * addresses are made up.
 */

/** `tailscale version` (version/print.go of v1.102.3). */
export const versionText = (short = '1.102.3'): string =>
  `${short}\n  tailscale commit: 0123456789abcdef0123456789abcdef01234567\n  long version: ${short}-t012345678\n  go version: go1.26.6\n`;

const NO_TIME = '0001-01-01T00:00:00Z';

/** One machine: PeerStatus in ipn/ipnstate/ipnstate.go of v1.102.3. */
export const node = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  ID: 'nHOME11CNTRL',
  NodeID: 11,
  PublicKey: `nodekey:${'a1'.repeat(32)}`,
  HostName: 'home',
  DNSName: 'home.tail1234.ts.net.',
  OS: 'linux',
  UserID: 101,
  TailscaleIPs: ['100.101.1.1', 'fd7a:115c:a1e0::101'],
  AllowedIPs: ['100.101.1.1/32', 'fd7a:115c:a1e0::101/128'],
  Addrs: [],
  CurAddr: '',
  Relay: 'fra',
  PeerRelay: '',
  RxBytes: 0,
  TxBytes: 0,
  Created: '2026-01-02T03:04:05Z',
  LastWrite: NO_TIME,
  LastSeen: NO_TIME,
  LastHandshake: NO_TIME,
  Online: true,
  ExitNode: false,
  ExitNodeOption: false,
  Active: false,
  PeerAPIURL: ['http://100.101.1.1:43210'],
  TaildropTarget: 0,
  NoFileSharingReason: '',
  InNetworkMap: true,
  InMagicSock: true,
  InEngine: true,
  KeyExpiry: '2027-06-01T00:00:00Z',
  ...changes,
});

/** Another machine of the same person. */
export const desk = (changes: Record<string, unknown> = {}): Record<string, unknown> =>
  node({
    ID: 'nDESK12CNTRL',
    NodeID: 12,
    PublicKey: `nodekey:${'b2'.repeat(32)}`,
    HostName: 'desk',
    DNSName: 'desk.tail1234.ts.net.',
    OS: 'macOS',
    TailscaleIPs: ['100.101.1.2', 'fd7a:115c:a1e0::102'],
    ...changes,
  });

/** A machine that somebody shared with us: its name is of the other tailnet (kb/1084/sharing). */
export const sharedIn = (changes: Record<string, unknown> = {}): Record<string, unknown> =>
  node({
    ID: 'nANNA13CNTRL',
    NodeID: 13,
    PublicKey: `nodekey:${'c3'.repeat(32)}`,
    HostName: 'annas-box',
    DNSName: 'annas-box.tail9876.ts.net.',
    UserID: 202,
    TailscaleIPs: ['100.101.2.1', 'fd7a:115c:a1e0::201'],
    ...changes,
  });

/** `status --json` (type Status in ipn/ipnstate/ipnstate.go of v1.102.3), running. */
export const status = (
  changes: Record<string, unknown> = {},
  peers: readonly Record<string, unknown>[] = [desk()],
): Record<string, unknown> => ({
  Version: '1.102.3-t012345678',
  TUN: true,
  BackendState: 'Running',
  HaveNodeKey: true,
  AuthURL: '',
  TailscaleIPs: ['100.101.1.1', 'fd7a:115c:a1e0::101'],
  Self: node(),
  Health: [],
  MagicDNSSuffix: 'tail1234.ts.net',
  CurrentTailnet: {
    Name: 'somebody@example.com',
    MagicDNSSuffix: 'tail1234.ts.net',
    MagicDNSEnabled: true,
  },
  CertDomains: null,
  Peer: Object.fromEntries(peers.map((peer) => [peer.PublicKey, peer])),
  User: {
    101: { ID: 101, LoginName: 'somebody@example.com', DisplayName: 'Some Body' },
    202: { ID: 202, LoginName: 'anna@example.org', DisplayName: 'Anna' },
  },
  ClientVersion: null,
  ...changes,
});

/** Before the first login: no id, no addresses, no tailnet (ipnlocal: UpdateStatus without a netmap). */
export const loggedOut = (changes: Record<string, unknown> = {}): Record<string, unknown> =>
  status(
    {
      BackendState: 'NeedsLogin',
      HaveNodeKey: false,
      TailscaleIPs: null,
      Self: node({
        ID: '',
        NodeID: 0,
        UserID: 0,
        DNSName: '',
        TailscaleIPs: null,
        Online: false,
        KeyExpiry: undefined,
      }),
      Health: ['You are logged out.'],
      MagicDNSSuffix: '',
      CurrentTailnet: null,
      Peer: null,
      User: null,
      ...changes,
    },
    [],
  );

/** An older one: v1.36 had `Capabilities` and no `CapMap`, `PeerRelay` or `HaveNodeKey`. */
export const oldStatus = (): Record<string, unknown> => {
  const drop = (of: Record<string, unknown>, names: readonly string[]): Record<string, unknown> =>
    Object.fromEntries(Object.entries(of).filter(([name]) => !names.includes(name)));
  const old = (of: Record<string, unknown>): Record<string, unknown> => ({
    ...drop(of, ['NodeID', 'PeerRelay', 'TaildropTarget', 'NoFileSharingReason', 'AllowedIPs']),
    Capabilities: ['https://tailscale.com/cap/file-sharing'],
  });
  const { Peer: _, ...rest } = drop(status(), ['HaveNodeKey', 'ClientVersion']);
  return { ...rest, Version: '1.36.0', Self: old(node()), Peer: { k: old(desk()) } };
};

/** A PNG of one pixel, in the place of the picture of a link (qrcodes.EncodePNG). */
export const QR =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

/** First object of `up --json` (upOutputJSON in cmd/tailscale/cli/up.go): tabs, over many lines. */
export const upLink = (url = 'https://login.tailscale.com/a/0123456789abcd'): string =>
  `${JSON.stringify({ AuthURL: url, QR, BackendState: 'NeedsLogin' }, null, '\t')}\n`;

/** Last object of `up --json` (printUpDoneJSON): two spaces. */
export const upDone = (state: 'Running' | 'NeedsMachineAuth' = 'Running'): string =>
  `${JSON.stringify({ BackendState: state }, null, 2)}\n`;

/** accidentalUpPrefix in cmd/tailscale/cli/up.go, as fatalf prints it. */
export const mentionAll = (...words: readonly string[]): string =>
  `Error: changing settings via 'tailscale up' requires mentioning all\nnon-default flags. To proceed, either re-run your command with --reset or\nuse the command below to explicitly mention the current value of\nall non-default settings:\n\n\ttailscale up ${words.join(' ')}\n\n`;

/** fixTailscaledConnectErrorImpl in cmd/tailscale/cli/diag.go, by system. */
export const UNREACHABLE = {
  linux:
    "failed to connect to local tailscaled; it doesn't appear to be running (sudo systemctl start tailscaled ?)\n",
  darwin: 'failed to connect to local Tailscale service; is Tailscale running?\n',
  win32: 'failed to connect to local tailscaled process; is the Tailscale service running?\n',
} as const;

/** The macOS bundle when it takes itself for the window (tailscale/tailscale issues 7140, 16063). */
export const GUI_ERROR =
  'The Tailscale GUI failed to start: The operation couldn’t be completed. (Tailscale.CLIError error 3.)\n';

/** AccessDeniedError of client/local, with the hint of cmd/tailscale/cli/cli.go. */
export const DENIED =
  "Access denied: checkprefs access denied\n\nUse 'sudo tailscale up --json'.\nTo not require root, use 'sudo tailscale set --operator=$USER' once.\n";

/** First notice of `debug watch-ipn --initial` (Notify in ipn/backend.go of v1.102.3). */
export const firstNotice = (state = 6, changes: Record<string, unknown> = {}): unknown => ({
  Version: '1.102.3-t012345678',
  SessionID: '0123456789abcdef',
  ErrMessage: null,
  LoginFinished: null,
  State: state,
  Prefs: { ControlURL: 'https://controlplane.tailscale.com', WantRunning: true },
  NetMap: null,
  ...changes,
});

/** A machine came or went: PeerChange in tailcfg of v1.102.3. */
export const onlinePatch = (nodeId: number, online: boolean): unknown => ({
  Version: '',
  ErrMessage: null,
  LoginFinished: null,
  State: null,
  Prefs: null,
  NetMap: null,
  PeerChangedPatch: [{ NodeID: nodeId, Online: online }],
});

/** The same of an older version, on systems whose bus carries the whole map: netmap.NetworkMap. */
export const netMapNotice = (online: Readonly<Record<number, boolean>>): unknown => ({
  Version: '1.66.4',
  State: null,
  NetMap: {
    Peers: Object.entries(online).map(([id, is]) => ({ ID: Number(id), Online: is })),
  },
});

/** `whois --json` (apitype.WhoIsResponse): names end in a dot, addresses are prefixes. */
export const WHOIS = {
  Node: {
    ID: 13,
    StableID: 'nANNA13CNTRL',
    Name: 'annas-box.tail9876.ts.net.',
    User: 202,
    Addresses: ['100.101.2.1/32', 'fd7a:115c:a1e0::201/128'],
  },
  UserProfile: { ID: 202, LoginName: 'anna@example.org', DisplayName: 'Anna' },
  CapMap: null,
} as const;

/** `netcheck --format=json` (net/netcheck: Report); latencies in nanoseconds. */
export const NETCHECK = {
  UDP: true,
  IPv6: false,
  IPv4: true,
  IPv6CanSend: false,
  IPv4CanSend: true,
  OSHasIPv6: true,
  ICMPv4: false,
  MappingVariesByDestIP: false,
  UPnP: false,
  PMP: false,
  PCP: false,
  PreferredDERP: 4,
  RegionLatency: { 4: 12_345_678, 1: 98_765_432 },
  GlobalV4: '203.0.113.7:41641',
  GlobalV6: '',
  CaptivePortal: null,
} as const;
