import { EssaimError } from '@essaim/protocol';
import type { Head, Heads } from '../chain/heads.ts';
import type { AsOf } from '../types/index.ts';
import type { Endpoint } from './endpoint.ts';
import { address, count, flag, hex, inner, nullable, object } from './shape.ts';

/** A healthy indexer, and the newest block that it has. */
export interface Standing {
  asOf: AsOf & { hash: string };
  head: Head;
  /** Blocks behind the chain's head. */
  behind: number;
}

const block = object<{ number: number; hash: string; time: number }>({
  number: count,
  hash: hex,
  time: { ...count, field: 'timestamp' },
});
const answer = object<{
  _meta: { block: { number: number; hash: string; time: number }; hasIndexingErrors: boolean };
  protocol: string | null;
}>({
  _meta: object({ block, hasIndexingErrors: flag }),
  protocol: { ...nullable(inner('miel', address)), field: 'protocol(id: "0x00")' },
});

export const standingDocument = `query${answer.select}`;
/** Whether it knows a block by its hash. */
export const knowsDocument = 'query($block: Block_height) { _meta(block: $block) { block { number } } }';

/**
 * Where the indexer stands. INDEXER_WRONG_CHAIN, INDEXER_BROKEN (a handler failed), INDEXER_BEHIND, INDEXER_REORGANISED (it
 * still has blocks that the chain took back), and as {@link Endpoint.ask}
 */
export async function standingOf(endpoint: Endpoint, heads: Heads, miel: string, maxBehind: number): Promise<Standing> {
  const [data, head] = await Promise.all([endpoint.ask(standingDocument, {}), heads.head()]);
  const { _meta, protocol } = answer.read(data, 'answer');
  const { number, hash, time } = _meta.block;
  const details = { indexed: number, head: head.number };
  if (_meta.hasIndexingErrors) {
    throw new EssaimError('INDEXER_BROKEN', `the indexer stopped at block ${number}: a handler failed`, {
      help: 'its operator has to look at its log; until then the chain is asked',
      details,
    });
  }
  if (protocol !== null && protocol !== miel)
    throw wrong(endpoint, `its MIEL is ${protocol}, the deployment’s ${miel}`);
  const behind = Math.max(0, head.number - number);
  if (protocol === null || behind > maxBehind) {
    throw new EssaimError('INDEXER_BEHIND', `the indexer is ${behind} blocks behind the chain`, {
      help: 'wait until it caught up; until then the chain is asked',
      details,
    });
  }
  await requireCanonical(endpoint, heads, head, { number, hash });
  return { asOf: { block: number, hash, time }, head, behind };
}

async function requireCanonical(
  endpoint: Endpoint,
  heads: Heads,
  head: Head,
  { number, hash }: { number: number; hash: string },
): Promise<void> {
  if (number <= head.number) {
    const canonical = number === head.number ? head.hash : await heads.hashOf(number);
    if (canonical === hash) return;
    if (number <= head.final) throw wrong(endpoint, `its block ${number} is ${hash}, the chain’s ${canonical}`);
  } else {
    // The endpoint of the chain may be the one that is behind: then the indexer knows its head.
    const knows = await endpoint.ask(knowsDocument, { block: { hash: head.hash } }).catch((error: EssaimError) => {
      if (error.code === 'INDEXER_NO_BLOCK') return undefined;
      throw error;
    });
    if (knows) return;
  }
  throw new EssaimError('INDEXER_REORGANISED', `the indexer still has block ${number} that the chain took back`, {
    help: 'it follows with the next blocks; until then the chain is asked',
    details: { indexed: number, head: head.number },
  });
}

const wrong = ({ where }: Endpoint, why: string) =>
  new EssaimError('INDEXER_WRONG_CHAIN', `the indexer at ${where} is of another chain or deployment: ${why}`, {
    help: 'give the address of the indexer of this deployment',
  });
