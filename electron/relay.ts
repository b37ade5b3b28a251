/** The entry of the relay that runs alone: `npm run relay`. */
import { systemClock } from './clock/clock.ts';
import { CodedError } from './contract/index.ts';
import { certificateOf } from './relay-server/certificate-file.ts';
import {
  CommandError,
  findToken,
  RELAY_HELP,
  type RelayCommand,
  readCommand,
} from './relay-server/command-line.ts';
import {
  durableStorage,
  makeCertificate,
  memoryStorage,
  type Relay,
  startRelay,
} from './relay-server/index.ts';
import { openRelayStore } from './store/store.ts';

const SHORT_TOKEN = 16;
const clock = systemClock();

async function begin(command: RelayCommand): Promise<Relay> {
  const { host, port, home, memory, encryption } = command;
  if (command.token !== null) {
    console.error('Warning: --token can be read by others on this machine. Use CLAWLINK_TOKEN.');
  }
  const token = await findToken(command, process.env, process.stdin, clock);
  // Not handed on to anything that might be started from here.
  delete process.env.CLAWLINK_TOKEN;
  if (token !== null && token.length < SHORT_TOKEN) {
    console.error(`Warning: a token of less than ${SHORT_TOKEN} characters can be guessed.`);
  }
  const makes = memory
    ? () => makeCertificate(clock.now())
    : () => certificateOf(home, clock.now());
  return startRelay({
    host,
    port,
    token,
    encryption,
    certificate: encryption === 'off' ? null : makes(),
    storage: memory ? memoryStorage() : durableStorage(openRelayStore(home, clock.now())),
    clock,
    announce: command.announce,
    announced: (announcement) => {
      if (announcement.kind === 'announced') {
        console.log(`Announced on the local network as “${announcement.name}”`);
      } else if (announcement.kind === 'failed') {
        console.error(`Not announced on the local network: ${announcement.reason}`);
      }
    },
    log: (line) => {
      if (process.env.PEERAGE_LOG === '1') console.error(line);
    },
  });
}

function tell(command: RelayCommand, relay: Relay): void {
  const host = relay.host.includes(':') ? `[${relay.host}]` : relay.host;
  const scheme = command.encryption === 'only' ? 'https' : 'http';
  console.log(`The relay listens on ${scheme}://${host}:${relay.port}`);
  if (relay.fingerprint) console.log(`TLS fingerprint (SHA-256): ${relay.fingerprint}`);
  console.log(
    command.memory
      ? 'In memory only: what waits is lost when it stops.'
      : `Durable: messages and files are kept in ${command.home}`,
  );
}

async function main(): Promise<number> {
  const stopped = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, stopped.resolve);
  // Started by npm's script: its end is ours, also where it is killed.
  process.on('disconnect', stopped.resolve);
  try {
    const command = readCommand(process.argv.slice(2), process.env);
    if (!command) {
      console.log(RELAY_HELP);
      return 0;
    }
    process.umask(0o077);
    const relay = await begin(command);
    tell(command, relay);
    await stopped.promise;
    await relay.stop();
    return 0;
  } catch (error) {
    if (error instanceof CommandError) console.error(`${error.message}\n\n${RELAY_HELP}`);
    else if (error instanceof CodedError) {
      const { title, detail, remedy } = error.error;
      console.error(`${title}. ${detail} ${remedy?.text ?? ''}`);
    } else console.error(error);
    return error instanceof CommandError ? 2 : 1;
  } finally {
    clock.stop();
  }
}

process.exit(await main());
