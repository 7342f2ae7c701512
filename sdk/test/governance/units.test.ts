import { parseValue, showMiel, showSpan, showTime, showValue } from '@essaim/sdk';
import { expect } from 'chai';
import { parameterTable } from '../../../scripts/lib/parameter-table.ts';
import { PARAMETER_UNITS } from '../../src/governance/parameters.ts';

describe('values of governance', () => {
  it('are in the units of docs/parameters.md, every one of them', () => {
    const documented = parameterTable().map(({ name, unit }) => [name, unit]);
    expect(Object.entries(PARAMETER_UNITS)).to.deep.equal(documented);
  });

  it('are read as a person writes them', () => {
    expect(parseValue('250', 'bp of the fee')).to.equal(250n);
    expect(parseValue('2.5 %', 'bp of the fee')).to.equal(250n);
    expect(parseValue('12h', 's')).to.equal(43_200n);
    expect(parseValue('2 d', 's')).to.equal(172_800n);
    expect(parseValue('1000.5 MIEL', 'mMIEL')).to.equal(1_000_500n);
    expect(parseValue('100000 MIEL', 'wei')).to.equal(10n ** 23n);
    expect(parseValue('3', 'times')).to.equal(3n);
  });

  it('that are no number of their unit are refused', () => {
    const wrong = [
      ...[
        ['2.5', 'bp of the fee'],
        ['2.555 %', 'bp of the fee'],
        ['-1', 's'],
        ['1.5 h', 's'],
        ['3 %', 's'],
        ['', 's'],
      ],
      ...[
        ['1 MIEL', 'times'],
        ['0x10', 'gas'],
        ['1e3', 'gas'],
      ],
    ];
    for (const [text, unit] of wrong)
      expect(() => parseValue(text, unit), text).to.throw(`"${text}" is no value in ${unit}`);
  });

  it('are shown with their unit, and in words where it has some', () => {
    expect(showValue(250n, 'bp of the fee')).to.equal('250 bp of the fee (2.5 %)');
    expect(showValue(86_400n, 's')).to.equal('86,400 s (1 day)');
    expect(showValue(1_000_500n, 'mMIEL')).to.equal('1,000,500 mMIEL (1,000.5 MIEL)');
    expect(showValue(3n, 'times')).to.equal('3 times');
    expect(showMiel(1_234_567n * 10n ** 18n + 5n * 10n ** 17n)).to.equal('1,234,567.5 MIEL');
    expect(showMiel(0n)).to.equal('0 MIEL');
    expect(showMiel(1n)).to.equal('0.000000000000000001 MIEL');
    expect([0n, 59n, 3_660n, 2n * 86_400n + 7_300n].map(showSpan)).to.deep.equal([
      '0 s',
      '59 s',
      '1 h 1 min',
      '2 days 2 h',
    ]);
    expect(showTime(1_772_366_400n)).to.equal('2026-03-01 12:00:00 UTC');
  });
});
