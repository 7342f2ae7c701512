import { type Judge, judgeOf } from '@essaim/protocol';
import { expect } from 'chai';
import { MOVES } from '../../conformance/move-nodes.ts';
import { nodeCase } from '../../conformance/node-case.ts';
import { QUANTISED } from '../../conformance/quantised-nodes.ts';
import { ROWS } from '../../conformance/row-nodes.ts';
import { random as numbers } from '../../random.ts';
import { Bench } from './bench.ts';
import { oddFloats, samplesOf } from './compiled.ts';
import { Random } from './random.ts';

const random = new Random(17);
const next = numbers(23);
const FAMILIES = { MOVES, ROWS, QUANTISED };

/** Judges whose proofs are the same in every layout. */
const ANY_LAYOUT = ['MoveJudge', 'IntegerJudge', 'IeeeJudge'];

describe('Judges and their twins on compiled nodes', () => {
  const benches = new Map<string, Bench>();
  const benchOf = async (judge: Judge): Promise<Bench> => {
    const known = benches.get(judge.contract) ?? (await Bench.of(judge));
    benches.set(judge.contract, known);
    return known;
  };

  for (const [family, nodes] of Object.entries(FAMILIES)) {
    for (const type of new Set(nodes.map((node) => node.type))) {
      it(`agree on ${type} (${family.toLowerCase()}), and permit what ONNX Runtime computes`, async () => {
        for (const node of nodes.filter((candidate) => candidate.type === type)) {
          for (const odd of [false, true]) {
            const model = nodeCase(node, next);
            const inputs = odd ? oddFloats(model, random) : model.inputs;
            for (const sample of await samplesOf(model.onnx, inputs, ANY_LAYOUT, random)) {
              const { op } = sample;
              const bench = await benchOf(judgeOf(op.name, op.since, op.inputTypes, op.outputTypes));
              for (let i = 0; i < 3; i++) {
                const count = op.outputTypes[0].dims.reduce((a, b) => a * b, 1);
                if (count > 0) await bench.examineElement(sample, random.below(count), random);
              }
            }
          }
        }
        for (const bench of benches.values()) await bench.flush();
      });
    }
  }

  after(() => {
    for (const [name, { counts, share, gas }] of benches) {
      if (process.env.VERBOSE) console.log(name, counts, share, gas);
      expect(counts.permitted, name).to.be.above(0);
      expect(counts.convicted, name).to.be.above(0);
    }
  });
});
