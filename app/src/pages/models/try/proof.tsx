import type { CheckedJob, CheckStep, EssaimError } from '@essaim/sdk';
import { useEffect, useState } from 'react';
import { useEssaim } from '../../../connection/connection.ts';
import { toError } from '../../../connection/to-error.ts';
import { Hash } from '../../../parts/address.tsx';
import { Failure } from '../../../parts/failure.tsx';
import { Text } from '../../../parts/text.tsx';

/** Holds the result against the chain here and now, and says what was held against what, and what was not. */
export function Proof({ id }: { id: string }) {
  const { essaim, config } = useEssaim();
  const [steps, setSteps] = useState<readonly CheckStep[]>([]);
  const [checked, setChecked] = useState<CheckedJob>();
  const [error, setError] = useState<EssaimError>();
  useEffect(() => {
    if (!essaim) return;
    const leaving = new AbortController();
    const { signal } = leaving;
    setSteps([]);
    const onStep = (step: CheckStep) => !signal.aborted && setSteps((before) => [...before, step]);
    essaim.jobs.check(id, { signal, onStep }).then(
      (found) => !signal.aborted && setChecked(found),
      async (cause) => {
        const failure = await toError(cause, 'checking the result');
        if (!signal.aborted) setError(failure);
      },
    );
    return () => leaving.abort(new DOMException('left', 'AbortError'));
  }, [essaim, id]);

  return (
    <section className="proof" aria-labelledby="proof">
      <h3 id="proof">Checked in this browser</h3>
      <ul className="checks" aria-live="polite">
        {steps.map((step) => (
          <li key={step.step} className={isShort(step) ? 'unchecked' : 'checked'}>
            {wordsOf(step)}
          </li>
        ))}
        {!checked && !error && <li className="next">Checking …</li>}
      </ul>
      {error && <Failure error={error} title="A check failed" />}
      {checked?.fault && (
        <p className="verdict bad" role="alert">
          Operator {checked.fault.operator} (<Text of={checked.fault.node} limit={60} />
          ), element {checked.fault.element}: what the provider claims is not what the contract permits (
          <Text of={checked.fault.permitted} limit={120} />
          ). Anyone can prove this to the referee.
        </p>
      )}
      {checked && (
        <details>
          <summary>What was not checked</summary>
          <ul>
            {notChecked(checked).map((words) => (
              <li key={words}>{words}</li>
            ))}
            <li>
              That {config ? new URL(config.rpc).host : 'the chain’s endpoint'} tells the truth about the chain: the
              roots above are compared with what it says.
            </li>
            <li>That the model is good at reading digits. It was run as it is; it may still be wrong about yours.</li>
          </ul>
        </details>
      )}
    </section>
  );
}

const count = (n: number): string => n.toLocaleString('en');

/** A step that held only for part of what there is. */
const isShort = (step: CheckStep): boolean =>
  (step.step === 'trace' && !step.served) || (step.step === 'judged' && step.elements < step.of);

function wordsOf(step: CheckStep) {
  switch (step.step) {
    case 'terms':
      return 'The terms hash to this job’s id.';
    case 'model':
      return `The model’s file, ${count(step.bytes)} bytes, compiles to the program that was paid for: ${count(step.operators)} operators.`;
    case 'inputs':
      return `The ${count(step.bytes)} bytes of the drawing hash to the inputs that the terms name.`;
    case 'receipt':
      return (
        <>
          The roots of {count(step.values)} intermediate values make the root that the provider is bound to on chain:{' '}
          <Hash of={step.batchRoot} copy />.
        </>
      );
    case 'outputs':
      return `The answer’s ${count(step.bytes)} bytes hash to their roots among those.`;
    case 'trace':
      return step.served
        ? `All ${count(step.values)} intermediate values were fetched, ${count(step.bytes)} bytes, and hash to their roots.`
        : 'The intermediate values are shown on demand only, and were not fetched.';
    case 'judged':
      return `${step.elements === step.of ? `All ${count(step.of)}` : `${count(step.elements)} of ${count(step.of)}`} numbers of the computation were recomputed from their operands, by the arithmetic that the contract uses: each is ${
        step.exact ? 'the one number that is permitted' : 'within what is permitted'
      }.`;
  }
}

function notChecked({ steps }: CheckedJob): string[] {
  const judged = steps.find((step) => step.step === 'judged');
  const words: string[] = [];
  if (!judged)
    words.push('The computation itself: its intermediate values are not served. A verifier can demand them on chain.');
  if (judged && judged.elements < judged.of)
    words.push(`${count(judged.of - judged.elements)} numbers of the computation, which a verifier recomputes.`);
  if (judged && !judged.exact)
    words.push('Which of the permitted numbers is the exact one: float32 leaves an honest provider a little room.');
  return words;
}
