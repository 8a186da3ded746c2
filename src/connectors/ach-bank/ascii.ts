/**
 * Names for NACHA fields: printable ASCII in upper case. Letters with marks lose the marks, letters with a usual spelling
 * in ASCII take it, and what has none becomes `?`: nothing disappears without a trace.
 */

const SPELLINGS: Readonly<Record<string, string>> = {
  Æ: 'AE',
  Œ: 'OE',
  Ø: 'O',
  Đ: 'D',
  Ð: 'D',
  Þ: 'TH',
  Ł: 'L',
  Ħ: 'H',
  Ŧ: 'T',
  Ŋ: 'NG',
  ẞ: 'SS',
  ı: 'I',
  '‘': "'",
  '’': "'",
  '‚': "'",
  '“': '"',
  '”': '"',
  '„': '"',
  '–': '-',
  '—': '-',
  '‐': '-',
  '‑': '-',
}; // prettier-ignore

/** At least one letter or digit survives: the name still says something. */
export const isReadable = (ascii: string): boolean => /[A-Z0-9]/.test(ascii);

/** Upper-case printable ASCII of a name, spaces collapsed. `São Paulo – Øst` → `SAO PAULO - OST`; `深圳` → `??`. */
export function toAscii(name: string): string {
  const plain = [...name.toUpperCase()].map((letter) => SPELLINGS[letter] ?? letter).join('');
  const unmarked = plain.normalize('NFKD').replace(/\p{M}/gu, '').toUpperCase();
  return [...unmarked.replace(/\s+/gu, ' ').trim()]
    .map((letter) => (/[\x20-\x7e]/.test(letter) ? letter : '?'))
    .join('');
}
