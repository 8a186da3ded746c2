/** The result in the language of the shop, so that the clerk can read it too. Shops elsewhere get English. */

export interface Words {
  readonly language: string;
  /** The language in itself. */
  readonly called: string;
  readonly paid: string;
  readonly notPaid: string;
  readonly canceled: string;
  readonly refunded: string;
  readonly shop: string;
  readonly amount: string;
  readonly time: string;
  readonly number: string;
}

const WORDS = {
  en: {
    ...{ called: 'English', paid: 'Paid', notPaid: 'Not paid', canceled: 'Canceled', refunded: 'Refunded' },
    ...{ shop: 'Shop', amount: 'Amount', time: 'Time', number: 'Payment number' },
  },
  ja: {
    ...{
      called: '日本語',
      paid: '支払い完了',
      notPaid: '支払われていません',
      canceled: '取消済み',
      refunded: '返金済み',
    },
    ...{ shop: '店舗', amount: '金額', time: '日時', number: '決済番号' },
  },
  ko: {
    ...{ called: '한국어', paid: '결제 완료', notPaid: '결제되지 않음', canceled: '취소됨', refunded: '환불됨' },
    ...{ shop: '매장', amount: '금액', time: '시간', number: '결제 번호' },
  },
  'zh-Hans': {
    ...{ called: '简体中文', paid: '支付成功', notPaid: '未支付', canceled: '已取消', refunded: '已退款' },
    ...{ shop: '商户', amount: '金额', time: '时间', number: '支付编号' },
  },
  'zh-Hant': {
    ...{ called: '繁體中文', paid: '付款成功', notPaid: '未付款', canceled: '已取消', refunded: '已退款' },
    ...{ shop: '商戶', amount: '金額', time: '時間', number: '付款編號' },
  },
  th: {
    ...{ called: 'ไทย', paid: 'ชำระเงินแล้ว', notPaid: 'ยังไม่ได้ชำระเงิน', canceled: 'ยกเลิกแล้ว', refunded: 'คืนเงินแล้ว' },
    ...{ shop: 'ร้านค้า', amount: 'จำนวนเงิน', time: 'เวลา', number: 'หมายเลขการชำระเงิน' },
  },
  ms: {
    ...{ called: 'Bahasa Melayu', paid: 'Dibayar', notPaid: 'Tidak dibayar', canceled: 'Dibatalkan' },
    ...{ refunded: 'Dibayar balik', shop: 'Kedai', amount: 'Jumlah', time: 'Masa', number: 'Nombor pembayaran' },
  },
  id: {
    ...{ called: 'Bahasa Indonesia', paid: 'Dibayar', notPaid: 'Belum dibayar', canceled: 'Dibatalkan' },
    ...{ refunded: 'Dikembalikan', shop: 'Toko', amount: 'Jumlah', time: 'Waktu', number: 'Nomor pembayaran' },
  },
  vi: {
    ...{ called: 'Tiếng Việt', paid: 'Đã thanh toán', notPaid: 'Chưa thanh toán', canceled: 'Đã hủy' },
    ...{ refunded: 'Đã hoàn tiền', shop: 'Cửa hàng', amount: 'Số tiền', time: 'Thời gian', number: 'Mã thanh toán' },
  },
  de: {
    ...{ called: 'Deutsch', paid: 'Bezahlt', notPaid: 'Nicht bezahlt', canceled: 'Storniert', refunded: 'Erstattet' },
    ...{ shop: 'Geschäft', amount: 'Betrag', time: 'Zeit', number: 'Zahlungsnummer' },
  },
  fr: {
    ...{ called: 'Français', paid: 'Payé', notPaid: 'Non payé', canceled: 'Annulé', refunded: 'Remboursé' },
    ...{ shop: 'Commerce', amount: 'Montant', time: 'Heure', number: 'Numéro de paiement' },
  },
  it: {
    ...{ called: 'Italiano', paid: 'Pagato', notPaid: 'Non pagato', canceled: 'Annullato', refunded: 'Rimborsato' },
    ...{ shop: 'Negozio', amount: 'Importo', time: 'Ora', number: 'Numero del pagamento' },
  },
} as const satisfies Record<string, Omit<Words, 'language'>>;

type Language = keyof typeof WORDS;

const OF_COUNTRY: Readonly<Record<string, Language>> = {
  ...{ JP: 'ja', KR: 'ko', CN: 'zh-Hans', SG: 'en', HK: 'zh-Hant', MO: 'zh-Hant', TW: 'zh-Hant', TH: 'th', MY: 'ms' },
  ...{ ID: 'id', VN: 'vi', DE: 'de', AT: 'de', FR: 'fr', IT: 'it' },
};

export const ENGLISH: Words = { language: 'en', ...WORDS.en };

/** The words of the country that a shop is in; null when they would be English too. */
export function wordsOfCountry(country: string): Words | null {
  const language = OF_COUNTRY[country];
  return language === undefined || language === 'en' ? null : { language, ...WORDS[language] };
}
