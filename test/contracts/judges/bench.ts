import {
  concat,
  encodeOperator,
  type Judge,
  type Need,
  OUTPUT_SLOT,
  type Permitted,
  toHex,
  uint,
  type Verdict,
} from '@essaim/protocol';
import { expect } from 'chai';
import type { BaseContract, Contract } from 'ethers';
import { network } from 'hardhat';
import { readElement } from '../../../protocol/src/judges/elements.ts';
import type { Random } from './random.ts';
import { countOf, runOnnx, type Sample, type Spec, sampleOf, sizeOf } from './sample.ts';

const VERDICTS = ['permitted', 'void', 'convicted'] as const;
const REVERTED = 255;
export const NUMERICS = 1;
/** Cases collected before they are asked. */
const BATCH = 150;
/** Gas of one call, below that of one transaction, and of a hexadecimal digit of its data at most. */
const CALL_GAS = 14_000_000;
const CALLDATA_GAS = 20;

interface Case {
  op: string;
  numerics: number;
  output: number;
  element: number;
  claimed: bigint;
  evidence: string;
}

interface Expected {
  verdict: number;
  gas: number;
  what: string;
}

/** What a twin says of an element, and the evidence that its contract gets. */
export interface Answer {
  verdict: Verdict;
  evidence: Uint8Array;
  words: string;
  permitted: Permitted;
}

/** Runs a twin's trial on an operator's operands. */
export function tryElement(judge: Judge, sample: Sample, element: number, claimed: bigint, witness?: number): Answer {
  const trial = judge.try(sample.op, NUMERICS, 0, element, claimed, witness);
  const parts: Uint8Array[] = [];
  let step = trial.next();
  for (; !step.done; step = trial.next(read(sample, step.value))) {
    const { slot, offset, length } = step.value;
    parts.push(uint(slot, 1), uint(offset, 4), uint(length, 4), read(sample, step.value));
  }
  const permitted = step.value;
  return { verdict: permitted.verdict(claimed), evidence: concat(parts), words: permitted.describe(), permitted };
}

/** The physical element that speaks most against a claim on an order operator. */
export function findWitness(judge: Judge, sample: Sample, element: number, claimed: bigint): number {
  const search = judge.witness!(sample.op, 0, element, claimed);
  let step = search.next();
  while (!step.done) step = search.next(read(sample, step.value));
  return step.value;
}

function read(sample: Sample, { slot, offset, length }: Need): Uint8Array {
  expect(slot).to.be.below(OUTPUT_SLOT);
  const bytes = sample.operands[slot]?.subarray(offset, offset + length);
  expect(bytes?.length, `${describe(sample)}: slot ${slot}, ${length} bytes at ${offset}`).to.equal(length);
  return bytes!;
}

/** A judge contract beside its twin, both asked the same questions. */
export class Bench {
  readonly judge: Judge;
  /** Whether nothing beside the honest value may be permitted. */
  strict = false;
  readonly counts: Record<string, number> = { permitted: 0, void: 0, convicted: 0, reverted: 0, fromOnnxRuntime: 0 };
  /** The largest share of a judge's worst case, as its twin states it, that a judgement cost. */
  share = 0;
  /** Highest gas seen for each operator. */
  readonly gas = new Map<string, number>();
  readonly #harness: Contract;
  readonly #address: string;
  #cases: Case[] = [];
  #expected: Expected[] = [];

  static async of(judge: Judge): Promise<Bench> {
    const { ethers } = await network.getOrCreate();
    const contract = await ethers.deployContract(judge.contract);
    const harness = await ethers.deployContract('JudgeBench__Harness');
    return new Bench(judge, harness, await contract.getAddress());
  }

  private constructor(judge: Judge, harness: BaseContract, address: string) {
    this.judge = judge;
    this.#harness = harness as Contract;
    this.#address = address;
  }

  /**
   * Judges `elements` random elements of an operator, whose results come from ONNX Runtime or else from `exact`.
   * Returns whether ONNX Runtime has a kernel.
   */
  async examine(spec: Spec, random: Random, elements: number, exact?: () => Uint8Array): Promise<boolean> {
    const run = await runOnnx(spec);
    if (run) this.counts.fromOnnxRuntime++;
    const results = run ?? exact?.();
    if (!results) throw new Error(`no reference for ${spec.name} ${spec.since} of ${spec.output.dtype}`);
    const sample = sampleOf(spec, results, random);
    this.judge.admit(sample.op);
    for (let i = 0; i < elements; i++) await this.examineElement(sample, random.below(countOf(sample)), random);
    return run !== null;
  }

  /**
   * The honest value is permitted; its neighbours and a random value get the same verdict from both, which is
   * `convicted` where the judge is `strict`.
   */
  async examineElement(sample: Sample, element: number, random: Random): Promise<void> {
    const { op, honest } = sample;
    const size = sizeOf(sample);
    const value = readElement(honest.subarray(element * size, (element + 1) * size));
    const { verdict } = this.#ask(sample, element, value);
    expect(verdict, `${describe(sample)} element ${element}: the honest value`).to.equal('permitted');
    const { dtype } = op.outputTypes[0];
    for (const step of [1n, -1n]) {
      const beside = this.#ask(sample, element, BigInt.asUintN(8 * size, value + step));
      if (this.strict)
        expect(beside.verdict, `${describe(sample)} element ${element} off by ${step}`).to.equal('convicted');
    }
    const { evidence } = this.#ask(sample, element, random.bits(dtype));
    if (random.chance(10)) this.#askWrongly(sample, element, value, evidence, random);
    if (this.#cases.length >= BATCH) await this.flush();
  }

  /** Asks about one claim; returns the twin's verdict, which the contract must share. */
  async claim(sample: Sample, element: number, claimed: bigint): Promise<Verdict> {
    const { verdict } = this.#ask(sample, element, claimed);
    if (this.#cases.length >= BATCH) await this.flush();
    return verdict;
  }

  /** Adds one question to the batch; returns what the twin says. */
  #ask(sample: Sample, element: number, claimed: bigint): Answer {
    const witness = sample.op.name.startsWith('Arg') ? findWitness(this.judge, sample, element, claimed) : undefined;
    const answer = tryElement(this.judge, sample, element, claimed, witness);
    const { verdict, evidence, words } = answer;
    const worst = this.judge.worst(sample.op);
    expect(evidence.length, `${describe(sample)}: evidence bytes`).to.be.at.most(worst.bytes);
    this.#push(sample, element, claimed, evidence, VERDICTS.indexOf(verdict), worst.gas, words);
    return answer;
  }

  /** Evidence that is not the judge's, byte for byte, must revert. */
  #askWrongly(sample: Sample, element: number, claimed: bigint, evidence: Uint8Array, random: Random): void {
    const trailing = concat([evidence, new Uint8Array(1)]);
    this.#push(sample, element, claimed, trailing, REVERTED, 0, 'a trailing byte');
    this.#push(sample, countOf(sample), claimed, evidence, REVERTED, 0, 'an element beyond the last');
    if (evidence.length === 0) return;
    const changed = (index: number, by: number) => evidence.with(index, evidence[index] ^ by);
    this.#push(sample, element, claimed, changed(0, 1 << random.below(7)), REVERTED, 0, 'another slot');
    this.#push(sample, element, claimed, changed(1, 1 << random.below(7)), REVERTED, 0, 'another offset');
    this.#push(sample, element, claimed, changed(8, 1 << random.below(8)), REVERTED, 0, 'another length');
    this.#push(sample, element, claimed, evidence.subarray(0, -1), REVERTED, 0, 'a byte missing');
  }

  #push(
    sample: Sample,
    element: number,
    claimed: bigint,
    evidence: Uint8Array,
    verdict: number,
    gas: number,
    what: string,
  ): void {
    const op = toHex(encodeOperator(sample.op));
    this.#cases.push({ op, numerics: NUMERICS, output: 0, element, claimed, evidence: toHex(evidence) });
    this.#expected.push({ verdict, gas, what: `${describe(sample)} element ${element} claimed ${claimed}: ${what}` });
  }

  /** Asks the contract what was collected and compares. */
  async flush(): Promise<void> {
    const [cases, expected] = [this.#cases, this.#expected];
    this.#cases = [];
    this.#expected = [];
    let [from, weight] = [0, 0];
    for (const [i, { op, evidence }] of cases.entries()) {
      const more = expected[i].gas + (op.length + evidence.length) * CALLDATA_GAS;
      if (i > from && weight + more > CALL_GAS) {
        await this.#compare(cases.slice(from, i), expected.slice(from, i));
        [from, weight] = [i, 0];
      }
      weight += more;
    }
    if (cases.length > from) await this.#compare(cases.slice(from), expected.slice(from));
  }

  async #compare(cases: Case[], expected: Expected[]): Promise<void> {
    const [verdicts, gas] = await this.#harness.run.staticCall(this.#address, cases);
    for (const [i, { verdict, gas: limit, what }] of expected.entries()) {
      expect(Number(verdicts[i]), what).to.equal(verdict);
      this.counts[VERDICTS[verdict] ?? 'reverted']++;
      if (verdict === REVERTED) continue;
      const name = what.slice(0, what.indexOf(' '));
      this.gas.set(name, Math.max(this.gas.get(name) ?? 0, Number(gas[i])));
      this.share = Math.max(this.share, Number(gas[i]) / limit);
      expect(Number(gas[i]), `${what}: gas`).to.be.at.most(limit);
    }
  }
}

function describe({ op }: Sample): string {
  const types = op.inputTypes.map((t) => (t ? `${t.dtype}[${t.dims}]@${t.layout.toString(16)}` : 'none'));
  const { dtype, dims, layout } = op.outputTypes[0];
  return `${op.name} ${op.since} (${types.join(', ')}) -> ${dtype}[${dims}]@${layout.toString(16)}`;
}
