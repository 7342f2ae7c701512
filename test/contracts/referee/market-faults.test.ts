import {
  accusationHash,
  type Claim,
  claimHash,
  commitTensor,
  contextFault,
  contextHash,
  inputElementFault,
  ListTree,
  toHex,
} from '@essaim/protocol';
import { expect } from 'chai';
import { id, ZeroHash, zeroPadValue } from 'ethers';
import { accepted, batchIdOf, connection, jobIdOf, type Market, marketFixture, State } from '../market/fixture.ts';
import { Circuit } from './circuit.ts';
import { honestTensors, INPUTS, layersOf, SALT, type World } from './world.ts';

const { ethers, networkHelpers } = connection;

describe('Faults that the market judges', () => {
  let system: Market;
  beforeEach(async () => {
    system = await networkHelpers.loadFixture(marketFixture);
  });

  it('are proven by the context builder: a claim on another input than the job has there', async () => {
    const roots = [0, 1, 2].map((i) => id(`input ${i}`));
    const inputs = new ListTree(roots);
    const terms = await accepted(system, { count: 3n, inputsRoot: inputs.root });
    const { chainId } = await ethers.provider.getNetwork();
    const client = await system.market.getAddress();
    const claims = roots.map((inputsRoot, position): Claim => {
      const context = contextHash({ chainId, client, subject: jobIdOf(terms), position, continues: ZeroHash });
      return { programId: terms.programId, inputsRoot, traceRoot: id(`trace ${position}`), context };
    });
    claims[1] = { ...claims[1], inputsRoot: roots[0] };
    const batch = new ListTree(claims.map(claimHash));
    await system.market.connect(system.provider).submitBatch(terms, batch.root, id('receipt'));
    const proof = contextFault(claims[1], 1, batch, { inputsRoot: roots[1], inputs });
    const batchId = await batchIdOf(system, terms);
    const accusation = accusationHash(batchId, proof, system.challenger.address, SALT);
    await system.accusations.connect(system.challenger).accuse(accusation);
    await system.market.connect(system.challenger).proveContext(terms, toHex(proof), SALT);
    expect((await system.claims.conviction(batchId)).leaf).to.equal(1n);
  });

  it('are proven by the input builder: an element outside the declared range', async () => {
    const codes = { DotJudge: id('dot'), IntegerJudge: id('integer'), IeeeJudge: id('ieee') } as World['codes'];
    const { inputs, weights } = honestTensors();
    const circuit = new Circuit(layersOf(codes), INPUTS, weights);
    const bytes = inputs[0].bytes.slice();
    bytes[9] = 101;
    const wrong = commitTensor(inputs[0].type, bytes);
    const list = new ListTree([wrong.root, inputs[1].root]);
    const owner = system.modelOwner;
    await system.models.connect(owner).register(circuit.id, id('manifest'), system.token, 0n);
    const model = BigInt(
      ethers.solidityPackedKeccak256(['bytes32', 'bytes32'], [zeroPadValue(owner.address, 32), circuit.id]),
    );
    const terms = await accepted(system, { programId: circuit.id, model, inputsRoot: list.root });
    const { header } = circuit.trees;
    const proof = (element: number) =>
      toHex(inputElementFault(header, circuit.interfaceBytes, list, 0, wrong, element));
    const prove = (element: number) =>
      system.market.connect(system.provider).proveInput(terms, 0, list.root, '0x', proof(element));
    await expect(prove(8)).to.be.revertedWithCustomError(system.market, 'JobMarket_NoFault');
    await prove(9);
    expect((await system.market.job(jobIdOf(terms))).state).to.equal(State.Refunded);
  });
});
