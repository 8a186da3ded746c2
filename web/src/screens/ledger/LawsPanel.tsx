import { Button } from '@mantine/core';
import type { Law, LedgerCheck } from '../../api/client.ts';
import { useLedgerCheck } from '../../queries/ledger.ts';
import { Loaded } from '../../ui/Loaded.tsx';
import { Panel } from '../../ui/Panel.tsx';

/** The result of the ledger's check: one line when all is well, every finding when it is not. */
export function LawsPanel() {
  const check = useLedgerCheck();
  return (
    <Panel
      title="Check"
      aside={
        <Button
          size="compact-sm"
          variant="default"
          loading={check.isFetching && check.data !== undefined}
          onClick={() => void check.refetch()}
        >
          Check again
        </Button>
      }
    >
      <Loaded of={check} what="the check">
        {(result) => <Verdict result={result} />}
      </Loaded>
    </Panel>
  );
}

function Verdict({ result }: { readonly result: LedgerCheck }) {
  const alarms = result.laws.filter(isAlarm);
  const broken = result.laws.filter((law) => !law.ok && !isAlarm(law));
  return (
    <div className="laws">
      <p className="verdict">
        <span className={`badge tone-${result.ok ? 'good' : 'bad'}`}>
          {result.ok ? `All ${result.laws.length} laws hold` : `${broken.length} of ${result.laws.length} laws broken`}
        </span>
        {result.seq !== undefined && <span className="faint num">at journal {result.seq}</span>}
      </p>
      {[...broken, ...alarms].map((law) => (
        <Finding key={law.law} law={law} />
      ))}
      <details>
        <summary>The laws</summary>
        <ul className="law-list">
          {result.laws.map((law) => (
            <li key={law.law}>
              <span className={`badge tone-${toneOf(law)}`}>{law.ok ? 'Holds' : isAlarm(law) ? 'Look' : 'Broken'}</span>
              {law.law}
            </li>
          ))}
        </ul>
      </details>
    </div>
  );
}

function Finding({ law }: { readonly law: Law }) {
  const texts = law.findings.map((finding) => (typeof finding === 'string' ? finding : JSON.stringify(finding)));
  return (
    <div className={`notice tone-${toneOf(law)}`} role={isAlarm(law) ? 'status' : 'alert'}>
      <strong>{law.law}</strong>
      {texts.map((text) => (
        <span key={text} className="notice-line mono">
          {text}
        </span>
      ))}
    </div>
  );
}

/** A finding that calls for a person but breaks no rule. */
const isAlarm = (law: Law): boolean => law.alarm === true && law.findings.length > 0;
const toneOf = (law: Law): string => (isAlarm(law) ? 'waiting' : law.ok ? 'good' : 'bad');
