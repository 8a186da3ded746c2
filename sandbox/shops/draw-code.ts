/** A code of a shop as a QR code, in SVG inside the page. */
import { toSVG } from 'bwip-js/node';

export const drawQr = (text: string): string => toSVG({ bcid: 'qrcode', text, scale: 4, padding: 8 });
