import { expect } from 'chai';
import { inertText } from '../src/parts/inert-text.ts';

describe('words that others wrote', () => {
  it('are one line, whatever breaks they hold', () => {
    expect(inertText('a\nb\r\n\tc\u2028d')).to.equal('a b c d');
  });

  it('cannot turn the direction of what stands around them, nor hide letters', () => {
    expect(inertText('safe\u202egnp.exe\u2066x\u2069')).to.equal('safe gnp.exe x');
    expect(inertText('pay\u200bpal\ufeff \u{e0041}')).to.equal('pay pal');
    expect(inertText('\u0000\u001b[31mred\u007f')).to.equal('[31mred');
  });

  it('are cut, and say so, by letters and not by halves of them', () => {
    expect(inertText('x'.repeat(500), 10)).to.equal('xxxxxxxxx…');
    expect(inertText('🐝'.repeat(20), 5)).to.equal('🐝🐝🐝🐝…');
  });

  it('cannot cover others by piling up marks', () => {
    expect(inertText(`a${'\u0301'.repeat(60)}b`).length).to.be.at.most(7);
  });

  it('are read only as far as they are shown', () => {
    const began = performance.now();
    inertText('\u202e '.repeat(5_000_000), 40);
    expect(performance.now() - began).to.be.below(50);
  });

  it('are words even where they are none', () => {
    expect(inertText(undefined)).to.equal('');
    expect(inertText({ toString: () => 'said' })).to.equal('said');
  });
});
