/**
 * Entry of a process: as many gateways as it is told by its first message `{count}`, each on a port of
 * its own. Tells its `{urls}`. They take everything; told `answer`, they end every run that was begun
 * with a short answer, and it says `{answered}`.
 */
import { serveGateway } from './gateway-socket.ts';

type Order = { readonly count: number } | 'answer';

const open: (() => void)[] = [];

async function one(): Promise<string> {
  const gateway = await serveGateway((request) => {
    const { sessionKey, idempotencyKey: runId } = request.params as Record<string, string>;
    // Bare sockets send without a session: nobody waits for what would come of that.
    if (request.method !== 'chat.send' || !sessionKey) return null;
    open.push(() => {
      const message = {
        role: 'assistant',
        content: [{ type: 'text', text: 'Seen.' }],
        timestamp: 0,
      };
      const common = { runId, sessionKey, agentId: 'main', seq: 1 };
      gateway.event('chat', { ...common, state: 'final', message });
    });
    return null;
  });
  return gateway.url;
}

process.on('message', async (order: Order) => {
  if (order === 'answer') {
    const answered = open.splice(0);
    for (const end of answered) end();
    process.send?.({ answered: answered.length });
    return;
  }
  const urls: string[] = [];
  for (let n = 0; n < order.count; n++) urls.push(await one());
  process.send?.({ urls });
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
