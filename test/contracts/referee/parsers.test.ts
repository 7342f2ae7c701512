import {
  decodeOperator,
  EssaimError,
  encodeHeader,
  encodeOperator,
  type OperatorBody,
  operatorLeaf,
  type ProgramHeader,
  uint,
  ZERO_HASH,
} from '@essaim/protocol';
import { expect } from 'chai';
import { concat, decodeBytes32String, hexlify, id } from 'ethers';
import { network } from 'hardhat';
import { random } from '../../random.ts';

const type = (dtype: 'float32' | 'int8', dims: number[], layout = 0) => ({ dtype, layout, dims });

/** Bodies with everything that one can have: attributes, absent operands, layouts, ranks from 0 to 8. */
const BODIES: OperatorBody[] = [
  {
    opcode: id('ai.onnx/Clip/13'),
    judge: id('a judge'),
    attributes: new Uint8Array(64).fill(1),
    firstValue: 0,
    segment: 0,
    boundary: 1,
    inputs: [
      { kind: 'input', index: 2 },
      { kind: 'none', index: 0 },
      { kind: 'weight', index: 1 },
    ],
    inputTypes: [type('float32', [2, 3, 4], 0x120), null, type('float32', [])],
    outputTypes: [type('float32', [2, 3, 4], 0x021)],
  },
  {
    opcode: id('ai.onnx/Identity/16'),
    judge: id('a judge'),
    attributes: new Uint8Array(0),
    firstValue: 0,
    segment: 0,
    boundary: 1,
    inputs: [{ kind: 'input', index: 0 }],
    inputTypes: [type('int8', [1, 2, 1, 2, 1, 2, 1, 0])],
    outputTypes: [type('int8', [1, 2, 1, 2, 1, 2, 1, 0], 0x01234567)],
  },
];

describe('Parsers on and off chain, on malformed bytes', () => {
  /** What Malformed says of a program of this one operator: null if it finds nothing. */
  async function deploy() {
    const { ethers } = await network.getOrCreate();
    const none = ethers.ZeroAddress;
    const registry = await ethers.deployContract('JudgeRegistry', [none, []]);
    const malformed = await ethers.deployContract('Malformed', [none, registry, none, none]);
    return async (body: Uint8Array): Promise<string | null> => {
      const header: ProgramHeader = {
        ...{
          compilerVersion: 1,
          opCount: 1,
          valueCount: 1,
          weightCount: 3,
          inputCount: 3,
          segmentCount: 1,
          numerics: 1,
        },
        ...{ opsRoot: operatorLeaf(body), weightsRoot: ZERO_HASH, segmentsRoot: ZERO_HASH, interfaceHash: ZERO_HASH },
      };
      const proof = concat(['0x02', encodeHeader(header), uint(0, 4), uint(body.length, 2), body]);
      const receipt = await (await malformed.proveMalformed(proof)).wait();
      const [log] = receipt!.logs.map((it) => malformed.interface.parseLog(it));
      return log ? decodeBytes32String(log.args.reason) : null;
    };
  }

  it('agree on what decodes as an operator', async () => {
    const reasonOf = await deploy();
    const next = random(23);
    const seen = new Set<string>();
    for (const body of BODIES.map(encodeOperator)) {
      expect(await reasonOf(body), 'unchanged').to.equal('judge');
      for (let round = 0; round < 250; round++) {
        let bytes = body.slice();
        const at = 64 + Math.floor(next() * (bytes.length - 64));
        const what = next();
        if (what < 0.15) bytes = bytes.slice(0, at);
        else if (what < 0.25) bytes = new Uint8Array([...bytes, ...body.slice(0, 1 + Math.floor(next() * 8))]);
        else bytes[at] = what < 0.6 ? Math.floor(next() * 10) : Math.floor(next() * 256);
        if (hexlify(bytes) === hexlify(body) || seen.has(hexlify(bytes))) continue;
        seen.add(hexlify(bytes));
        const reason = await reasonOf(bytes);
        let decoded = true;
        try {
          expect(hexlify(encodeOperator(decodeOperator(bytes)))).to.equal(hexlify(bytes));
        } catch (error) {
          if (!(error instanceof EssaimError)) throw error;
          decoded = false;
        }
        const note = `${hexlify(bytes)}: ${reason}`;
        if (decoded) expect(reason, note).to.not.be.oneOf(['undecodable', 'type']);
        else expect(reason, note).to.not.be.oneOf([null, 'judge']);
      }
    }
    expect(seen.size).to.be.greaterThan(350);
  });

  it('agree that attributes come in words, and that an operator has from 1 to 32 outputs', async () => {
    const reasonOf = await deploy();
    const [clip] = BODIES;
    const [output] = clip.outputTypes;
    const wrong: OperatorBody[] = [
      { ...clip, attributes: new Uint8Array(33) },
      { ...clip, outputTypes: [] },
      { ...clip, outputTypes: Array(33).fill(output) },
    ];
    for (const body of wrong.map(encodeOperator)) {
      expect(await reasonOf(body)).to.equal('undecodable');
      expect(() => decodeOperator(body)).to.throw(EssaimError);
    }
    const most = encodeOperator({ ...clip, outputTypes: Array(32).fill(output) });
    expect(await reasonOf(most)).to.equal('number');
    expect(decodeOperator(most).outputTypes).to.have.length(32);
  });
});
