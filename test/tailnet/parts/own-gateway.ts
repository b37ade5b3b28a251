/** A gateway with a scripted agent, to be started in another network: its port and token are told it. */
import { FakeGateway } from '../../fakes/gateway/fake-gateway.ts';

const [secret = '', match = '', answer = ''] = process.argv.slice(2);
const gateway = await FakeGateway.start({ auth: { mode: 'token', secret } });
gateway.script(match, () => ({ text: answer }));
console.log(`listens at ${gateway.url}`);
