import { expect } from 'chai';
import { type Contract, id, keccak256, ZeroAddress } from 'ethers';
import { network } from 'hardhat';
import { send } from './world.ts';

describe('JudgeRegistry', () => {
  const [add, mul] = [id('ai.onnx/Add/14'), id('ai.onnx/Mul/14')];

  async function deploy() {
    const { ethers } = await network.getOrCreate();
    const [, timelock, other] = await ethers.getSigners();
    const judge = await (await ethers.deployContract('IntegerJudge')).getAddress();
    const second = await (await ethers.deployContract('IeeeJudge')).getAddress();
    const registry = (await ethers.deployContract('JudgeRegistry', [
      timelock.address,
      [{ opcode: add, judge }],
    ])) as unknown as Contract;
    const hash = async (at: string) => keccak256((await ethers.provider.getCode(at))!);
    return {
      ethers,
      timelock,
      other,
      judge,
      second,
      registry,
      code: await hash(judge),
      secondCode: await hash(second),
    };
  }

  it('knows its first judges, by opcode and code hash, and has said so', async () => {
    const { registry, judge, code, timelock } = await deploy();
    expect(await registry.judge(add, code)).to.equal(judge);
    expect(await registry.judge(mul, code)).to.equal(ZeroAddress);
    expect(await registry.judge(add, id('other'))).to.equal(ZeroAddress);
    expect(await registry.timelock()).to.equal(timelock.address);
    await expect(registry.deploymentTransaction()!).to.emit(registry, 'Added').withArgs(add, code, judge);
  });
  it('adds judges for the timelock: another opcode, or another code for the same opcode', async () => {
    const { registry, timelock, judge, second, code, secondCode } = await deploy();
    await expect(send(registry, timelock, 'add', mul, judge))
      .to.emit(registry, 'Added')
      .withArgs(mul, code, judge);
    await expect(send(registry, timelock, 'add', add, second))
      .to.emit(registry, 'Added')
      .withArgs(add, secondCode, second);
    expect(await registry.judge(add, code)).to.equal(judge);
    expect(await registry.judge(add, secondCode)).to.equal(second);
  });
  it('adds for nobody else', async () => {
    const { registry, other, judge } = await deploy();
    await expect(send(registry, other, 'add', mul, judge))
      .to.be.revertedWithCustomError(registry, 'JudgeRegistry_NotTimelock')
      .withArgs(other.address);
  });
  it('M1: never changes a judge, not even to another contract with the same code', async () => {
    const { ethers, registry, timelock, judge, code } = await deploy();
    const twin = await (await ethers.deployContract('IntegerJudge')).getAddress();
    for (const again of [judge, twin]) {
      await expect(send(registry, timelock, 'add', add, again))
        .to.be.revertedWithCustomError(registry, 'JudgeRegistry_Taken')
        .withArgs(add, code);
    }
  });
  it('takes only contracts', async () => {
    const { ethers, registry, timelock, other } = await deploy();
    await expect(send(registry, timelock, 'add', mul, other.address))
      .to.be.revertedWithCustomError(registry, 'JudgeRegistry_NoCode')
      .withArgs(other.address);
    await expect(
      ethers.deployContract('JudgeRegistry', [timelock.address, [{ opcode: add, judge: other.address }]]),
    ).to.be.revertedWithCustomError(registry, 'JudgeRegistry_NoCode');
  });
});
