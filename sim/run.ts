/** `npm run sim -- --seed N --days D [--faults] [--whole] [--json]`: one simulated world; exit 0 only when every law held. */
import { parseArgs } from 'node:util';
import { type SimResult, simulate } from './simulate.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    days: { type: 'string', default: '20' },
    faults: { type: 'boolean', default: false },
    // Goes on after a finding, to the last day of lives: what else is found may follow from the first.
    whole: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

if (!/^\d{1,9}$/.test(values.seed) || !/^[1-9]\d{0,2}$/.test(values.days)) {
  console.error('usage: npm run sim -- --seed N --days D [--faults] [--whole] [--json]');
  process.exitCode = 2;
} else {
  const options = { seed: Number(values.seed), days: Number(values.days), faults: values.faults, whole: values.whole };
  console.log(`seed ${options.seed}, ${options.days} days${options.faults ? ', with faults' : ''}`);
  const result = await simulate({ ...options, say: console.log });
  print(result);
  if (values.json)
    console.log(
      JSON.stringify({ sim: { ...options, ...result, findings: firstOfEach(result.findings) }, ok: result.ok }),
    );
  process.exitCode = result.ok ? 0 : 1;
}

/** A bug breaks a law again at every audit that follows. */
function firstOfEach(findings: SimResult['findings']): SimResult['findings'] {
  return [...new Map(findings.toReversed().map((finding) => [finding.law, finding])).values()];
}

function print(result: SimResult): void {
  const table = (title: string, counts: Readonly<Record<string, number>>): void => {
    console.log(`\n${title}`);
    for (const [name, count] of Object.entries(counts)) console.log(`  ${String(count).padStart(6)}  ${name}`);
  };
  table(`${result.orders} orders planned; lives by outcome`, result.outcomes);
  table('what was lived through', result.happened);
  table('faults hit', result.hits);
  console.log(
    `\n${result.requests} requests, ${result.events} events; all laws held ${result.audits} times, in ${result.seconds} s`,
  );
  for (const { law, detail } of firstOfEach(result.findings)) console.log(`! ${law}: ${detail}`);
  if (result.history !== null) console.log(`the history is in ${result.history}`);
}
