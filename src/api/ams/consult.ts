/** consult: which ways to pay are offered for an amount, and why not. Cards, in the currencies that can be paid out. */
import { accountsFor, findMarketplace } from '../../parties/index.ts';
import { PAYABLE_CURRENCIES } from '../../protection/index.ts';
import { type Answer, type Call, refused } from './call.ts';
import { SUCCESS } from './results.ts';

/** As the vault names them. */
const BRANDS = ['visa', 'mastercard', 'american-express', 'discover', 'jcb', 'diners-club', 'unionpay'] as const;

export async function consult({ app, client, fields }: Call): Promise<Answer> {
  const product = fields.needText('productCode', 64);
  const amount = fields.needAmount('paymentAmount');
  const country = fields.text('userRegion', 2) ?? client.defaults.buyerCountry;
  const [allowed, blocked] = [
    wordsOf(fields.raw('allowedPaymentMethods')),
    wordsOf(fields.raw('blockedPaymentMethods')),
  ];
  if (fields.wrong !== null) return refused(fields.wrong);
  if (product !== 'CASHIER_PAYMENT')
    return refused({ code: 'unsupported_product', detail: 'only CASHIER_PAYMENT is offered', pointer: '/productCode' });
  if ((allowed.length > 0 && !allowed.includes('CARD')) || blocked.includes('CARD'))
    return refused({ code: 'no_options', detail: 'only CARD is offered' });
  const marketplace = await findMarketplace(app.journal.db, client.marketplace);
  const { currency } = amount;
  const brands = BRANDS.filter(
    (brand) =>
      accountsFor(marketplace?.cardRoutes ?? [], app.payments.accounts.all, { currency, brand, country }).length > 0,
  );
  const payable = PAYABLE_CURRENCIES.includes(currency);
  const enabled = payable && brands.length > 0 && amount.amount > 0n;
  return {
    result: SUCCESS,
    paymentOptions: [
      {
        paymentMethodType: 'CARD',
        paymentMethodCategory: 'CARD',
        paymentMethodRegion: ['GLOBAL'],
        enabled,
        preferred: false,
        ...(enabled ? {} : { disableReason: payable ? 'PAYMENT_NOT_AVAILABLE' : 'CURRENCY_NOT_SUPPORT' }),
        supportedCurrencies: PAYABLE_CURRENCIES,
        paymentOptionDetail: {
          supportCardBrands: brands.map((brand) => ({ cardBrand: brand.toUpperCase().replaceAll('-', '_') })),
        },
      },
    ],
  };
}

const wordsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((word) => typeof word === 'string') : [];
