import { OPCODES, opcodeOf } from '@essaim/protocol';
import { expect } from 'chai';
import { artifacts } from 'hardhat';

describe('Opcodes', () => {
  it('are in the code of the contract that the twin names', async () => {
    const code = new Map<string, string>();
    for (const { name, since, contract } of OPCODES) {
      if (!code.has(contract)) code.set(contract, (await artifacts.readArtifact(contract)).deployedBytecode);
      for (const version of since) {
        const opcode = opcodeOf(name, version)
          .slice(2)
          .replace(/^(00)+/, '');
        expect(code.get(contract), `${contract}: ${name} ${version}`).to.include(opcode);
      }
    }
    expect(code.size).to.equal(new Set(OPCODES.map(({ contract }) => contract)).size);
  });
});
