/**
 * Payment files come in under a name. A name is taken once: the same bytes again get the same receipt, other bytes are
 * refused. A file that is not valid is refused as a whole and not kept.
 */
import { header, json, problem, type Reply, type Request } from '../base/http-server.ts';
import { nextWorking } from '../base/working-days.ts';
import type { Bank } from './bank.ts';
import { BOOK_AT } from './lines.ts';
import { type NachaFile, readNacha } from './nacha-read.ts';
import type { FileRow } from './schema.ts';

/** POST /files */
export function takeFile(bank: Bank, request: Request): Reply {
  const name = header(request, 'x-file-name');
  if (!/^[\w.-]{1,100}$/.test(name)) return refused('file_name', 'x-file-name: 1 to 100 of letters, digits, _ . -');
  const content = request.body.toString('latin1');
  const known = fileByName(bank, name);
  if (known !== null && known.content === content) return json(202, { receipt: known.receipt, name });
  if (known !== null) return problem(409, 'name_taken', `another file was sent as ${name}`);
  const read = readNacha(content);
  if (!read.ok) return refused(read.code, read.message);
  return json(202, { receipt: keep(bank, name, content, read.file), name });
}

/** GET /files/{name} */
export function showFile(bank: Bank, request: Request): Reply {
  const file = fileByName(bank, request.params.name ?? '');
  if (file === null) return problem(404, 'not_found', 'no file of this name');
  const { name, receipt, booked_on: bookedOn } = file;
  return json(200, { name, receipt, state: bookedOn === null ? 'received' : 'booked', bookedOn });
}

const fileByName = ({ store }: Bank, name: string): FileRow | null =>
  store.first<FileRow>('select * from file where name = ?', name);

function keep({ store, time }: Bank, name: string, content: string, file: NachaFile): string {
  const count = store.first<{ files: bigint }>('select count(*) as files from file')?.files ?? 0n;
  const receipt = `RCPT${String(count + 1n).padStart(10, '0')}`;
  const reference = file.header.referenceCode === '' ? receipt : file.header.referenceCode;
  store.run(
    'insert into file (name, receipt, content, reference, total, entries, due_ms) values (?, ?, ?, ?, ?, ?, ?)',
    ...[name, receipt, content, reference, file.credits, file.entries.length, nextWorking(time.nowMs(), BOOK_AT)],
  );
  return receipt;
}

/** `{code, message}`: how this bank refuses a file. */
const refused = (code: string, message: string): Reply => json(422, { code, message });
