/** Wallets for the operator: who takes part, and which of them can be used in which market. */
import type { Coverage } from '../../api/client.ts';
import { useCoverage } from '../../queries/hub.ts';
import { Facts } from '../../ui/Facts.tsx';
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
  const suspended = wallets.filter(({ state }) => state === 'suspended').length;
  const widest = [...markets].sort((one, other) => (live[other] ?? 0) - (live[one] ?? 0))[0];
  return (
    <Facts
      items={[
        ['Wallets', String(wallets.length)],
        ['Suspended', suspended > 0 && String(suspended)],
        ['Home countries', String(new Set(wallets.map(({ country }) => country)).size)],
        ['Markets', String(markets.length)],
        ['Most wallets', widest !== undefined && `${live[widest] ?? 0} in ${widest}`],
      ]}
    />
  );
}
