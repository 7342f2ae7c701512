import type { Interface, TransactionReceipt, TransactionResponse } from 'ethers';
import type { Soak } from '../soak.ts';

const AT_ONCE = 100;

/** What the daemons sent. */
export interface Sent {
  readonly transactions: number;
  /** The same call of one account in blocks twice, and both had an effect. */
  readonly repeated: number;
  /** Transactions that failed, by method. */
  readonly reverted: Readonly<Record<string, number>>;
}

/** What may be sent again and again: it fetches whatever coin is there. */
const FETCHES = ['withdraw()', 'withdrawCredit()'];

/** Reads every transaction of the daemons from the chain's blocks. */
export async function sentBy({ hive }: Soak): Promise<Sent> {
  const { chain, hands, requester, firstBlock } = hive;
  const daemons = new Set(
    [hands.verifier, hands.cheat, hands.silent, ...hands.providers].map(({ address }) => address),
  );
  const nameOf = namer(Object.values(requester.contracts));
  const seen = new Set<string>();
  const sent = { transactions: 0, repeated: 0, reverted: {} as Record<string, number> };
  const note = ({ from, to, data, value }: TransactionResponse, { status }: TransactionReceipt): void => {
    const name = nameOf(data);
    sent.transactions++;
    if (status !== 1) {
      sent.reverted[name] = (sent.reverted[name] ?? 0) + 1;
      return;
    }
    const call = `${from} ${to} ${data} ${value}`;
    if (seen.has(call) && !FETCHES.includes(name)) sent.repeated++;
    seen.add(call);
  };
  const head = await chain.getBlockNumber();
  for (let first = firstBlock; first <= head; first += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, head - first + 1) }, (_, i) => first + i);
    const blocks = await Promise.all(numbers.map((number) => chain.getBlock(number, true)));
    const own = blocks.flatMap((block) => block!.prefetchedTransactions.filter(({ from }) => daemons.has(from)));
    const receipts = await Promise.all(own.map(({ hash }) => chain.getTransactionReceipt(hash)));
    for (const [i, transaction] of own.entries()) note(transaction, receipts[i]!);
  }
  return sent;
}

/** Names calls by their selectors. */
function namer(contracts: readonly { interface: Interface }[]): (data: string) => string {
  const names = new Map<string, string>();
  for (const { interface: abi } of contracts) {
    abi.forEachFunction(({ selector, name, inputs }) => {
      names.set(selector, inputs.length === 0 ? `${name}()` : name);
    });
  }
  return (data) => names.get(data.slice(0, 10)) ?? data.slice(0, 10);
}
