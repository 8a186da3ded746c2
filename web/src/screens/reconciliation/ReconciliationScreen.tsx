/** Reconciliation for the operator: what the ledger, the networks' files and the bank do not agree on. */
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { useTitle } from '../../ui/use-title.ts';
import { OperatorOnly } from '../OperatorOnly.tsx';
import { BankLines } from './BankLines.tsx';
import { Breaks } from './Breaks.tsx';
import { ImportDay } from './ImportDay.tsx';
import { SignDialog } from './SignDialog.tsx';
import type { SignedQuestion } from './signed-question.ts';

export function ReconciliationScreen() {
  useTitle('Reconciliation');
  return (
    <OperatorOnly>
      <ReconciliationPage />
    </OperatorOnly>
  );
}

function ReconciliationPage() {
  const search = useSearch({ from: '/reconciliation' });
  const navigate = useNavigate({ from: '/reconciliation' });
  const [question, setQuestion] = useState<SignedQuestion | null>(null);
  return (
    <>
      <div className="title-row">
        <h1>Reconciliation</h1>
        <ImportDay />
      </div>
      <Breaks
        state={search.breaks ?? 'open'}
        show={(state) =>
          void navigate({
            to: '/reconciliation',
            search: (now) => ({ ...now, breaks: state === 'closed' ? state : undefined }),
          })
        }
        ask={setQuestion}
      />
      <BankLines
        state={search.lines ?? 'unexplained'}
        show={(state) =>
          void navigate({
            to: '/reconciliation',
            search: (now) => ({ ...now, lines: state === 'explained' ? state : undefined }),
          })
        }
        ask={setQuestion}
      />
      {question !== null && <SignDialog key={question.path} question={question} close={() => setQuestion(null)} />}
    </>
  );
}
