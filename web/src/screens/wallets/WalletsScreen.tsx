/** Wallets for the operator: who takes part, and which of them can be used in which market. */
import type { Coverage } from '../../api/client.ts';
import { useCoverage } from '../../queries/hub.ts';
import { Loaded } from '../../ui/Loaded.tsx';
import { useTitle } from '../../ui/use-title.ts';
import { OperatorOnly } from '../OperatorOnly.tsx';
import { CoverageMatrix } from './CoverageMatrix.tsx';

export function WalletsScreen() {
  useTitle('Wallets');
  return (
    <OperatorOnly>
      <Wallets />
    </OperatorOnly>
  );
}

function Wallets() {
  const coverage = useCoverage();
  return (
    <>
      <h1>Wallets</h1>
      <Loaded
        of={coverage}
        what="wallets"
        isEmpty={({ wallets }) => wallets.length === 0}
        empty={
          <>
            No wallet takes part yet. <code>causeway wallet add</code> adds one.
          </>
        }
      >
        {(data) => (
          <>
            <Numbers coverage={data} />
            <h2 className="section-title">Where each can be used</h2>
            <CoverageMatrix coverage={data} />
          </>
        )}
      </Loaded>
    </>
  );
}

function Numbers({ coverage: { wallets, markets, live } }: { readonly coverage: Coverage }) {
  const homes = new Set(wallets.map(({ country }) => country)).size;
  const suspended = wallets.filter(({ state }) => state === 'suspended').length;
  const widest = markets.reduce(
    (best, each) => ((live[each] ?? 0) > (live[best] ?? 0) ? each : best),
    markets[0] ?? '',
  );
  return (
    <p className="lead">
      {wallets.length} from {homes} home countries
      {suspended > 0 && `, ${suspended} suspended`}. They can be used in {markets.length} markets
      {markets.length > 0 && `, most of them, ${live[widest] ?? 0}, in ${widest}`}.
    </p>
  );
}
