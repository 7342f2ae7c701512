import { accusationHash, EssaimError, toHex } from '@essaim/protocol';
import { ClaimState, settleDemands, unlessDone, until } from '@essaim/sdk';
import { atOneBlock } from '@essaim/sdk/node';
import { type ContractTransaction, keccak256 } from 'ethers';
import { accountOf, act, type Desk, windowEnd } from './case.ts';
import type { Charge } from './charge.ts';
import type { Docket } from './docket.ts';

/** What a conviction was about and what it took. Amounts in wei of MIEL. */
export interface Conviction {
  readonly verdict: 'convicted' | 'void';
  /** `silence`: a demand was not answered in time. */
  readonly fault: Charge['kind'] | 'silence';
  readonly leaf: number;
  readonly proofBytes: number;
  /** Accusation and proof; for silence the demand and its end. */
  readonly transactions: number;
  readonly gas: number;
  readonly slashed: string;
  readonly bounty: string;
  /** To the requester. */
  readonly compensation: string;
  /** What else the charge tells: operator, node, value, element, claimed, permitted. */
  readonly [more: string]: string | number;
}

/** Judge verdicts as Referee.examine numbers them. */
const VERDICTS = { void: 1n, convicted: 2n } as const;

/**
 * Accuses, waits a block, proves, and collects the slash. VERDICT_DISAGREES, and nothing is sent, unless the referee
 * itself finds what the judge's twin found.
 */
export async function convict(
  desk: Desk,
  submission: Docket,
  charge: Charge,
  signal?: AbortSignal,
): Promise<Conviction> {
  const { contracts, pollingInterval } = desk.essaim;
  const { batchId } = submission;
  const { proof, verdict } = charge;
  if (charge.kind === 'element') await requireFault(desk, submission, charge);
  const place = `${charge.leaf} ${charge.kind} ${keccak256(proof)}`;
  const shown = Object.entries(charge.told).map(([name, value]) => `${name} ${value}`);
  const why = `batch ${batchId}, leaf ${charge.leaf}: ${[`${charge.kind} (${verdict})`, ...shown].join(', ')}`;
  await desk.consent?.({ kind: 'convict', subject: batchId, place, why }, signal);
  const simulation = await contracts.Referee.examine.populateTransaction(batchId, toHex(proof));
  const isElement = charge.kind === 'element';
  await desk.budget?.requireConviction(batchId, submission.told, proof, isElement ? simulation : undefined);
  const end = await windowEnd(desk, batchId);
  const { salt, accusation, isMade } = await accusationFor(desk, batchId, proof);
  const accuse = await contracts.Accusations.accuse.populateTransaction(accusation);
  const accused = isMade ? undefined : await act(desk, accuse, `accusing batch ${batchId}`, signal, end);
  if (accused) desk.budget?.note(batchId, accused);
  const prove = await proving(desk, submission, charge, salt);
  const proven = await until(
    () => act(desk, prove, `proving a fault in batch ${batchId}`, signal, end).catch(unlessTooEarly),
    { interval: pollingInterval, signal },
  );
  return {
    verdict,
    fault: charge.kind,
    ...charge.told,
    leaf: charge.leaf,
    proofBytes: proof.length,
    transactions: 2,
    gas: Number((accused?.gasUsed ?? 0n) + proven.gasUsed),
    ...(verdict === 'convicted' ? await collect(desk, submission, signal) : NOTHING),
  };
}

/**
 * An accusation whose salt is secret and the same after a restart, so that one that was made before it is gone on with;
 * one that is half over is left alone, and another made.
 */
async function accusationFor(desk: Desk, batchId: string, proof: Uint8Array) {
  const { contracts, provider } = desk.essaim;
  const account = accountOf(desk);
  const challenger = await account.getAddress();
  for (let turn = 0; ; turn++) {
    const salt = keccak256(await account.signMessage(`Essaim accusation ${batchId} ${keccak256(proof)} ${turn}`));
    const accusation = accusationHash(batchId, proof, challenger, salt);
    const [{ time, maxSeconds }, head] = await atOneBlock(provider, () =>
      Promise.all([contracts.Accusations.madeAt(accusation), provider.getBlock('latest')]),
    );
    const isMade = time > 0n;
    if (!isMade || (head && BigInt(head.timestamp) < time + maxSeconds / 2n)) return { salt, accusation, isMade };
  }
}

async function requireFault({ essaim }: Desk, { batchId }: Docket, { proof, verdict }: Charge): Promise<void> {
  const found = await essaim.contracts.Referee.examine(batchId, toHex(proof));
  if (found === VERDICTS[verdict]) return;
  throw new EssaimError('VERDICT_DISAGREES', `the judge’s twin says ${verdict}, the referee ${found}`, {
    help: 'nothing was sent; report this proof: it is a fault of this software',
    details: { proof: toHex(proof) },
  });
}

function proving(
  { essaim }: Desk,
  { batchId, proveForeign }: Docket,
  charge: Charge,
  salt: string,
): Promise<ContractTransaction> {
  const { Referee, Malformed } = essaim.contracts;
  const { kind, proof } = charge;
  const blob = toHex(proof);
  switch (kind) {
    case 'element':
      return Referee.proveFault.populateTransaction(batchId, blob, salt);
    case 'missing':
      return Malformed.proveMissing.populateTransaction(batchId, blob, salt);
    case 'type':
      return Malformed.proveHeader.populateTransaction(batchId, blob, salt);
    case 'encoding':
      return Malformed.proveEncoding.populateTransaction(batchId, blob, salt);
    default:
      return proveForeign(charge, salt);
  }
}

/** An accusation counts from the next block on; some endpoints simulate in the block that holds it. */
const unlessTooEarly = unlessDone(['Accusations_TooSoon']);

const NOTHING = { slashed: '0', bounty: '0', compensation: '0' };

/**
 * Makes Penalties take the slash of a batch that was rejected, unless someone did, and fetches bonds; says how much it
 * was. Where the endpoint does not know of the conviction yet it is waited for.
 */
export async function collect(
  desk: Desk,
  { batchId, punish }: Pick<Docket, 'batchId' | 'punish'>,
  signal?: AbortSignal,
) {
  const { essaim } = desk;
  const { Claims, Penalties, StakeManager } = essaim.contracts;
  const account = await accountOf(desk).getAddress();
  let taken = NOTHING;
  const ended = async () => {
    const state = await Claims.state(batchId);
    return state === ClaimState.None || state === ClaimState.Pending ? undefined : state;
  };
  const state = await until(ended, { interval: essaim.pollingInterval, signal });
  if (state === ClaimState.Rejected && !(await Penalties.collected(batchId))) {
    const sent = await act(desk, await punish(), `collecting the slash of batch ${batchId}`, signal).catch(
      unlessDone(['Penalties_Collected'], () => Penalties.collected(batchId)),
    );
    const event = sent?.logs
      .map((log) => StakeManager.interface.parseLog(log))
      .find((entry) => entry?.name === 'Slashed');
    const { amount, bounty, compensation } = event?.args ?? { amount: 0n, bounty: 0n, compensation: 0n };
    taken = { slashed: String(amount), bounty: String(bounty), compensation: String(compensation) };
  }
  const since = Math.max(essaim.deployment.startBlock, Number((await Claims.batch(batchId)).blockNumber));
  await settleDemands(essaim, batchId, since, account, signal);
  return taken;
}
