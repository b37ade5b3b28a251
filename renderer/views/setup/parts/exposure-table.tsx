import type { AddressExposure, GatewayExposure } from '../../../../electron/contract/index.ts';
import { Callout, type Tone } from '../../../components/callout.tsx';
import { StatusMark } from '../../../components/status-mark.tsx';
import type { Shape } from '../../../words/states.ts';

/** Who can reach the gateway, as found by connecting to each address of this machine. */
export function ExposureTable({ exposure }: { exposure: GatewayExposure }) {
  return (
    <>
      <Callout tone={toneOf(exposure.reach)} title={exposure.summary}>
        <p>Found by connecting to each address of this machine, not by reading the settings.</p>
      </Callout>
      <div className="table-box">
        <table className="exposure">
          <caption className="unseen">Addresses of this machine, port {exposure.port}</caption>
          <thead>
            <tr>
              <th scope="col">Address</th>
              <th scope="col">Answers</th>
              <th scope="col">Who can reach it there</th>
            </tr>
          </thead>
          <tbody>
            {exposure.addresses.map((one) => (
              <tr key={`${one.interfaceName} ${one.address}`}>
                <th scope="row">
                  <code>{one.address}</code>
                  <span className="exposure__kind">{kinds[one.kind]}</span>
                </th>
                <td>
                  <span className="exposure__state">
                    <StatusMark shape={shapeOf(one)} />
                    {words[one.state]}
                  </span>
                </td>
                <td>{one.meaning}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

const kinds: Readonly<Record<AddressExposure['kind'], string>> = {
  loopback: 'this machine',
  tailnet: 'tailnet',
  lan: 'local network',
  other: 'other network',
};

const words: Readonly<Record<AddressExposure['state'], string>> = {
  open: 'Open',
  closed: 'Closed',
  filtered: 'Silent',
  other: 'Something else',
};

/** Open is good only where it is meant: on this machine and on the tailnet. */
function shapeOf({ state, kind }: AddressExposure): Shape {
  if (state !== 'open') return state === 'other' ? 'partial' : 'down';
  return kind === 'loopback' || kind === 'tailnet' ? 'up' : 'needs_you';
}

function toneOf(reach: GatewayExposure['reach']): Tone {
  switch (reach) {
    case 'loopback':
    case 'tailnet':
      return 'good';
    case 'nobody':
      return 'info';
    case 'lan':
    case 'other':
      return 'problem';
  }
}
