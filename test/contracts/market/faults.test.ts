import { expect } from 'chai';
import {
  accepted,
  BURN,
  batchIdOf,
  connection,
  jobIdOf,
  type Market,
  marketFixture,
  PRICE,
  passWindow,
  State,
  submitted,
  type Terms,
} from './fixture.ts';
import { addNeedy, missing, NEEDY } from './missing-input.ts';

const { ethers, networkHelpers } = connection;
const concat = ethers.concat;

const pair = (left: string, right: string) => ethers.keccak256(concat([left, right]));

/** Root of a list whose count is a power of two, and the siblings of one of its leaves. */
function list(leaves: string[], index: number): { root: string; siblings: string[] } {
  const siblings: string[] = [];
  let level = leaves;
  let at = index;
  while (level.length > 1) {
    siblings.push(level[at ^ 1]);
    level = level.filter((_, i) => i % 2 === 0).map((left, i) => pair(left, level[2 * i + 1]));
    at >>= 1;
  }
  return { root: level[0], siblings };
}

interface Claim {
  programId: string;
  inputsRoot: string;
  traceRoot: string;
  context: string;
}

const claimHash = (claim: Claim) =>
  ethers.keccak256(
    concat([ethers.id('essaim/claim/1'), claim.programId, claim.inputsRoot, claim.traceRoot, claim.context]),
  );

describe('JobMarket.proveContext', () => {
  const INPUTS = [0, 1, 2, 3].map((i) => ethers.id(`input ${i}`));
  let system: Market;
  let terms: Terms;

  beforeEach(async () => {
    system = await networkHelpers.loadFixture(marketFixture);
    terms = await accepted(system, { count: 4n, inputsRoot: list(INPUTS, 0).root });
  });

  async function contextOf(position: number, changes: { client?: string; job?: string; chain?: bigint } = {}) {
    const { chainId } = await ethers.provider.getNetwork();
    return ethers.solidityPackedKeccak256(
      ['bytes32', 'uint256', 'address', 'bytes32', 'uint32', 'bytes32'],
      [
        ethers.id('essaim/context/1'),
        changes.chain ?? chainId,
        changes.client ?? (await system.market.getAddress()),
        changes.job ?? jobIdOf(terms),
        position,
        ethers.ZeroHash,
      ],
    );
  }

  const honest = async (i: number): Promise<Claim> => ({
    programId: terms.programId,
    inputsRoot: INPUTS[i],
    traceRoot: ethers.id(`trace ${i}`),
    context: await contextOf(i),
  });

  /** Submits a batch in which claim 2 is changed, accuses it and proves it. */
  async function prove(changes: Partial<Claim>, { withInput = true, leaf = 2 } = {}) {
    const claims = await Promise.all([0, 1, 2, 3].map(honest));
    claims[2] = { ...claims[2], ...changes };
    const batch = list(claims.map(claimHash), leaf);
    await system.market.connect(system.provider).submitBatch(terms, batch.root, ethers.id('receipt'));
    const shown = claims[leaf];
    const inputs = list(INPUTS, leaf);
    const proof = concat([
      shown.programId,
      shown.inputsRoot,
      shown.traceRoot,
      shown.context,
      ethers.toBeHex(leaf, 4),
      ...batch.siblings,
      ...(withInput ? [INPUTS[leaf], ...inputs.siblings] : []),
    ]);
    return { proof, sent: await accused(proof) };
  }

  let salts = 0;

  async function accused(proof: string, by = system.challenger) {
    const salt = ethers.id(`salt ${salts++}`);
    const accusation = ethers.solidityPackedKeccak256(
      ['bytes32', 'bytes32', 'bytes32', 'address', 'bytes32'],
      [
        ethers.id('essaim/accusation/1'),
        await batchIdOf(system, terms),
        ethers.keccak256(proof),
        system.challenger.address,
        salt,
      ],
    );
    await system.accusations.connect(system.challenger).accuse(accusation);
    await networkHelpers.mine();
    return () => system.market.connect(by).proveContext(terms, proof, salt);
  }

  const faults: [string, () => Promise<Partial<Claim>>][] = [
    ['of another program', async () => ({ programId: ethers.id('another program') })],
    ['of another input than its index', async () => ({ inputsRoot: INPUTS[1] })],
    ['of another job', async () => ({ context: await contextOf(2, { job: ethers.id('another job') }) })],
    ['of another index', async () => ({ context: await contextOf(1) })],
    ['of another contract', async () => ({ context: await contextOf(2, { client: system.other.address }) })],
    ['of another chain', async () => ({ context: await contextOf(2, { chain: 5n }) })],
  ];
  for (const [what, changes] of faults) {
    it(`C6: convicts a leaf ${what}`, async () => {
      const { sent } = await prove(await changes());
      await sent();
      const batchId = await batchIdOf(system, terms);
      expect(await system.claims.state(batchId)).to.equal(3n);
      expect([...(await system.claims.conviction(batchId))]).to.deep.equal([
        system.challenger.address,
        2n,
        await system.market.getAddress(),
      ]);
      await system.market.refund(terms);
      expect((await system.market.job(jobIdOf(terms))).state).to.equal(State.Refunded);
    });
  }

  it("needs no input's opening where program or context are foreign", async () => {
    const { sent } = await prove({ programId: ethers.id('another program') }, { withInput: false });
    await sent();
  });

  it('reverts for an honest leaf, beside a foreign one too', async () => {
    const { sent } = await prove({ programId: ethers.id('another program') }, { leaf: 1 });
    await expect(sent()).to.be.revertedWithCustomError(system.market, 'JobMarket_NoFault');
  });

  it('reverts for an honest leaf whose input is not opened', async () => {
    const { sent } = await prove({}, { withInput: false });
    await expect(sent()).to.be.revertedWithCustomError(system.market, 'JobMarket_NoFault');
  });

  it('reverts for proofs that do not open, of a wrong length, or beyond the batch', async () => {
    const { proof } = await prove({ programId: ethers.id('another program') });
    const bytes = ethers.getBytes(proof);
    const flip = (at: number) => ethers.hexlify(bytes.map((b, i) => (i === at ? b ^ 1 : b)));
    for (const wrong of [flip(70), flip(140), ethers.hexlify(bytes.slice(0, -1)), concat([proof, '0x00']), '0x']) {
      await expect((await accused(wrong))()).to.be.revertedWithCustomError(system.market, 'JobMarket_Proof');
    }
    await expect((await accused(flip(128)))()).to.be.revertedWithCustomError(system.market, 'Merkle_Index');
  });

  it('reverts where the input shown is not the one that the job has at that index', async () => {
    const { proof } = await prove({});
    const bytes = ethers.getBytes(proof);
    const wrong = ethers.hexlify(bytes.map((b, i) => (i === 132 + 64 ? b ^ 1 : b)));
    await expect((await accused(wrong))()).to.be.revertedWithCustomError(system.market, 'JobMarket_Proof');
  });

  it('is for whoever accused it, and no copier', async () => {
    const { proof } = await prove({ programId: ethers.id('another program') });
    await expect((await accused(proof, system.other))()).to.be.revertedWithCustomError(
      system.accusations,
      'Accusations_None',
    );
  });

  it('comes too late once the batch is final', async () => {
    const { proof } = await prove({ programId: ethers.id('another program') });
    await passWindow();
    await expect((await accused(proof))()).to.be.revertedWithCustomError(system.claims, 'Claims_NotPending');
  });
});

describe('JobMarket.proveInput', () => {
  let system: Market;
  const programId = NEEDY;

  beforeEach(async () => {
    system = await networkHelpers.loadFixture(marketFixture);
    await addNeedy(system);
  });

  it("H9: ends the job at the requester's cost: a share is burned, the provider is free", async () => {
    const terms = await accepted(system, { programId, inputsRoot: ethers.ZeroHash });
    const sent = system.market.connect(system.provider).proveInput(terms, 0, ethers.ZeroHash, '0x', missing());
    const escrow = 51n * PRICE;
    await expect(sent).to.changeTokenBalance(ethers, system.token, system.requester, (escrow * 9n) / 10n);
    expect(await system.market.owed(system.token, BURN)).to.equal(escrow / 10n);
    const { state, lock, provider } = await system.market.job(jobIdOf(terms));
    expect([state, lock, provider]).to.deep.equal([State.Refunded, 0n, system.provider.address]);
    const provision = await system.stake.provisionOf(system.provider, system.market, system.penalties);
    expect([provision.tokens, provision.locked]).to.deep.equal([100_000_000n, 0n]);
  });

  it('opens the input of a job of n inputs at its index', async () => {
    const inputs = [ethers.id('input 0'), ethers.ZeroHash];
    const { root, siblings } = list(inputs, 1);
    const terms = await accepted(system, { programId, count: 2n, inputsRoot: root });
    const market = system.market.connect(system.provider);
    await expect(
      market.proveInput(terms, 0, ethers.ZeroHash, concat(siblings), missing()),
    ).to.be.revertedWithCustomError(system.market, 'JobMarket_Proof');
    await expect(market.proveInput(terms, 1, ethers.ZeroHash, '0x', missing())).to.be.revertedWithCustomError(
      system.market,
      'JobMarket_Proof',
    );
    await market.proveInput(terms, 1, ethers.ZeroHash, concat(siblings), missing());
  });

  it('is for the provider, while it holds the job, and needs a fault', async () => {
    const terms = await accepted(system, { programId, inputsRoot: ethers.ZeroHash });
    const prove = (who = system.provider, of = terms) =>
      system.market.connect(who).proveInput(of, 0, of.inputsRoot, '0x', missing());
    await expect(prove(system.other)).to.be.revertedWithCustomError(system.market, 'JobMarket_Caller');
    const good = await accepted(system, { programId });
    await expect(prove(system.provider, good)).to.revert(ethers);
    const done = await submitted(system, { programId, inputsRoot: ethers.ZeroHash });
    await expect(prove(system.provider, done)).to.be.revertedWithCustomError(system.market, 'JobMarket_State');
  });
});
