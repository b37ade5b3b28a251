import type { AppError } from '../../../electron/contract/index.ts';
import { Crest } from '../../components/crest.tsx';

/** What stands in the window when the app will not talk to it. */
export function Refused({ error }: { error: AppError }) {
  return (
    <main className="refused">
      <Crest size={48} />
      <h1>{error.title}</h1>
      <p>{error.detail}</p>
      <p>{error.remedy?.text}</p>
      <code>{error.code}</code>
    </main>
  );
}
