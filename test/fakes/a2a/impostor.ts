/** A server that copies a reception's card and cannot prove the key that the card was made with. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Impostor {
  readonly url: string;
  /** The `Authorization` of each request, in order; undefined where none was shown. */
  readonly shown: readonly (string | undefined)[];
  /** What it answers with; 200 at first. */
  status: number;
  close(): void;
}

/**
 * Starts one on loopback.
 * @param origin of the reception whose card it shows.
 * @param headers go with every answer.
 */
export async function startImpostor(
  origin: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Impostor> {
  const card = await (await fetch(`${origin}/.well-known/agent-card.json`)).text();
  const shown: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    shown.push(request.headers.authorization);
    response.writeHead(impostor.status, { 'content-type': 'application/json', ...headers });
    response.end(card);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const impostor: Impostor = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    shown,
    status: 200,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
  return impostor;
}
