import { useToken } from '../../parts/use-token.ts';

/** Which of the tokens that holders are paid in is shown. */
export function TokenChoice({
  tokens,
  token,
  choose,
}: {
  tokens: readonly string[];
  token: string;
  choose: (token: string) => void;
}) {
  if (tokens.length < 2) return null;
  return (
    <fieldset className="segments">
      <legend>Paid in</legend>
      {tokens.map((each) => (
        <label key={each}>
          <input type="radio" name="token" checked={each === token} onChange={() => choose(each)} />
          <span>
            <TokenName of={each} />
          </span>
        </label>
      ))}
    </fieldset>
  );
}

const TokenName = ({ of }: { of: string }) => useToken(of).symbol;
