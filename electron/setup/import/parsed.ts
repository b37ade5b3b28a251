/** What the parsers find. Tokens stay in these values, which never leave the main process. */

/** A peer as a file names it. */
export interface FoundPeer {
  readonly name: string | null;
  readonly nickname: string | null;
  /** As written; not checked yet. */
  readonly address: string | null;
  readonly token: string | null;
  readonly agentId: string | null;
  readonly notes: string;
}

/** One agent of a registry. `key` pairs it with its token. */
export interface RegistryAgent {
  readonly key: string | null;
  readonly name: string | null;
  readonly nickname: string | null;
  readonly ip: string | null;
  readonly notes: string;
}

/**
 * What one file is and holds. `problems` tell the person what in it could not count as it stands.
 */
export type Parsed =
  | {
      readonly kind: 'peer_config';
      readonly peer: FoundPeer | null;
      /** The token of the person's own gateway, where it stands there too. */
      readonly ownToken: string | null;
      readonly problems: readonly string[];
    }
  | {
      readonly kind: 'mesh_tokens';
      readonly tokens: ReadonlyMap<string, string>;
      readonly problems: readonly string[];
    }
  | {
      readonly kind: 'mesh_registry';
      readonly agents: readonly RegistryAgent[];
      readonly problems: readonly string[];
    }
  | {
      readonly kind: 'agent_state';
      readonly relayUrl: string;
      readonly agentName: string | null;
      /** The published client writes none; a hand may have. */
      readonly token: string | null;
      readonly problems: readonly string[];
    };
