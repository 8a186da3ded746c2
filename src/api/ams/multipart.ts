/**
 * A request with files beside it (RFC 7578): the part `body` is the request and alone is signed; each file is a part of its
 * own. Parsed by the platform's own parser; text parts keep their bytes, for they are UTF-8.
 */
export interface Parts {
  readonly body: Buffer;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Null when it is not such a request, or none that can be read. */
export async function readParts(contentType: string, content: Buffer): Promise<Parts | null> {
  if (!/^multipart\/form-data;/i.test(contentType)) return null;
  try {
    const form = await new Response(new Uint8Array(content), { headers: { 'content-type': contentType } }).formData();
    const bytesOf = async (value: string | Blob): Promise<Buffer> =>
      typeof value === 'string' ? Buffer.from(value, 'utf8') : Buffer.from(await value.arrayBuffer());
    const body = form.get('body');
    if (body === null) return null;
    const files = new Map<string, Uint8Array>();
    for (const name of FILES) {
      const file = form.get(name);
      if (file !== null) files.set(name, await bytesOf(file));
    }
    return { body: await bytesOf(body), files };
  } catch {
    return null;
  }
}

const FILES = ['file', 'imageFile'] as const;
