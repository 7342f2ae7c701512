import type { Conviction, ElementFault, OpenedOperand } from '@essaim/sdk';
import { showShape } from './graph/outline.ts';

const NAMES = { input: 'input', weight: 'weight', value: 'value', inner: 'inner value' } as const;

/** The numbers that the contract computed it from, one by one, and what this page found again by itself. */
export function Evidence({ conviction, fault }: { conviction: Conviction; fault: ElementFault }) {
  const { verdict, proofBytes, bits } = fault;
  return (
    <section className="stack">
      <h2>Checked in this browser</h2>
      <ul className="checks">
        <li>
          The transaction’s {proofBytes.toLocaleString('en')} bytes open, hash by hash, what{' '}
          {conviction.claims === 1 ? 'the executor' : `claim ${conviction.leaf + 1}`} committed to.
        </li>
        <li>{verdictWords(verdict)}</li>
        <li>
          The claimed number is <code>{bits}</code> in its committed bytes.
        </li>
      </ul>
      <details>
        <summary>The numbers that it was computed from</summary>
        <div className="stack operands">
          {fault.operands.map((operand) => (
            // one operand may be opened more than once, at other places
            <Operand key={`${operand.slot}/${operand.first[0]?.at}`} operand={operand} />
          ))}
        </div>
      </details>
    </section>
  );
}

function verdictWords(verdict: ElementFault['verdict']): string {
  if (verdict === null)
    return 'The operator’s judge is not known to this page: only the contract’s verdict stands here.';
  if (verdict === 'convicted') return 'The judge’s twin, run here on the same bytes, convicts it as the contract did.';
  return `The judge’s twin, run here on the same bytes, finds it ${verdict}: the contract and this page disagree. Report this.`;
}

function Operand({ operand: { slot, kind, index, count, dims, dtype, first } }: { operand: OpenedOperand }) {
  return (
    <div>
      <h3>
        Operand {slot + 1}: {count.toLocaleString('en')} of {NAMES[kind]} {index}
      </h3>
      <p className="muted">
        {dtype}, {showShape(dims)}
        {count > first.length && `; the first ${first.length} of them`}
      </p>
      <ol className="numbers">
        {first.map(({ at, value }) => (
          <li key={at.join()}>
            <span className="muted">[{at.join(', ')}]</span> <code>{value}</code>
          </li>
        ))}
      </ol>
    </div>
  );
}
