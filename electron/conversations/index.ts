export type { AudiencePeer } from './broadcast/audience.ts';
export { RELAY_SENT } from './broadcast/knowledge.ts';
export { type Conversations, createConversations } from './conversations.ts';
export type { ConversationHandlers } from './handlers.ts';
export type { ConversationsOptions, PeerDirectory, ThreadAttention } from './options.ts';
export type { PeerTotals } from './totals.ts';
