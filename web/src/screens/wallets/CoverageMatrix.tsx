import { Link } from '@tanstack/react-router';
import type { Coverage, CoveredWallet } from '../../api/client.ts';
import { StateBadge } from '../../ui/StateBadge.tsx';

/** Wallets down, markets across; how many are live in each stands below. It scrolls inside its frame, the names stay. */
export function CoverageMatrix({ coverage: { wallets, markets, live } }: { readonly coverage: Coverage }) {
  return (
    <div className="list-frame">
      <table className="matrix" aria-label="Wallets by market">
        <thead>
          <tr>
            <th scope="col">Wallet</th>
            {markets.map((market) => (
              <th key={market} scope="col">
                {market}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {wallets.map((wallet) => (
            <Row key={wallet.id} wallet={wallet} markets={markets} />
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">Live now</th>
            {markets.map((market) => (
              <td key={market} className="num">
                {live[market] ?? 0}
              </td>
            ))}
          </tr>
        </tfoot>
      </table>
    </div>
  );
}

function Row({ wallet, markets }: { readonly wallet: CoveredWallet; readonly markets: readonly string[] }) {
  const { name, slug, country, currency, state } = wallet;
  return (
    <tr>
      <th scope="row">
        <Link to="/shop-payments" search={{ wallet: slug }} title={`Payments of ${name}`} data-row>
          {name}
        </Link>
        <span className="faint">
          {' '}
          {country} · {currency}
          {state === 'suspended' && ' · suspended'}
        </span>
      </th>
      {markets.map((market) => (
        <td key={market}>
          <Cell state={inMarket(wallet, market)} />
        </td>
      ))}
    </tr>
  );
}

const Cell = ({ state }: { readonly state: string | undefined }) =>
  state === undefined ? (
    <span className="faint">
      <span aria-hidden="true">·</span>
      <span className="visually-hidden">no</span>
    </span>
  ) : (
    <StateBadge kind="coverage" state={state} />
  );

/** Who is suspended works nowhere, whatever stands in its data. */
function inMarket({ state, markets }: CoveredWallet, market: string): string | undefined {
  const said = Object.hasOwn(markets, market) ? markets[market] : undefined;
  return said !== undefined && state === 'suspended' ? 'paused' : said;
}
