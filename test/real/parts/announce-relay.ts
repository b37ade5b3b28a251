/** Announces a relay as the published one does, until it is killed. Run inside a namespace. */
import { Bonjour } from 'bonjour-service';

const [port = '9077'] = process.argv.slice(2);
const txt = { version: '1.0.1', hostname: 'attic', auth: 'yes' };
new Bonjour().publish({
  name: 'ClawLink Relay (attic)',
  type: 'clawlink',
  port: Number(port),
  txt,
});
process.stdout.write('announced\n');
