import { formatUnits } from 'ethers';
import { useEssaim } from '../connection/connection.ts';
import { useToken } from './use-token.ts';

/** Up to four digits behind the point, more where the number would else be zero. */
export function showAmount(amount: bigint, decimals = 18): string {
  const [whole, part = ''] = formatUnits(amount, decimals).split('.');
  const grouped = BigInt(whole).toLocaleString('en');
  const sign = whole === '-0' ? '-' : '';
  const firstSeen = part.search(/[1-9]/);
  const digits = BigInt(whole) === 0n && firstSeen >= 4 ? firstSeen + 2 : 4;
  const shown = part.slice(0, digits).replace(/0+$/, '');
  return shown ? `${sign}${grouped}.${shown}` : `${sign}${grouped}`;
}

/** An amount with its token; MIEL where none is named. The exact number is in its title. */
export function Amount({ of, token }: { of: bigint; token?: string }) {
  const { essaim } = useEssaim();
  const { symbol, decimals } = useToken(token ?? essaim?.deployment.addresses.MielToken);
  return (
    <span className="amount" title={`${formatUnits(of, decimals)} ${symbol}`}>
      {showAmount(of, decimals)} <span className="unit">{symbol}</span>
    </span>
  );
}
