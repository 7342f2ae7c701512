import type { DType, PermittedRange, Verdict } from '@essaim/protocol';

/** What a batch was convicted of. `audit` and `run`: an auditor's claim, or a run's, that is not what was drawn or fixed. */
export type FaultKind =
  | 'element'
  | 'missing'
  | 'type'
  | 'encoding'
  | 'context'
  | 'silence'
  | 'audit'
  | 'run'
  | 'unknown';

/** An operand that the proof opened. */
export interface OpenedOperand {
  readonly slot: number;
  /** `inner`: a value inside the same segment. */
  readonly kind: 'input' | 'weight' | 'value' | 'inner';
  /** Input or weight number, or the value's global number. */
  readonly index: number;
  readonly dtype: DType;
  readonly dims: readonly number[];
  /** How many of its elements the judge looked at, and the first of them. */
  readonly count: number;
  readonly first: readonly { readonly at: readonly number[]; readonly value: string }[];
}

/** One wrong number: what was claimed, and what the judge's twin permits, computed here from the transaction's bytes. */
export interface ElementFault {
  /** Operator number in its program of `operators` operators. */
  readonly operator: number;
  readonly operators: number;
  /** ONNX operator and version; empty and 0 where this software does not know it. */
  readonly name: string;
  readonly since: number;
  readonly output: number;
  /** Global number of the value that holds the element. */
  readonly value: number;
  readonly segment: number;
  readonly segments: number;
  /** The value is not committed with the claim: its segment was demanded, and the executor answered. */
  readonly inner: boolean;
  readonly programId: string;
  readonly dtype: DType;
  readonly dims: readonly number[];
  /** Physical index, and the same as logical coordinates. */
  readonly element: number;
  readonly at: readonly number[];
  readonly claimed: string;
  /** The claimed element's bits as 0x hex. */
  readonly bits: string;
  /** What is permitted, in words, and as numbers where it is an interval. */
  readonly permitted: string;
  readonly range: PermittedRange | null;
  /** What the twin says; `convicted` unless this software and the chain disagree. Null: it does not know the judge. */
  readonly verdict: Verdict | null;
  readonly operands: readonly OpenedOperand[];
  readonly proofBytes: number;
}

/** A fault of form: which value, and what its bytes or root show. */
export interface FormFault {
  /** Global number, or the position beyond the values. */
  readonly value: number;
  readonly what: string;
}

/** A question that nobody answered in time. */
export interface SilenceFault {
  readonly demandId: string;
  readonly what: string;
  readonly demander: string;
  readonly bond: bigint;
  /** Seconds and block after which it was too late. */
  readonly endsAt: number;
  readonly endsAtBlock: number;
  readonly askedIn: string | null;
}

/** An input outside what the program declares: the job ends at its requester's cost, nobody is convicted. */
export interface InputFault {
  readonly input: number;
  readonly what: string;
  readonly claimed: string | null;
  readonly permitted: string | null;
  readonly burned: bigint;
  readonly transaction: string;
}

/** Who got what of a convicted executor's lock, in wei of MIEL. The parts add up to `lock`. */
export interface Penalty {
  readonly lock: bigint;
  readonly bounty: bigint;
  readonly bountyTo: string;
  readonly compensation: bigint;
  readonly compensationTo: string;
  readonly burned: bigint;
  /** Went back to the executor. */
  readonly returned: bigint;
  readonly transaction: string;
}

/** One conviction, told from the chain alone. Amounts in wei, times in seconds. */
export interface Conviction {
  readonly batchId: string;
  readonly kind: FaultKind;
  readonly leaf: number;
  readonly claims: number;
  readonly executor: string;
  readonly client: string;
  /** What the client knows it by: of JobMarket the job's id. Null where its submission is not to be found. */
  readonly subject: string | null;
  readonly challenger: string;
  /** Name of the contract that convicted. */
  readonly adjudicator: string;
  readonly transaction: string;
  readonly block: number;
  readonly time: number;
  readonly gas: number;
  /** `provisional`: the block of the conviction can still be taken back. */
  readonly certainty: 'final' | 'provisional';
  readonly submitted: { readonly time: number; readonly block: number };
  /** When the challenger committed to its proof; null where none is needed or the call is not to be read. */
  readonly accused: { readonly time: number; readonly block: number } | null;
  readonly element: ElementFault | null;
  readonly form: FormFault | null;
  readonly silence: SilenceFault | null;
  /** Null until somebody collects it. */
  readonly penalty: Penalty | null;
  /** Of the batch, in wei. */
  readonly lock: bigint;
  /** The whole in sentences, for people. */
  readonly sentences: readonly string[];
  /** What could not be read, and why; empty if nothing. */
  readonly missing: readonly string[];
}
