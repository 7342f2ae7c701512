import { expect } from 'chai';
import { numberScale } from '../src/pages/dispute/picture/number-scale.ts';
import { aboutWords, distanceWords, permittedWords, shortNumber } from '../src/pages/dispute/picture/number-words.ts';
import { sheetOf } from '../src/pages/dispute/picture/sheet.ts';

const WIDTH = 600;

describe('a claimed number beside what is permitted', () => {
  it('stands on its side of the interval, with room beside both', () => {
    for (const claimed of [-7, 0.5, 3, 1e30, -3.4e38]) {
      const scale = numberScale(claimed, [1, 2], [1.2, 1.8], WIDTH);
      expect(scale.claimed < scale.contract[0]).to.equal(claimed < 1);
      expect(scale.claimed > scale.contract[1]).to.equal(claimed > 2);
      for (const at of [scale.claimed, ...scale.contract, ...scale.sharp]) expect(at).to.be.within(40, WIDTH - 40);
      expect(scale.contract[1] - scale.contract[0]).to.be.at.least(4);
    }
  });

  it('is shown larger where the interval is too thin to be seen into, never where it has no width', () => {
    expect(numberScale(3, [1, 1.001], [1, 1.001], WIDTH).isThin).to.equal(true);
    expect(numberScale(3, [1, 2], [1, 2], WIDTH).isThin).to.equal(false);
    expect(numberScale(3, [1, 1], [1, 1], WIDTH).isThin).to.equal(false);
  });

  it('stands at the end to which it points where it is no finite number', () => {
    expect(numberScale(Number.POSITIVE_INFINITY, [1, 2], [1, 2], WIDTH)).to.include({ beyond: true, claimed: 552 });
    expect(numberScale(Number.NEGATIVE_INFINITY, [1, 2], [1, 2], WIDTH).claimed).to.be.below(60);
    expect(numberScale(Number.NaN, [1, 1], [1, 1], WIDTH).contract[0]).to.be.within(290, 300);
  });

  it('is told in words that name the binary32 by the fewest digits', () => {
    expect(shortNumber(Math.fround(0.1))).to.equal('0.1');
    expect(shortNumber(-0)).to.equal('-0');
    expect(aboutWords([0.71487886, 0.7149523])).to.equal('0.714916 ± 0.000037');
    expect(aboutWords([3, 3])).to.equal('3');
    const range = { sharp: [1, 1] as const, contract: [1, 1] as const, distance: 4_096n };
    expect(distanceWords({ range, dtype: 'float32', claimed: '2' })).to.deep.equal([
      'off by 1',
      '4,096 units in the last place',
    ]);
    expect(distanceWords({ range: { ...range, distance: null }, dtype: 'float32', claimed: 'NaN' })[0]).to.match(/NaN/);
    expect(permittedWords({ range, permitted: 'exactly 1' })).to.equal('permits exactly 1, and nothing else');
    expect(permittedWords({ range: null, permitted: 'index 3 before 5' })).to.equal('permits index 3 before 5');
  });

  it('lies on a sheet of its tensor that is shown around it', () => {
    const most = { rows: 8, columns: 16 };
    expect(sheetOf([], [], most)).to.include({ rows: 1, columns: 1, shownRows: 1, sheets: 1 });
    expect(sheetOf([100], [99], most)).to.include({ firstColumn: 84, shownColumns: 16, column: 99, rows: 1 });
    const sheet = sheetOf([8, 4, 64, 64], [0, 1, 14, 8], most);
    expect(sheet).to.include({ row: 14, column: 8, firstRow: 10, shownRows: 8, firstColumn: 0, sheets: 32 });
    expect(sheet.before).to.deep.equal([0, 1]);
  });
});
