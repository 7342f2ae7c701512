import { decision, type Output } from '@essaim/sdk';
import { Text } from '../../parts/text.tsx';

/** Numbers of an output that are shown one by one. */
const SHOWN = 16;

/** The outputs of each input of a job; every byte was checked before. */
export function Outputs({ of }: { of: readonly (readonly Output[])[] }) {
  return (
    <ol className="outputs">
      {of.map((outputs, claim) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: claims are named by their place
        <li key={claim}>
          {of.length > 1 && <h3>Input {claim + 1}</h3>}
          {outputs.map((output) => (
            <OneOutput key={output.name} of={output} />
          ))}
        </li>
      ))}
    </ol>
  );
}

function OneOutput({ of: output }: { of: Output }) {
  const { name, data, dims } = output;
  const numbers = Array.from(data as ArrayLike<number | bigint | boolean>).slice(0, SHOWN);
  const more = data.length - numbers.length;
  return (
    <dl className="facts">
      <dt>
        <Text of={name} limit={40} />
      </dt>
      <dd>
        <code className="values">{numbers.map(String).join(', ')}</code>
        {more > 0 && ` and ${more.toLocaleString('en')} more`}{' '}
        <span className="muted">({dims.join(' × ') || 'one number'})</span>
        <Decided of={output} />
      </dd>
    </dl>
  );
}

function Decided({ of: output }: { of: Output }) {
  const length = output.dims.at(-1) ?? 1;
  if (length < 2 || output.data.length !== length) return null;
  try {
    const { index, undecided } = decision(output);
    return (
      <p>
        The greatest is number {index}
        {undecided && ', but so little above the next that rounding could have turned it'}.
      </p>
    );
  } catch {
    return null;
  }
}
