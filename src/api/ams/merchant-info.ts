/**
 * What register says about a seller, read and held to the documented field lists: lengths, needed fields, words. What may be said
 * of a business and still not be enough is for the review to find (src/registrations/review.ts).
 */
import { isCountry } from '../../base/country.ts';
import { type Id, parseId } from '../../base/ids.ts';
import type { Applicant, Certificate, Person } from '../../registrations/index.ts';
import { ATTACHMENT_TYPES } from './attachments.ts';
import type { Fields } from './fields.ts';

const COMPANY_TYPES = [
  'ENTERPRISE',
  'PARTNERSHIP',
  'SOLE_PROPRIETORSHIP',
  'STATE_OWNED_BUSINESS',
  'PRIVATELY_OWNED_BUSINESS',
  'PUBLICLY_LISTED_BUSINESS',
  'LTDA',
  'SA',
  'EIRELI',
  'BOFC',
  'MEI',
  'EI',
] as const;
const CERTIFICATE_TYPES = [
  'ENTERPRISE_REGISTRATION',
  'LICENSE_INFO',
  'ID_CARD',
  'PASSPORT',
  'DRIVING_LICENSE',
  'CPF',
  'CNPJ',
] as const;
const ROLES = ['LEGAL_REPRESENTATIVE', 'UBO', 'CONTACT', 'DIRECTOR', 'AUTHORIZER', 'BOARD_MEMBER'] as const;
const CONTACT_TYPES = ['EMAIL', 'PHONE_NO', 'COMMERCIAL_PHONE_NO'] as const;
const ENTITIES = ['COMPANY', 'INDIVIDUAL'] as const;
/** Of the shares; who has less is no beneficial owner. */
const OWNER_FROM_BPS = 2500;

const INFO = 'merchantInfo';

interface Found {
  readonly fields: Fields;
  readonly attachments: Id<'att'>[];
}

/** `fields.wrong` says whether it can be used. */
export function readMerchantInfo(fields: Fields): Applicant {
  const found: Found = { fields, attachments: [] };
  const loginId = fields.needText(`${INFO}.loginId`, 64);
  if (loginId !== '' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(loginId))
    fields.reject(`${INFO}.loginId`, 'must be an e-mail address');
  const entity = needWord(fields, `${INFO}.legalEntityType`, ENTITIES);
  const company = entity === 'COMPANY' ? readCompany(found, `${INFO}.company`) : null;
  const business = readBusiness(fields);
  const people = readPeople(found);
  const person = people.find(({ role }) => role === 'LEGAL_REPRESENTATIVE');
  if (entity === 'INDIVIDUAL' && person === undefined)
    fields.reject(`${INFO}.entityAssociations`, 'an individual is described as LEGAL_REPRESENTATIVE');
  return {
    loginId,
    legalEntity: entity === 'INDIVIDUAL' ? 'individual' : 'company',
    legalName: company?.legalName ?? person?.name ?? '',
    ...business,
    country: company?.country ?? person?.country ?? '',
    companyType: company?.type ?? null,
    certificates: company?.certificates ?? [],
    people: people.map(({ role, name, shareBps, certified }) => ({ role, name, shareBps, certified })),
    attachments: found.attachments,
    said: fields.raw(INFO) as Record<string, unknown>,
  };
}

interface CompanyFacts {
  readonly legalName: string;
  readonly type: string;
  readonly country: string;
  readonly certificates: readonly Certificate[];
}

function readCompany(found: Found, path: string): CompanyFacts {
  const { fields } = found;
  const legalName = fields.needText(`${path}.legalName`, 256);
  const type = needWord(fields, `${path}.companyType`, COMPANY_TYPES);
  const country = readAddress(fields, `${path}.registeredAddress`);
  readAddress(fields, `${path}.operatingAddress`);
  readDay(fields, `${path}.incorporationDate`);
  if (fields.has(`${path}.stockInfo`)) {
    needRegion(fields, `${path}.stockInfo.listedRegion`);
    fields.text(`${path}.stockInfo.tickerSymbol`, 32);
  }
  const certificates = readCertificates(found, `${path}.certificates`);
  fields.word(`${path}.companyUnit`, ['HEADQUARTER', 'BRANCH'] as const);
  fields.text(`${path}.vatNo`, 64);
  for (let index = 0; index < fields.count(`${path}.attachments`, 10); index += 1) {
    const at = `${path}.attachments.${index}`;
    if (!ATTACHMENT_TYPES.includes(fields.needText(`${at}.attachmentType`, 64)))
      fields.reject(`${at}.attachmentType`, 'is not a kind of attachment');
    fields.needText(`${at}.attachmentName`, 256);
    readFileKey(found, `${at}.fileKey`);
  }
  readContacts(fields, `${path}.contacts`);
  return { legalName, type, country, certificates };
}

function readBusiness(fields: Fields): Pick<Applicant, 'doingBusinessAs' | 'categoryCode'> {
  const path = `${INFO}.businessInfo`;
  const categoryCode = fields.text(`${path}.mcc`, 32);
  if (categoryCode !== null && !/^\d{4}$/.test(categoryCode)) fields.reject(`${path}.mcc`, 'must be four digits');
  for (let index = 0; index < fields.count(`${path}.websites`, 10); index += 1) {
    if (fields.address(`${path}.websites.${index}.url`) === null)
      fields.reject(`${path}.websites.${index}.url`, 'is needed');
    fields.word(`${path}.websites.${index}.type`, ['COMPANY_INTRODUCE', 'TRADING'] as const);
  }
  for (const name of ['englishName', 'appName', 'serviceDescription']) fields.text(`${path}.${name}`, 256);
  if (fields.has(`${path}.mainSalesCountry`)) needRegion(fields, `${path}.mainSalesCountry`);
  return { doingBusinessAs: fields.needText(`${path}.doingBusinessAs`, 256), categoryCode };
}

function readPeople(found: Found): readonly (Person & { readonly country: string })[] {
  const { fields } = found;
  const path = `${INFO}.entityAssociations`;
  return Array.from({ length: fields.count(path, 100) }, (_, index) => {
    const at = `${path}.${index}`;
    const role = needWord(fields, `${at}.associationType`, ROLES);
    const entity = needWord(fields, `${at}.legalEntityType`, ENTITIES);
    const shareBps = readShare(fields, `${at}.shareholdingRatio`);
    if (role === 'UBO' && (shareBps === null || shareBps < OWNER_FROM_BPS))
      fields.reject(`${at}.shareholdingRatio`, 'of a beneficial owner is 25 to 100');
    if (entity === 'COMPANY') {
      const { legalName: name, country, certificates } = readCompany(found, `${at}.company`);
      return { role, name, country, shareBps, certified: certificates.length > 0 };
    }
    return { role, shareBps, ...readIndividual(found, `${at}.individual`) };
  });
}

function readIndividual(found: Found, path: string): Pick<Person, 'name' | 'certified'> & { readonly country: string } {
  const { fields } = found;
  const name = readName(fields, `${path}.name`);
  if (fields.has(`${path}.englishName`)) readName(fields, `${path}.englishName`);
  readDay(fields, `${path}.dateOfBirth`);
  if (fields.has(`${path}.placeOfBirth`)) readAddress(fields, `${path}.placeOfBirth`);
  const certificates = readCertificates(found, `${path}.certificates`);
  const country = fields.has(`${path}.nationality`) ? needRegion(fields, `${path}.nationality`) : '';
  readContacts(fields, `${path}.contacts`);
  return { name, country, certified: certificates.length > 0 };
}

function readName(fields: Fields, path: string): string {
  const names = [fields.needText(`${path}.firstName`, 32), fields.text(`${path}.middleName`, 32)];
  const parts = [...names, fields.needText(`${path}.lastName`, 32)];
  return fields.text(`${path}.fullName`, 128) ?? parts.filter((part) => part !== null && part !== '').join(' ');
}

/** One certificate, as documented; none when it is absent. */
function readCertificates(found: Found, path: string): readonly Certificate[] {
  const { fields } = found;
  if (!fields.has(path)) return [];
  const type = needWord(fields, `${path}.certificateType`, CERTIFICATE_TYPES);
  const number = fields.needText(`${path}.certificateNo`, 64);
  if (fields.has(`${path}.holderName`)) readName(fields, `${path}.holderName`);
  for (let index = 0; index < fields.count(`${path}.fileKeys`, 10); index += 1)
    readFileKey(found, `${path}.fileKeys.${index}`);
  fields.text(`${path}.certificateAuthority`, 64);
  return [{ type, number }];
}

/** Whether it was submitted is for the registration to see. */
function readFileKey({ fields, attachments }: Found, path: string): void {
  const id = parseId('att', fields.needText(path, 256));
  if (id === null) fields.reject(path, 'is no key of an attachment');
  else attachments.push(id);
}

function readContacts(fields: Fields, path: string): void {
  for (let index = 0; index < fields.count(path, 10); index += 1) {
    needWord(fields, `${path}.${index}.type`, CONTACT_TYPES);
    fields.text(`${path}.${index}.info`, 256);
  }
}

/** The region is needed, and is what comes back. */
export function readAddress(fields: Fields, path: string): string {
  const region = needRegion(fields, `${path}.region`);
  fields.text(`${path}.state`, 8);
  fields.text(`${path}.city`, 32);
  for (const name of ['address1', 'address2']) fields.text(`${path}.${name}`, 256);
  fields.text(`${path}.zipCode`, 32);
  return region;
}

export function needRegion(fields: Fields, path: string): string {
  const region = fields.needText(path, 2);
  if (!isCountry(region)) fields.reject(path, 'must be an ISO 3166-1 alpha-2 code');
  return region;
}

export function needWord<Word extends string>(fields: Fields, path: string, words: readonly [Word, ...Word[]]): Word {
  const word = fields.word(path, words);
  if (word === null) fields.reject(path, `must be one of ${words.join(', ')}`);
  return word ?? words[0];
}

function readDay(fields: Fields, path: string): void {
  const day = fields.text(path, 32);
  const good = day === null || (/^\d{4}-?\d{2}-?\d{2}/.test(day) && !Number.isNaN(Date.parse(dashed(day))));
  if (!good) fields.reject(path, 'must be a date');
}

const dashed = (day: string): string => day.replace(/^(\d{4})-?(\d{2})-?(\d{2}).*$/, '$1-$2-$3');

/** "0" to "100", at most two decimals; in hundredths of a percent. */
function readShare(fields: Fields, path: string): number | null {
  const said = fields.text(path, 16);
  if (said === null) return null;
  const match = /^(\d{1,3})(?:\.(\d{1,2}))?$/.exec(said);
  const bps = match === null ? -1 : Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
  if (bps < 0 || bps > 10_000) fields.reject(path, 'must be 0 to 100');
  return bps;
}
