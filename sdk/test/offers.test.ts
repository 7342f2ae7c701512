import { lineFor, type Offer, readOffer, readQuote, registrationWith, signOffer } from '@essaim/sdk';
import { expect } from 'chai';
import { id, Wallet, ZeroAddress } from 'ethers';
import { jsonAt, offerIn } from '../src/offers/registration.ts';
import { failureOf, POLLING, world } from './world.ts';

const seller = new Wallet(id('a seller'));
const token = new Wallet(id('a token')).address;
const market = new Wallet(id('a market')).address;
const place = { chainId: 7, market };
const line = { model: '5', token, fee: '10', collateral: '100', inputs: 4, milliseconds: 3 };
const unsigned = {
  ...{ kind: 'essaim/offer/1' as const, chainId: 7, market, provider: seller.address, url: 'https://a.example' },
  ...{ issued: 1_000, validUntil: 2_000, concurrency: 2, lines: [line, { ...line, model: '0', fee: '20', inputs: 0 }] },
};

describe('an offer', () => {
  it('holds as its provider signed it, for its chain and market, until its end', async () => {
    const offer = await signOffer(seller, unsigned);
    expect(readOffer(JSON.parse(JSON.stringify(offer)), place, 1_500)).to.deep.equal(offer);
    const wrong: [unknown, string][] = [
      [{ ...offer, concurrency: 3 }, 'OFFER_INVALID'],
      [{ ...offer, lines: [{ ...line, fee: '1' }] }, 'OFFER_INVALID'],
      [{ ...offer, provider: token }, 'OFFER_INVALID'],
      [{ ...offer, lines: [{ ...line, fee: 1 }] }, 'OFFER_INVALID'],
      [{ ...offer, signature: '0x00' }, 'OFFER_INVALID'],
      [null, 'OFFER_INVALID'],
    ];
    for (const [value, code] of wrong) {
      expect(() => readOffer(value, place, 1_500), JSON.stringify(value))
        .to.throw()
        .with.property('code', code);
    }
    expect(() => readOffer(offer, { ...place, chainId: 8 }, 1_500)).to.throw(/chain 7/);
    expect(() => readOffer(offer, { ...place, market: token }, 1_500)).to.throw(/market/);
    expect(() => readOffer(offer, place, 2_001))
      .to.throw()
      .with.property('code', 'OFFER_EXPIRED');
    expect(() => readQuote(offer, place, 1_500)).to.throw(/its kind/);
  });

  it('sells a model by its own line before that of any other', () => {
    const offer = { ...unsigned, signature: '0x' } as Offer;
    expect(lineFor(offer, 5n, { token })?.fee).to.equal('10');
    expect(lineFor(offer, 6n, { token })?.fee).to.equal('20');
    expect(lineFor(offer, 5n, { token, count: 5 })).to.equal(undefined);
    expect(lineFor(offer, 6n, { token, count: 5 })?.fee).to.equal('20');
    expect(lineFor(offer, 6n, { token, collateral: 101n })).to.equal(undefined);
    expect(lineFor(offer, 6n, { token: market })).to.equal(undefined);
  });

  it('is named by a service of an agent’s file, beside what the file says already', () => {
    const other = { name: 'Ours', services: [{ name: 'web', endpoint: 'https://ours.example' }] };
    const file = registrationWith('https://a.example/offers', seller.address, other);
    expect(file).to.include({ name: 'Ours' });
    expect(file.services).to.have.length(2);
    expect(offerIn(file)).to.equal('https://a.example/offers');
    expect(offerIn(registrationWith('ipfs://b', seller.address, file))).to.equal('ipfs://b');
    expect(offerIn({ endpoints: [{ name: 'essaim-offer', endpoint: 'x' }] })).to.equal('x');
    for (const none of [null, 7, {}, { services: 'no' }, { services: [null] }])
      expect(offerIn(none)).to.equal(undefined);
  });

  it('is said to be missing, unreachable or unreadable by a code', async () => {
    const at = await world();
    const essaim = await at.connect('requester', { pollingInterval: POLLING });
    expect(await failureOf(essaim.offers.of(seller.address))).to.include({ code: 'OFFER_NONE' });
    expect(await failureOf(essaim.offers.at('http://127.0.0.1:9/offers'))).to.include({ code: 'SHOP_UNREACHABLE' });
    expect(await failureOf(essaim.offers.at('file:///etc/passwd'))).to.include({ code: 'SHOP_INVALID' });
    expect(await failureOf(essaim.offers.at('data:application/json,{'))).to.include({ code: 'SHOP_INVALID' });
    const large = `data:application/json,"${'x'.repeat(300_000)}"`;
    expect(await failureOf(jsonAt(large, essaim.storage))).to.include({ code: 'SHOP_INVALID' });
    const quiet = { ...unsigned, url: '', signature: '0x' } as Offer;
    expect(await failureOf(essaim.offers.quote(quiet, at.model, { token: ZeroAddress }))).to.include({
      code: 'OFFER_NO_QUOTES',
    });
  });
});
