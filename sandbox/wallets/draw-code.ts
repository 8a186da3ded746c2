/** The person's payment code as a phone shows it: a QR code and a Code 128, as SVG inside the page. */
import { toSVG } from 'bwip-js/node';

export interface DrawnCode {
  readonly qr: string;
  readonly bars: string;
}

export const drawPaymentCode = (code: string): DrawnCode => ({
  qr: toSVG({ bcid: 'qrcode', text: code, scale: 4, padding: 8 }),
  bars: toSVG({ bcid: 'code128', text: code, scale: 2, height: 14, paddingleft: 10, paddingright: 10 }),
});
