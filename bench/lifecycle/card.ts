/** The card of every life, a public test number, and the browser it is typed into. */
export const CARD = { number: '4111111111111111', expiryMonth: 12, expiryYear: 2034, cvv: '111' } as const;

/** What a checkout knows of the buyer's browser, for the issuer; sent with every payment, as nobody knows whom rules ask. */
export const CARDHOLDER = {
  returnUrl: 'https://shop.example/orders/back',
  browser: {
    acceptHeader: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0',
    language: 'en-US',
    ip: '192.0.2.17',
    screenWidth: 1920,
    screenHeight: 1080,
    colorDepth: 24,
    timeZoneOffset: -60,
  },
} as const;

/** Headers of the hosted fields' own post, as that browser sends them. Whole lines. */
export const browserHeaders = (vaultUrl: string): string =>
  [
    `origin: ${vaultUrl}`,
    `referer: ${vaultUrl}/`,
    `user-agent: ${CARDHOLDER.browser.userAgent}`,
    'accept: */*',
    'accept-language: en-US,en;q=0.5',
    'accept-encoding: gzip, deflate',
    'sec-fetch-dest: empty',
    'sec-fetch-mode: cors',
    'sec-fetch-site: same-origin',
    '',
  ].join('\r\n');
