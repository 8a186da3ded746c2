/** What we draw is read by a decoder that is not ours (ZXing), from the PNG and from the SVG as a browser would show it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { drawBars, drawQr } from './draw.ts';
import { writePaymentCode } from './payment-code.ts';

// From the package on the disk; by itself it would ask a server for it.
const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(wasm)).buffer } });

const TEXTS = [
  'HTTPS://QR.CAUSEWAY.EXAMPLE/MPM/3/R1BMRDAzMlBMVlMwMDIwMUNEU0QwMTIwMDA4MTIzNDU2Nzg=',
  'https://shop.example/pay?table=4',
  '00020101021126360014hk.com.alipayhk0114浅草茶舗5802JP5905Senso6005Tokyo63041234',
  '7',
  `https://shop.example/${'a'.repeat(491)}`,
];

test('a QR code is read back, whatever it says', async () => {
  for (const text of TEXTS) {
    const { png } = await drawQr(text);
    const [read] = await readBarcodes(png, { formats: ['QRCode'] });
    assert.equal(read?.text, text);
  }
});

test('the bars of a payment code are read back', async () => {
  const code = writePaymentCode('281666', '0123456789012345');
  const { png, svg } = await drawBars(code);
  const [read] = await readBarcodes(png, { formats: ['Code128'] });
  assert.deepEqual([read?.text, read?.format], [code, 'Code128']);
  assert.match(svg, /^<svg viewBox/);
  await assert.rejects(async () => drawBars('123'), /payment codes/);
});

test('the quiet zone is as wide as scanners need, and the SVG has the size of the PNG', async () => {
  const qr = await drawQr('https://shop.example/pay?table=4');
  const bars = await drawBars(writePaymentCode('281666', '0123456789012345'));
  for (const [{ svg, png }, format, quiet] of [
    [qr, 'QRCode', 4 * 8],
    [bars, 'Code128', 10 * 3],
  ] as const) {
    const width = Number(/viewBox="0 0 (\d+) \d+"/.exec(svg)?.[1]);
    // A PNG's width stands at byte 16.
    assert.equal(Buffer.from(png).readUInt32BE(16), width);
    const [read] = await readBarcodes(png, { formats: [format] });
    const { topLeft, topRight } = read?.position ?? assert.fail(`${format} was not read`);
    assert.ok(topLeft.x >= quiet - 1, `${format}: ${topLeft.x} pixels on the left`);
    assert.ok(width - topRight.x >= quiet - 1, `${format}: ${width - topRight.x} pixels on the right`);
  }
  await assert.rejects(async () => drawQr(''), /1 to 512/);
});
