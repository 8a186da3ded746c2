import { Problem } from '../../api/client.ts';

export const NO_ANSWER = 'No answer came back, so it may or may not have happened. Sending again cannot do it twice.';

/** Why it was refused, field by field; or that nobody knows, in the words of `unsure`. */
export function Refusal({ error, unsure }: { readonly error: Error | null; readonly unsure: string }) {
  if (error === null) return null;
  if (!(error instanceof Problem)) {
    return (
      <div className="notice tone-waiting" role="alert">
        {unsure}
      </div>
    );
  }
  return (
    <div className="notice tone-bad" role="alert">
      {error.message} <code>{error.code}</code>
      {error.errors.map(({ pointer, detail }) => (
        <span key={pointer} className="notice-line">
          <code>{pointer}</code> {detail}
        </span>
      ))}
    </div>
  );
}
