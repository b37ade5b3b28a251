/** Entry of a process: a gateway that takes everything and says nothing by itself. Tells its `{url}`. */
import { serveGateway } from './gateway-socket.ts';

const { url } = await serveGateway(() => null);
process.send?.({ url });
process.on('disconnect', () => process.exit());
