/**
 * What the relay keeps, behind one interface, so that another engine can take its place without
 * touching the routes. A promise resolves when what it stands for cannot be lost any more (as far as
 * the engine keeps anything). Times are ms since the epoch, sizes UTF-8 bytes.
 */

/** An agent as it registered. */
export interface AgentRecord {
  readonly agentId: string;
  readonly name: string;
  readonly capabilities: readonly string[];
  readonly machine: string;
  readonly description: string;
  readonly registeredAt: number;
  readonly lastHeartbeat: number;
  /** Where it registered from. */
  readonly address: string;
  /** SHA-256 of its own secret, hex; null for clients that know of none. */
  readonly secretHash: string | null;
}

/** One message that waits for one agent. */
export interface Delivery {
  /** Grows with each message, and is never given twice. */
  readonly row: number;
  /** A JSON object as text. */
  readonly body: string;
  /** Sent to many at once: a broadcast or the news of a file. */
  readonly shared: boolean;
  readonly bytes: number;
  readonly at: number;
}

/** How much waits for one agent. */
export interface Depth {
  readonly messages: number;
  readonly bytes: number;
}

/** Keeps who is registered. Read once, at the start; later only written. */
export interface RegistryStorage {
  /** In the order in which they registered first. */
  load(): Promise<AgentRecord[]>;
  save(agent: AgentRecord): Promise<void>;
  /** The times of agents that were seen since. */
  heartbeats(seen: ReadonlyMap<string, number>): Promise<void>;
  remove(agentIds: readonly string[]): Promise<void>;
}

/** Keeps what waits for each agent until it is removed. */
export interface InboxStorage {
  depths(): Promise<ReadonlyMap<string, Depth>>;
  add(agentId: string, body: string, bytes: number, at: number): Promise<Delivery>;
  /** The oldest of what waits beyond `after`, oldest first. */
  read(agentId: string, after: number, limit: number): Promise<Delivery[]>;
  /** @returns what was removed; a row that is not this agent's is left alone. */
  remove(agentId: string, rows: readonly number[]): Promise<Depth>;
  /** Removes the oldest shared message of an inbox. Null where there is none. */
  dropShared(agentId: string): Promise<Depth | null>;
  /** Removes what came before this time. @returns what was removed. */
  expire(before: number): Promise<ReadonlyMap<string, Depth>>;
}

/** Keeps what goes to many at once, a body only once where the engine can. */
export interface BroadcastStorage {
  /**
   * Puts one body into many inboxes.
   * @param logged whether it counts in the log of broadcasts.
   * @returns one delivery for each agent, in their order.
   */
  add(
    agentIds: readonly string[],
    body: string,
    bytes: number,
    at: number,
    logged: boolean,
  ): Promise<Delivery[]>;
  /** How many are in the log, which keeps the newest `keep` of them. */
  count(keep: number): Promise<number>;
}

/** One version of a shared file, without its content. */
export interface FileVersion {
  readonly fileKey: string;
  readonly version: number;
  /** SHA-256 of the content, hex. */
  readonly hash: string;
  readonly bytes: number;
  readonly fileType: string;
  readonly editor: string;
  readonly at: number;
}

/** What became of saving a file. */
export type PutOutcome =
  | { readonly kind: 'saved'; readonly file: FileVersion }
  /** The base is not the current version; null = there is no such file. */
  | { readonly kind: 'conflict'; readonly current: FileVersion | null };

/** A content to be saved. */
export interface FilePut {
  readonly fileKey: string;
  readonly content: Buffer;
  readonly hash: string;
  readonly fileType: string;
  readonly editor: string;
  readonly at: number;
  /** The version that the editor began from, 0 = none; null = not told, and not checked. */
  readonly base: number | null;
  /** So many versions of a file are kept. */
  readonly keep: number;
}

/**
 * Keeps the shared files with their newest versions. Null stands for a file or content that is not
 * there.
 */
export interface FileStorage {
  /** In the order in which they were made. */
  list(): Promise<FileVersion[]>;
  current(fileKey: string): Promise<FileVersion | null>;
  /** Newest first. */
  versions(fileKey: string): Promise<FileVersion[]>;
  content(hash: string): Promise<Buffer | null>;
  put(file: FilePut): Promise<PutOutcome>;
  /** How many files, and how many bytes of content in all. */
  size(): Promise<{ readonly files: number; readonly bytes: number }>;
}

/** One engine's whole storage. Nothing of it is used after `close`. */
export interface RelayStorage {
  /** Whether anything outlives the process. */
  readonly durable: boolean;
  readonly registry: RegistryStorage;
  readonly inbox: InboxStorage;
  readonly broadcasts: BroadcastStorage;
  readonly files: FileStorage;
  close(): Promise<void>;
}
