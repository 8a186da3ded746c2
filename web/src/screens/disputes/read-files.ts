/**
 * Files a person chose, as the API takes them: base64, with the media type that the name's end promises. The server looks
 * whether the bytes keep that promise. The networks take four kinds of files and no other.
 */
export interface ReadFile {
  readonly name: string;
  readonly mediaType: string;
  readonly content: string;
}

export const ACCEPTED = '.pdf,.png,.jpg,.jpeg,.txt';
/** The API's own limits: of a document, and of a stage. */
const MOST_BYTES = 2 * 1024 * 1024;
const MOST_FILES = 10;

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  txt: 'text/plain',
};

/** What is wrong with the files, in words; null when they may be sent. */
export function wrongWith(files: readonly Pick<File, 'name' | 'size'>[]): string | null {
  if (files.length === 0) return 'Choose at least one file.';
  if (files.length > MOST_FILES) return `At most ${MOST_FILES} files.`;
  const unknown = files.find(({ name }) => mediaTypeOf(name) === undefined);
  if (unknown !== undefined) return `${unknown.name} is not a PDF, PNG, JPEG or text file.`;
  const empty = files.find(({ size }) => size === 0);
  if (empty !== undefined) return `${empty.name} is empty.`;
  const large = files.find(({ size }) => size > MOST_BYTES);
  return large === undefined ? null : `${large.name} is larger than 2 MiB.`;
}

export const readFiles = (files: readonly File[]): Promise<readonly ReadFile[]> =>
  Promise.all(
    files.map(async (file) => ({
      name: file.name.slice(0, 100),
      mediaType: mediaTypeOf(file.name) ?? '',
      content: base64(new Uint8Array(await file.arrayBuffer())),
    })),
  );

const mediaTypeOf = (name: string): string | undefined => MEDIA_TYPES[name.split('.').pop()?.toLowerCase() ?? ''];

/** In pieces: a call takes only so many arguments. Each piece is a multiple of three bytes, so that they join. */
function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x6000)
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + 0x6000)));
  return text;
}
