import { elementBits, type Permitted, permittedRange } from '@essaim/protocol';
import { expect } from 'chai';

const bits = (value: number) => elementBits('float32', value);
const float = (claimed: bigint) => new Float32Array(Uint32Array.of(Number(claimed)).buffer)[0];

/** Paid within `sharp`, void within `contract`, in the words of `words`. */
const permitting = (sharp: [number, number], contract: [number, number], words: string): Permitted => ({
  verdict(claimed) {
    const value = float(claimed);
    if (value >= sharp[0] && value <= sharp[1]) return 'permitted';
    return value >= contract[0] && value <= contract[1] ? 'void' : 'convicted';
  },
  describe: () => words,
});

describe('the range that a judge permits', () => {
  it('is found by asking it, to the last bit, whatever its words round', () => {
    const permitted = permitting([1, 1.5], [0.75, 2], 'between 1.0001 and 1.4999');
    const range = permittedRange(permitted, 'float32', bits(4))!;
    expect(range).to.deep.include({ sharp: [1, 1.5], contract: [0.75, 2] });
    // from 2 to 4 there are 2^23 binary32
    expect(range.distance).to.equal(2n ** 23n);
    expect(permittedRange(permitted, 'float32', bits(1.2))!.distance).to.equal(0n);
    expect(permittedRange(permitted, 'float32', bits(-1))!.distance! > 2n ** 30n).to.equal(true);
  });

  it('has no distance to what is no finite number, and is none where anything or nothing is permitted', () => {
    const permitted = permitting([1, 1], [1, 1], 'exactly 1');
    expect(permittedRange(permitted, 'float32', 0x7fc00000n)).to.deep.equal({
      sharp: [1, 1],
      contract: [1, 1],
      distance: null,
    });
    expect(permittedRange({ verdict: () => 'permitted', describe: () => 'anything: a NaN' }, 'float32', 0n)).to.equal(
      null,
    );
    expect(permittedRange({ verdict: () => 'convicted', describe: () => 'no finite number' }, 'float32', 0n)).to.equal(
      null,
    );
  });

  it('is that of integers with their sign, and of what throws for all but the claimed', () => {
    const within = (claimed: bigint) => [-3n, -2n].includes(BigInt.asIntN(8, claimed));
    const permitted: Permitted = {
      verdict: (claimed) => (within(claimed) ? 'permitted' : 'convicted'),
      describe: () => 'from -3 to -2',
    };
    expect(permittedRange(permitted, 'int8', 5n)).to.deep.equal({ sharp: [-3, -2], contract: [-3, -2], distance: 7n });
    const only: Permitted = {
      verdict(claimed) {
        if (claimed !== 7n) throw new RangeError('this trial was of 7');
        return 'convicted';
      },
      describe: () => 'index 3 before 7',
    };
    expect(permittedRange(only, 'int64', 7n)).to.equal(null);
  });
});
