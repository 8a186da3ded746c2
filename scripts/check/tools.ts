/** The checks that other programs do: Biome, the TypeScript compiler, the writer of generated documents. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckResult, Finding } from './finding.ts';

/** Format and lint of the whole tree, by biome.json. */
export async function checkBiome(root: string): Promise<CheckResult> {
  const script = 'node_modules/@biomejs/biome/bin/biome';
  const options = ['--colors=off', '--reporter=github', '--max-diagnostics=none', '--diagnostic-level=warn'];
  const { code, output } = await run(root, [script, 'check', '.', ...options]);
  const findings = output.split('\n').flatMap((line) => parseBiome(line, root));
  return { findings: whole(findings, code, output, 'biome.json') };
}

/** `::error title=lint/x,file=/a/b.ts,line=1,…::text` of Biome's GitHub reporter; warnings count as findings. */
export function parseBiome(line: string, root: string): Finding[] {
  const match = /^::(?:error|warning) title=([^,]*),file=([^,]*),line=(\d+)[^:]*::(.*)$/.exec(line);
  if (match === null) return [];
  const [, title, file = '', at, text = ''] = match;
  const message =
    title === 'format' ? 'is not formatted; run biome check --write' : `${title}: ${text.split('%0A')[0]}`;
  return [{ file: file.replace(`${root}/`, ''), line: Number(at), message }];
}

/** Types of the project whose tsconfig.json lies in `folder`. */
export async function checkTypes(root: string, folder: string): Promise<CheckResult> {
  if (!existsSync(join(root, folder, 'tsconfig.json'))) return { findings: [], skipped: `no ${folder}/tsconfig.json` };
  const { code, output } = await run(root, [
    'node_modules/typescript/bin/tsc',
    '--noEmit',
    '--pretty',
    'false',
    '-p',
    folder,
  ]);
  const findings = output.split('\n').flatMap(parseTsc);
  return { findings: whole(findings, code, output, `${folder}/tsconfig.json`) };
}

/** `src/a.ts(1,2): error TS1: text`; the lines that continue a message are left out. */
export function parseTsc(line: string): Finding[] {
  const match = /^(.+?)\((\d+),\d+\): (error .*)$/.exec(line);
  return match === null ? [] : [{ file: match[1] as string, line: Number(match[2]), message: match[3] as string }];
}

/** Generated documents say what the code says. */
export async function checkGenerated(root: string): Promise<CheckResult> {
  const script = 'scripts/write-docs.ts';
  if (!existsSync(join(root, script))) return { findings: [], skipped: `no ${script}` };
  const { code, output } = await run(root, [script, '--check']);
  return { findings: whole([], code, output, script) };
}

/** A failure that no line explains is itself a finding, with what the program said last. */
function whole(findings: readonly Finding[], code: number, output: string, file: string): readonly Finding[] {
  if (code === 0 || findings.length > 0) return findings;
  const said = output.trim().split('\n').slice(-12).join('\n    ');
  return [{ file, line: 0, message: `exit code ${code}\n    ${said}` }];
}

function run(root: string, args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
