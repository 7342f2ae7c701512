import { Amount } from './amount.tsx';

/** One number of the network and what it counts, in a `<dl className="figures">`; a bigint is an amount of `token`. */
export function Figure({ of, what, token }: { of: number | bigint | undefined; what: string; token?: string }) {
  return (
    <div>
      <dt>{what}</dt>
      <dd>{typeof of === 'bigint' ? <Amount of={of} token={token} /> : (of?.toLocaleString('en') ?? '—')}</dd>
    </div>
  );
}
