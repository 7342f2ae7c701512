import { expect } from 'chai';
import { AbiCoder, concat, getAddress, keccak256, toBeHex, zeroPadValue } from 'ethers';
import { checkDeployment, remade } from '../../../scripts/check-deployment.ts';
import { artifacts, type ContractName, contractNames } from '../../../scripts/lib/artifacts.ts';
import { deployProtocol } from '../../../scripts/lib/deploy.ts';
import { ALLOTTED, localHands } from '../../../scripts/lib/genesis.ts';
import { connection, MIEL } from '../market/fixture.ts';

const { ethers, networkHelpers } = connection;

/** The whole protocol, and the timelock as if a decision had it act. */
async function deployed() {
  const [founder, other] = await ethers.getSigners();
  const hands = localHands(founder.address);
  const deployment = await deployProtocol(founder, hands);
  const timelock = await ethers.getImpersonatedSigner(deployment.addresses.TimelockController);
  await networkHelpers.setBalance(timelock.address, 10n * MIEL);
  return { deployment, hands, founder, other, timelock };
}

describe('check:deployment', () => {
  let s: Awaited<ReturnType<typeof deployed>>;
  /** The private chain of one deployment serves all tests. */
  let twin: ReturnType<typeof remade> | undefined;
  const check = async (hands = s.hands, deployment = s.deployment) => {
    twin ??= remade(ethers.provider, s.deployment, s.hands);
    return Object.values(await checkDeployment(ethers.provider, deployment, hands, await twin)).flat();
  };
  /** Exactly one thing is wrong, and the line says so. */
  const finds = async (...problems: (string | RegExp)[]) => {
    const found = await check();
    expect(found, found.join('\n')).to.have.length(problems.length);
    for (const [i, problem] of problems.entries()) expect(found[i]).to.match(new RegExp(problem));
  };
  const at = (name: ContractName) => s.deployment.addresses[name];
  const code = (name: ContractName) => ethers.provider.getCode(at(name));
  /** Writes bytes into the code of a contract. */
  const patch = async (name: ContractName, start: number, bytes: string) => {
    const before = await code(name);
    const hex = bytes.slice(2);
    await networkHelpers.setCode(
      at(name),
      before.slice(0, 2 + 2 * start) + hex + before.slice(2 + 2 * start + hex.length),
    );
  };

  beforeEach(async () => {
    s = await networkHelpers.loadFixture(deployed);
  });

  it('finds nothing wrong with what was deployed', async () => {
    expect(await check()).to.deep.equal([]);
  });

  it('finds nothing wrong after the timelock changed what it may, and MIEL moved', async () => {
    const parameters = await ethers.getContractAt('ProtocolParameters', at('ProtocolParameters'), s.timelock);
    await parameters.change([ethers.encodeBytes32String('jobRules.freeExit')], [900]);
    const grants = await ethers.getContractAt('BootstrapGrants', at('BootstrapGrants'), s.timelock);
    await grants.offer(s.other, MIEL);
    await grants.connect(s.other).take();
    const miel = await ethers.getContractAt('MielToken', at('MielToken'));
    await miel.burn(MIEL);
    expect(await check()).to.deep.equal([]);
  });

  it('finds a byte of code that the source does not have', async () => {
    await patch('JobMarket', 10, (await code('JobMarket')).slice(22, 24) === '00' ? '0x01' : '0x00');
    await finds('JobMarket: the code at .* is not what this source compiles to');
  });

  it('finds a contract without code', async () => {
    await networkHelpers.setCode(at('OrderJudge'), '0x');
    await finds('OrderJudge: no code at ');
  });

  it('finds every address that a contract was fixed to at construction', async () => {
    const patched: string[] = [];
    for (const name of contractNames) {
      const places = Object.values(artifacts(name).immutableReferences ?? {}).map(([first]) => first);
      const before = await code(name);
      const place = places.find(({ start, length }) =>
        /^0{24}(?!0{20})/.test(before.slice(2 + 2 * start, 2 + 2 * (start + length))),
      );
      if (!place) continue;
      await patch(name, place.start, zeroPadValue(s.other.address, 32));
      patched.push(name);
    }
    expect(patched.length).to.be.greaterThan(15);
    const found = await check();
    const other = s.other.address.toLowerCase();
    for (const name of patched)
      expect(
        found.filter((line) => line.startsWith(`${name}: fixed to ${other} instead of `)),
        name,
      ).to.have.length(1);
  });

  it('finds an address that is not of this deployment', async () => {
    const addresses = { ...s.deployment.addresses, DotJudge: getAddress(s.other.address) };
    await networkHelpers.setCode(s.other.address, await code('DotJudge'));
    const found = await check(s.hands, { ...s.deployment, addresses });
    expect(found.join('\n')).to.match(/DotJudge: .* is not an address of this deployment/);
  });

  it('finds each leftover role of the timelock', async () => {
    const timelock = await ethers.getContractAt('TimelockController', at('TimelockController'), s.timelock);
    const roles = {
      'may propose to': await timelock.PROPOSER_ROLE(),
      'may cancel in': await timelock.CANCELLER_ROLE(),
      'may execute in': await timelock.EXECUTOR_ROLE(),
      administers: await timelock.DEFAULT_ADMIN_ROLE(),
    };
    for (const [does, role] of Object.entries(roles)) {
      await timelock.grantRole(role, s.founder);
      await finds(`TimelockController: .*${s.founder.address} ${does} it, which is a leftover power`);
      await timelock.revokeRole(role, s.founder);
    }
    expect(await check()).to.deep.equal([]);
  });

  it('finds a role that the governor, or everybody, lost', async () => {
    const timelock = await ethers.getContractAt('TimelockController', at('TimelockController'), s.timelock);
    await timelock.revokeRole(await timelock.CANCELLER_ROLE(), at('EssaimGovernor'));
    await timelock.revokeRole(await timelock.EXECUTOR_ROLE(), ethers.ZeroAddress);
    await finds('no EssaimGovernor may cancel in it', 'not everybody may execute in it');
  });

  it('finds a delay that is not the first one', async () => {
    const timelock = await ethers.getContractAt('TimelockController', at('TimelockController'));
    const data = timelock.interface.encodeFunctionData('updateDelay', [60]);
    const self = { to: at('TimelockController'), data, gasPrice: 10n ** 10n };
    await s.timelock.sendTransaction(self);
    await finds('decisions wait 60 s instead of 172800 s');
  });

  it('finds another guardian', async () => {
    const parameters = await ethers.getContractAt('ProtocolParameters', at('ProtocolParameters'), s.timelock);
    await parameters.setGuardian(s.other);
    await finds(`the guardian is ${s.other.address} instead of`);
  });

  it('finds a parameter that no decision made what it is', async () => {
    const words = keccak256(AbiCoder.defaultAbiCoder().encode(['uint256', 'uint256'], [1, 2]));
    const before = BigInt(await ethers.provider.getStorage(at('ProtocolParameters'), words));
    const value = (before & ~0xffffffffn) | 601n;
    await networkHelpers.setStorageAt(at('ProtocolParameters'), words, value);
    await finds('jobRules.freeExit is 601 instead of 600');
  });

  it('finds a setting of the governor that no decision made what it is', async () => {
    const slots = Array.from({ length: 20 }, (_, slot) => slot);
    const threshold = 100_000n * MIEL;
    for (const slot of slots) {
      const word = BigInt(await ethers.provider.getStorage(at('EssaimGovernor'), slot));
      if (word === threshold) await networkHelpers.setStorageAt(at('EssaimGovernor'), slot, threshold - 1n);
    }
    await finds('proposalThreshold is 99999999999999999999999 instead of 100000000000000000000000');
  });

  it('finds MIEL that was minted to others than the genesis names', async () => {
    const half = ALLOTTED.holders / 2n;
    const hands = { ...s.hands, holders: { [s.founder.address]: half, [s.other.address]: half } };
    const found = await check(hands);
    expect(found).to.have.length(2);
    expect(found.join('\n')).to.match(new RegExp(`${s.other.address} got 0.0 MIEL at genesis instead of 100000000.0`));
  });

  it('finds a reserve that holds less than it says', async () => {
    const reserve = await ethers.getImpersonatedSigner(at('EmissionReserve'));
    await networkHelpers.setBalance(reserve.address, MIEL);
    const miel = await ethers.getContractAt('MielToken', at('MielToken'), reserve);
    await miel.transfer(s.other, 1n);
    await finds('EmissionReserve: 400000000.0 MIEL remain and 0.0 were given');
  });

  it('finds an operator without its judge', async () => {
    const opcode = ethers.id('ai.onnx/Transpose/13');
    const inner = keccak256(AbiCoder.defaultAbiCoder().encode(['bytes32', 'uint256'], [opcode, 0]));
    const slot = keccak256(concat([keccak256(await code('MoveJudge')), inner]));
    expect(BigInt(await ethers.provider.getStorage(at('JudgeRegistry'), slot))).to.equal(BigInt(at('MoveJudge')));
    await networkHelpers.setStorageAt(at('JudgeRegistry'), slot, toBeHex(0, 32));
    await finds('JudgeRegistry: Transpose-13 is judged by 0x0+ instead of MoveJudge');
  });
});
