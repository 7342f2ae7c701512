import { expect } from 'chai';
import { getAddress, Wallet } from 'ethers';
import { openSession } from '../../src/sponsor/open-session.ts';
import { opening, PLACE, TOKEN } from './tabs.ts';

describe('a session', () => {
  const sponsor = new Wallet(`0x${'11'.repeat(32)}`).address;
  const person = new Wallet(`0x${'22'.repeat(32)}`);
  const other = new Wallet(`0x${'33'.repeat(32)}`);
  const terms = { place: PLACE, sponsor, token: getAddress(TOKEN) };
  const open = (body: unknown, now?: number) => openSession(body, terms, '127.0.0.1', now);
  const code = (body: unknown, now?: number) =>
    open(body, now).then(
      () => 'opened',
      (error) => error.code,
    );

  it('is opened by what the payee’s wallet signed for this sponsor and this key', async () => {
    const { body, key } = await opening(person, { sponsor });
    const { payee, opener } = await open(body);
    expect(payee).to.equal(person.address);
    expect(opener.publicKey).to.deep.equal(key.publicKey);
    expect(opener.bearer).to.match(/^0x[0-9a-f]{64}$/);
  });

  it('cannot be opened for a payee who did not sign', async () => {
    const { body } = await opening(other, { sponsor, payee: person.address });
    expect(await code(body)).to.equal('LENDING_UNAUTHORISED');
  });

  for (const [what, changed] of [
    ['more money', { maximum: String(10n ** 20n) }],
    ['more time', { until: Math.floor(Date.now() / 1_000) + 7_200 }],
  ] as const) {
    it(`cannot be changed to ${what} after it was signed`, async () => {
      const { body } = await opening(person, { sponsor }, PLACE, changed);
      expect(await code(body)).to.equal('LENDING_UNAUTHORISED');
    });
  }

  it('is of this sponsor, chain, contract and token alone', async () => {
    expect(await code((await opening(person, { sponsor: other.address })).body)).to.equal('LENDING_REFUSED');
    expect(await code((await opening(person, { sponsor, token: other.address })).body)).to.equal('LENDING_REFUSED');
    expect(await code((await opening(person, { sponsor }, { ...PLACE, chainId: 1 })).body)).to.equal(
      'LENDING_UNAUTHORISED',
    );
  });

  it('is of no use to who has not the key, or comes later with what it overheard', async () => {
    const [mine, theirs] = [await opening(person, { sponsor }), await opening(other, { sponsor })];
    expect(await code({ ...mine.body, publicKey: theirs.body.publicKey })).to.equal('LENDING_REFUSED');
    expect(await code({ ...mine.body, proof: theirs.body.proof })).to.equal('LENDING_REFUSED');
    expect(await code(mine.body, Date.now() + 600_000)).to.equal('LENDING_REFUSED');
  });

  it('lasts no longer than it was signed for, and that is at most a week', async () => {
    const now = Math.floor(Date.now() / 1_000);
    expect(await code((await opening(person, { sponsor, until: now - 1 })).body)).to.equal('LENDING_REFUSED');
    expect(await code((await opening(person, { sponsor, until: now + 30 * 86_400 })).body)).to.equal('LENDING_REFUSED');
  });

  it('is refused in words where the body is anything else', async () => {
    const { body } = await opening(person, { sponsor });
    for (const other of [
      null,
      3,
      {},
      { ...body, proof: '0x' },
      { ...body, time: 'now' },
      { ...body, authorisation: [] },
    ]) {
      expect(await code(other)).to.equal('LENDING_REFUSED');
    }
  });
});
