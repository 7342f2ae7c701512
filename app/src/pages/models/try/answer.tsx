import type { Output } from '@essaim/sdk';

/** The digit that the model read, and how it weighed the ten. */
export function Answer({ outputs }: { outputs: readonly Output[] }) {
  const scores = outputs.find(({ data }) => data.length === 10);
  const named = outputs.find(({ name, data }) => name === 'digit' && data.length === 1);
  const weights = scores && softmax(Array.from(scores.data as ArrayLike<number>, Number));
  const digit = named ? Number(named.data[0]) : weights?.indexOf(Math.max(...weights));
  return (
    <div className="answer">
      <p className="answer-digit">
        <span className="visually-hidden">The model reads a </span>
        {digit ?? '?'}
      </p>
      {weights && (
        <ol className="bars" start={0} aria-label="How it weighs the ten digits">
          {weights.map((weight, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a digit is its place
            <li key={i} className={i === digit ? 'chosen' : undefined}>
              <span className="bar" style={{ height: `${Math.max(2, weight * 100)}%` }} aria-hidden="true" />
              <span aria-hidden="true">{i}</span>
              <span className="visually-hidden">
                {i}: {(weight * 100).toFixed(1)} percent
              </span>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

/** Scores of any size as parts of one. */
function softmax(scores: readonly number[]): number[] {
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - most));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
