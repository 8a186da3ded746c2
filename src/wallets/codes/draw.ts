/**
 * A code as a picture: QR (ISO/IEC 18004, level M) for every text, Code 128 (ISO/IEC 15417) for payment codes, as SVG for pages and as
 * PNG for print and chats, black on white with the quiet zone that scanners need (4 modules around a QR code, 10 beside bars).
 * The drawing library is loaded with the first picture: it costs 75 ms and most processes never draw.
 */
import type { RenderOptions } from 'bwip-js/node';
import { assert } from '../../base/assert.ts';
import { readPaymentCode } from './payment-code.ts';

export interface Picture {
  /** Text of an SVG document; it scales to the width it is given. */
  readonly svg: string;
  readonly png: Uint8Array;
}

/** The library draws a module of a QR code two units wide; padding is in units. */
const QR = { bcid: 'qrcode', scale: 4, padding: 8 } as const;

/** Any text of 1 to 512 characters, as UTF-8. */
export function drawQr(text: string): Promise<Picture> {
  assert(text.length >= 1 && text.length <= 512, 'a code has 1 to 512 characters');
  // The library takes a character for a byte: what it gets are the bytes of UTF-8.
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  return draw({ ...QR, text: bytes, binarytext: true });
}

/** Bars of a payment code, with its digits for typing below left to the page. */
export function drawBars(paymentCode: string): Promise<Picture> {
  assert(readPaymentCode(paymentCode).ok, 'bars are drawn of payment codes');
  return draw({ bcid: 'code128', text: paymentCode, scale: 3, height: 15, paddingwidth: 10, paddingheight: 4 });
}

async function draw(options: RenderOptions): Promise<Picture> {
  const library = await import('bwip-js/node');
  // A copy for each: the library writes into what it is given.
  const onWhite = (): RenderOptions => ({ ...options, backgroundcolor: 'FFFFFF' });
  return { svg: library.toSVG(onWhite()), png: await library.toBuffer(onWhite()) };
}
