import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { FunctionFragment, Interface } from 'ethers';
import { artifacts, type ContractName, contractNames } from '../../scripts/lib/artifacts.ts';

const TERMS =
  '(address,address,address,uint40,uint32,uint64,uint128,uint128,uint256,bytes32,bytes32,bytes32,uint96,bool)';
const RUN =
  '(address,address,bytes32,bytes32,uint256,bytes32,bytes32,uint256,uint32,uint32,uint16,uint32,uint16,uint24,uint16,uint8,uint96,uint96,uint40,uint24,uint40,bytes32,uint32,uint40,uint40,uint16,uint16,uint16,uint16,uint16,bytes32,uint64,bytes32)';
const BATCH = '(uint24,uint24,uint24,uint16,address,uint32,bytes32,bytes32)';
const FINDING = '(uint32,bool,bytes32,bytes32,bytes32)';
const AUDIT = '(uint32,uint32,uint32,uint32,uint32,uint16,bool,uint64,bytes32,bytes32,bytes32)';
const CONTRIBUTION = '(uint16,uint32,address,bytes32)';
const changes = (mutability: string) => mutability !== 'view' && mutability !== 'pure';

/** Signatures of what can change state, fallback and receive among them. */
function powersOf(name: ContractName): string[] {
  const { fragments, fallback, receive } = new Interface(artifacts(name).abi);
  return [
    ...fragments
      .filter((it): it is FunctionFragment => it instanceof FunctionFragment && changes(it.stateMutability))
      .map((it) => it.format('sighash').replace(TERMS, 'terms').replace(RUN, 'run').replace(BATCH, 'batch'))
      .map((signature) => signature.replaceAll(CONTRIBUTION, 'contribution'))
      .map((signature) => signature.replace(FINDING, 'finding').replace(AUDIT, 'record')),
    ...(fallback ? ['fallback()'] : []),
    ...(receive ? ['receive()'] : []),
  ];
}

/** The rows of docs/powers.md. */
const table = readFileSync('docs/powers.md', 'utf8')
  .split('\n')
  .map((line) => /^\| (\w+) \| `(.+)` \| (.+) \|$/.exec(line))
  .filter((match) => match !== null)
  .map(([, contract, power, whom]) => ({ contract, power, whom }));

describe('Trust: powers', () => {
  for (const name of contractNames) {
    it(`${name} has the powers of docs/powers.md and no other`, () => {
      const listed = table.filter(({ contract }) => contract === name).map(({ power }) => power);
      expect(powersOf(name).sort()).to.deep.equal(listed.sort());
    });
  }

  it('docs/powers.md speaks of deployed contracts only, and says for whom each power is', () => {
    const names: readonly string[] = contractNames;
    expect(table.filter(({ contract, whom }) => !names.includes(contract) || whom.trim() === '')).to.deep.equal([]);
    expect(table.length).to.be.greaterThan(60);
  });

  it('no contract has an owner, a pause but the guardian’s of new jobs, an upgrade, an initialiser, a minter or a rescue of tokens', () => {
    const forbidden =
      /owner(?!Of)|pause|upgrade|initiali[sz]e|mint|rescue|sweep|blacklist|freeze|setImplementation|admin/i;
    const found = contractNames.flatMap((name) =>
      powersOf(name)
        .filter((power) => forbidden.test(power) && !/^ProtocolParameters (un)?pause\(/.test(`${name} ${power}`))
        .map((power) => `${name}.${power}`),
    );
    expect(found).to.deep.equal([]);
  });

  it('no contract can give its place to other code: none delegates a call, destroys itself or creates a contract but clones', () => {
    /** Opcodes of runtime code; what PUSHes push is no opcode. */
    function opcodes(code: string): Set<number> {
      const bytes = Buffer.from(code.slice(2), 'hex');
      const seen = new Set<number>();
      for (let i = 0; i < bytes.length; i++) {
        seen.add(bytes[i]);
        if (bytes[i] >= 0x60 && bytes[i] <= 0x7f) i += bytes[i] - 0x5f;
      }
      return seen;
    }
    /** Shares and fees of pools are clones of one contract each that none of these applies to. */
    const creates: Partial<Record<ContractName, string[]>> = { Royalties: ['CREATE'], StakeManager: ['CREATE'] };
    const forbidden = { CALLCODE: 0xf2, DELEGATECALL: 0xf4, CREATE: 0xf0, CREATE2: 0xf5, SELFDESTRUCT: 0xff };
    for (const name of contractNames) {
      const seen = opcodes(artifacts(name).deployedBytecode);
      const found = Object.entries(forbidden).flatMap(([opcode, byte]) => (seen.has(byte) ? [opcode] : []));
      expect(found, name).to.deep.equal(creates[name] ?? []);
    }
  });

  it('judges read nothing but what they are handed: no storage, no calls, no block', () => {
    for (const name of contractNames.filter((it) => it.endsWith('Judge'))) {
      const abi = new Interface(artifacts(name).abi);
      expect(abi.getFunction('judge')!.stateMutability, name).to.equal('pure');
    }
  });
});
