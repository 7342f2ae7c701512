import {
  accusationHash,
  buildFaultProof,
  type ClaimPlace,
  EssaimError,
  type Execution,
  elementCount,
  elementValue,
  type Fault,
  type Hash,
  toHex,
} from '@essaim/protocol';
import { type Essaim, encodeTerms, send, type Terms, until } from '@essaim/sdk';
import { type ContractTransaction, hexlify, randomBytes, type TransactionReceipt } from 'ethers';

/** A fault found in a claim of a batch. */
export interface Charge {
  batchId: Hash;
  place: ClaimPlace;
  terms: Terms;
  /** What the executor committed to. */
  execution: Execution;
  fault: Fault;
}

/** What a conviction was about and what it took. Amounts in wei of MIEL. */
export interface Conviction {
  readonly verdict: 'convicted' | 'void';
  /** ONNX operator and node. */
  readonly operator: string;
  readonly node: string;
  readonly value: string;
  readonly element: number;
  /** Elements of that tensor. */
  readonly elements: number;
  readonly claimed: string;
  readonly permitted: string;
  readonly proofBytes: number;
  /** Accusation and proof. */
  readonly transactions: number;
  readonly gas: number;
  readonly slashed: string;
  readonly bounty: string;
}

/** Accuses, waits a block, proves, and collects the slash. */
export async function convict(essaim: Essaim, charge: Charge, signal?: AbortSignal): Promise<Conviction> {
  const { contracts } = essaim;
  const { batchId, place, execution, fault } = charge;
  const { program } = execution;
  const { proof, verdict } = buildFaultProof(execution, place, fault);
  const salt = hexlify(randomBytes(32));
  const accusation = accusationHash(batchId, proof, await signer(essaim).getAddress(), salt);
  const act = async (call: ContractTransaction, doing: string): Promise<TransactionReceipt> =>
    send(signer(essaim), call, doing, { signal, interval: Math.min(250, essaim.pollingInterval) });

  const accused = await act(
    await contracts.Accusations.accuse.populateTransaction(accusation),
    `accusing batch ${batchId}`,
  );
  const prove = await contracts.Referee.proveFault.populateTransaction(batchId, toHex(proof), salt);
  const proven = await until(() => act(prove, `proving a fault in batch ${batchId}`).catch(whenTooEarly), {
    interval: essaim.pollingInterval,
    signal,
  });
  const operator = program.operators[fault.op];
  const type = operator.outputTypes[fault.output];
  const { source } = program.values[operator.firstValue + fault.output];
  return {
    verdict: verdict as Conviction['verdict'],
    operator: operator.name,
    node: operator.node,
    value: 'onnx' in source ? source.onnx : 'relayout',
    element: fault.element,
    elements: elementCount(type),
    claimed: String(elementValue(type.dtype, fault.claimed)),
    permitted: fault.permitted,
    proofBytes: proof.length,
    transactions: 2,
    gas: Number(accused.gasUsed + proven.gasUsed),
    ...(verdict === 'convicted' ? await collect(essaim, charge, act) : { slashed: '0', bounty: '0' }),
  };
}

/** An accusation counts from the next block on; some endpoints simulate in the block that holds it. */
function whenTooEarly(error: unknown): undefined {
  if (error instanceof EssaimError && error.code === 'Accusations_TooSoon') return undefined;
  throw error;
}

type Act = (call: ContractTransaction, doing: string) => Promise<TransactionReceipt>;

/** Makes Penalties take the slash; says how much it was. */
async function collect({ contracts }: Essaim, { batchId, terms }: Charge, act: Act) {
  const call = await contracts.Penalties.collect.populateTransaction(batchId, encodeTerms(terms));
  const { logs } = await act(call, `collecting the slash of batch ${batchId}`);
  const slashed = logs
    .map((log) => contracts.StakeManager.interface.parseLog(log))
    .find((event) => event?.name === 'Slashed');
  return { slashed: String(slashed?.args.amount ?? 0n), bounty: String(slashed?.args.bounty ?? 0n) };
}

function signer(essaim: Essaim) {
  if (essaim.signer) return essaim.signer;
  throw new EssaimError('WALLET_MISSING', 'convicting needs an account that signs', { help: 'connect with a signer' });
}
