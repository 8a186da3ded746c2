/**
 * What may be said about a participant: each field, its rule, and where in the request it stands. The first field that is
 * wrong is refused, in the order of the interfaces below. Nothing here knows which participants there are; that names are
 * free is asked where one is added.
 */
import { isCountry } from '../base/country.ts';
import { type Currency, isCurrency } from '../base/currency.ts';
import type { Id } from '../base/ids.ts';
import { isPositive } from '../base/money.ts';
import { ok, type Refusal, type Result, refuse } from '../base/result.ts';
import type {
  AcquirerRole,
  CoverageState,
  HubFees,
  SettlementTerms,
  WalletLimit,
  WalletMode,
  WalletRole,
} from './participant.ts';

export interface WalletInput {
  readonly slug: string;
  readonly brandCode: string;
  /** False unless said. */
  readonly isBankApp?: boolean;
  readonly country: string;
  readonly currency: string;
  readonly modes: readonly WalletMode[];
  /** None unless said. */
  readonly limits?: readonly WalletLimit[];
  /** Alipay+'s own unless said; a wallet that shows no codes has none. */
  readonly codeIssuer?: string | null;
  readonly endpoint: string;
  readonly cutOffMinutes?: number;
  /** None unless said. */
  readonly fees?: Partial<HubFees>;
  readonly settlement?: Partial<SettlementTerms>;
  /** Nowhere unless said. */
  readonly markets?: Readonly<Record<string, CoverageState>>;
}

export interface AcquirerInput {
  readonly countries: readonly string[];
  readonly settlementCurrencies: readonly string[];
  readonly endpoint?: string | null;
  readonly codePrefixes?: readonly string[];
  readonly pushSchemes?: readonly string[];
  readonly fees?: Partial<HubFees>;
  readonly settlement?: Partial<SettlementTerms>;
}

export type FieldRefusal = Refusal<'invalid_participant' | 'invalid_country' | 'unknown_currency'>;
type Checked<Value> = Result<Value, FieldRefusal>;

export const WALLET_MODES: readonly WalletMode[] = ['cashier', 'autoDebit', 'userPresented', 'merchantPresented'];
export const COVERAGE_STATES: readonly CoverageState[] = ['pilot', 'live', 'paused'];

const CODE_ISSUER = '281666';
/** 00:15 in UTC+8. */
const CUT_OFF_MINUTES = 15;
/** Two working days after the cycle's, as contracts have it when they say nothing. */
const SETTLEMENT_DAYS = 2;
const NO_FEES: HubFees = { interchangeBps: 0, serviceBps: 0 };

/** A rule that does not hold, or the next of them. */
type Rule = readonly [pointer: string, holds: boolean, rule: string, code?: FieldRefusal['code']];

function firstBroken(rules: readonly Rule[]): { readonly ok: false; readonly error: FieldRefusal } | null {
  const broken = rules.find(([, holds]) => !holds);
  if (broken === undefined) return null;
  const [pointer, , rule, code = 'invalid_participant'] = broken;
  return refuse(code, rule, { pointer });
}

/** Name and id. */
export function checkNames(input: { readonly participantId: string; readonly name: string }): Checked<null> {
  const broken = firstBroken([
    [
      '/participantId',
      /^[A-Za-z0-9]{8,64}$/.test(input.participantId),
      'must be 8 to 64 letters and digits, as its messages carry it',
    ],
    ['/name', /^[^\p{Cc}]{1,60}$/u.test(input.name) && input.name.isWellFormed(), 'must have 1 to 60 characters'],
  ]);
  return broken ?? ok(null);
}

/** @param account the one the wallet owes us on. */
export function checkWallet(input: WalletInput, account: Id<'net'>, participantId: string): Checked<WalletRole> {
  const { slug, brandCode, country, currency, modes, limits = [], endpoint, fees, settlement, markets = {} } = input;
  const { cutOffMinutes = CUT_OFF_MINUTES, isBankApp = false } = input;
  const showsCodes = modes.includes('userPresented');
  const codeIssuer = input.codeIssuer === undefined ? (showsCodes ? CODE_ISSUER : null) : input.codeIssuer;
  const terms = { agreementId: participantId, days: SETTLEMENT_DAYS, calendar: country, ...settlement };
  const charged = { ...NO_FEES, ...fees };
  const at = '/wallet';
  const broken = firstBroken([
    [`${at}/slug`, /^[a-z0-9][a-z0-9-]{1,39}$/.test(slug), 'must be 2 to 40 of a-z, 0-9 and -'],
    [`${at}/brandCode`, /^[A-Z0-9_]{2,40}$/.test(brandCode), 'must be 2 to 40 of A-Z, 0-9 and _'],
    countryRule(`${at}/country`, country),
    currencyRule(`${at}/currency`, currency),
    [`${at}/modes`, isSome(modes, WALLET_MODES), `must be some of ${WALLET_MODES.join(', ')}, each once`],
    ...limits.flatMap((limit, index) => limitRules(`${at}/limits/${index}`, limit, currency)),
    [`${at}/limits`, areInOrder(limits), 'a minimum must not be above a maximum'],
    [`${at}/codeIssuer`, codeIssuer === null || /^\d{6}$/.test(codeIssuer), 'must be six digits'],
    [`${at}/codeIssuer`, !showsCodes || codeIssuer !== null, 'a wallet that shows codes needs one'],
    [`${at}/endpoint`, isEndpoint(endpoint), ENDPOINT_RULE],
    [`${at}/cutOffMinutes`, isWhole(cutOffMinutes, 0, 1439), 'must be minutes of a day, 0 to 1439'],
    ...feeRules(`${at}/fees`, charged),
    ...termRules(`${at}/settlement`, terms),
    ...marketRules(`${at}/markets`, markets),
  ]);
  // The rules above have made sure of the currency.
  return (
    broken ??
    ok({
      ...{ slug, brandCode, country, currency: currency as Currency, modes, limits, codeIssuer, endpoint },
      ...{ isBankApp, cutOffMinutes, fees: charged, settlement: terms, markets, account },
    })
  );
}

export function checkAcquirer(input: AcquirerInput, participantId: string): Checked<AcquirerRole> {
  const { countries, settlementCurrencies, endpoint = null, codePrefixes = [], pushSchemes = [] } = input;
  const terms = {
    agreementId: participantId,
    days: SETTLEMENT_DAYS,
    calendar: countries[0] ?? '',
    ...input.settlement,
  };
  const fees = { ...NO_FEES, ...input.fees };
  const at = '/acquirer';
  const broken = firstBroken([
    [`${at}/countries`, isList(countries), 'must name one country or more, each once'],
    ...countries.map((country, index) => countryRule(`${at}/countries/${index}`, country)),
    [`${at}/settlementCurrencies`, isList(settlementCurrencies), 'must name one currency or more, each once'],
    ...settlementCurrencies.map((each, index) => currencyRule(`${at}/settlementCurrencies/${index}`, each)),
    [`${at}/endpoint`, endpoint === null || isEndpoint(endpoint), ENDPOINT_RULE],
    [
      `${at}/endpoint`,
      endpoint !== null || (codePrefixes.length === 0 && pushSchemes.length === 0),
      'who decodes codes or takes pushed payments must be reached',
    ],
    ...codePrefixes.map(
      (prefix, index): Rule => [
        `${at}/codePrefixes/${index}`,
        /^https:\/\/[^\s/]{3,}\/[!-~]*$/i.test(prefix) && prefix.length <= 200,
        'must be the beginning of an https link, with the whole host',
      ],
    ),
    ...pushSchemes.map(
      (scheme, index): Rule => [
        `${at}/pushSchemes/${index}`,
        /^[A-Za-z0-9.-]{1,32}$/.test(scheme),
        'must be the identifier of a scheme in an EMVCo code, 1 to 32 of letters, digits, . and -',
      ],
    ),
    ...feeRules(`${at}/fees`, fees),
    ...termRules(`${at}/settlement`, terms),
  ]);
  // The rules above have made sure of the currencies.
  const currencies = settlementCurrencies as readonly Currency[];
  const role = { countries, settlementCurrencies: currencies, endpoint, codePrefixes, pushSchemes };
  return broken ?? ok({ ...role, fees, settlement: terms });
}

const countryRule = (pointer: string, country: string): Rule => [
  pointer,
  isCountry(country),
  'must be an ISO 3166-1 alpha-2 code',
  'invalid_country',
];

const currencyRule = (pointer: string, currency: string): Rule => [
  pointer,
  isCurrency(currency),
  'must be an ISO 4217 code with a minor unit',
  'unknown_currency',
];

const limitRules = (at: string, { setBy, per, kind, amount }: WalletLimit, currency: string): readonly Rule[] => [
  [`${at}/setBy`, /^[^\p{Cc}]{1,60}$/u.test(setBy), 'must name who set it, in 1 to 60 characters'],
  [`${at}/kind`, kind === 'max' || per === 'payment', 'a minimum is of one payment'],
  [`${at}/amount/currency`, amount.currency === currency, `must be in the wallet's currency, ${currency}`],
  [`${at}/amount/value`, isPositive(amount), 'must be above zero'],
];

function areInOrder(limits: readonly WalletLimit[]): boolean {
  const amounts = (wanted: WalletLimit['kind']) =>
    limits.filter(({ kind }) => kind === wanted).map(({ amount }) => amount.amount);
  return amounts('min').every((min) => amounts('max').every((max) => min <= max));
}

const feeRules = (at: string, { interchangeBps, serviceBps }: HubFees): readonly Rule[] => [
  [`${at}/interchangeBps`, isWhole(interchangeBps, 0, 10_000), BPS_RULE],
  [`${at}/serviceBps`, isWhole(serviceBps, 0, 10_000), BPS_RULE],
];

const BPS_RULE = 'must be hundredths of a percent, 0 to 10000';

const termRules = (at: string, { agreementId, days, calendar }: SettlementTerms): readonly Rule[] => [
  [`${at}/agreementId`, /^[!-~]{1,64}$/.test(agreementId), 'must be 1 to 64 printable characters without spaces'],
  [`${at}/days`, isWhole(days, 0, 30), 'must be working days, 0 to 30'],
  countryRule(`${at}/calendar`, calendar),
];

const marketRules = (at: string, markets: Readonly<Record<string, CoverageState>>): readonly Rule[] =>
  Object.entries(markets).flatMap(([country, state]): readonly Rule[] => [
    countryRule(`${at}/${country}`, country),
    [`${at}/${country}`, COVERAGE_STATES.includes(state), `must be one of ${COVERAGE_STATES.join(', ')}`],
  ]);

const isWhole = (value: number, from: number, to: number): boolean =>
  Number.isInteger(value) && value >= from && value <= to;

const isList = (values: readonly string[]): boolean => values.length > 0 && new Set(values).size === values.length;

const isSome = <Word extends string>(values: readonly Word[], words: readonly Word[]): boolean =>
  isList(values) && values.every((value) => words.includes(value));

const ENDPOINT_RULE = 'must be an http or https address without user, query and final slash';

function isEndpoint(text: string): boolean {
  const url = URL.parse(text);
  return url !== null && /^https?:$/.test(url.protocol) && /^[!-~]{1,500}$/.test(text) && !/[?#@]|\/$/.test(text);
}
