import { expect } from 'chai';
import { getAddress, Wallet } from 'ethers';
import { openSession } from '../../../provider/src/sponsor/open-session.ts';
import { opening, PLACE, TOKEN } from '../../../provider/test/sponsor/tabs.ts';
import { connection } from './fixture.ts';
import { vouchersFixture } from './vouchers-fixture.ts';

const { networkHelpers } = connection;
const ready = () => networkHelpers.loadFixture(vouchersFixture);

/** The lines of docs/trust.md about lent tabs and what pays them. */
export const lendingLines = {
  'sponsor of tabs': () => {
    it('can promise more than lies in escrow, and never deny a voucher', async () => {
      const { fund, claim, token, payee } = await ready();
      await fund(100n);
      await expect(claim(130n)).to.changeTokenBalance(connection.ethers, token, payee, 100n);
    });
    it('can never take an escrow back early', async () => {
      const { fund, vouchers, payer, payee, token, until } = await ready();
      await fund(100n);
      const by = vouchers.connect(payer);
      await expect(by.close(payee, token)).to.be.revertedWithCustomError(vouchers, 'Vouchers_Open').withArgs(until);
      await expect(by.refund(payee, token)).to.be.revertedWithCustomError(vouchers, 'Vouchers_Wait');
    });
  },

  'lent tab, or who steals its key': () => {
    it('can never earn for another than its payee, longer or more than was signed', async () => {
      const [sponsor, person] = ['11', '22'].map((byte) => new Wallet(`0x${byte.repeat(32)}`));
      const terms = { place: PLACE, sponsor: sponsor.address, token: getAddress(TOKEN) };
      const { body } = await opening(person, { sponsor: sponsor.address });
      expect((await openSession(body, terms, '127.0.0.1')).payee).to.equal(person.address);
      const { authorisation } = body;
      for (const changed of [
        { payee: sponsor.address },
        { until: authorisation.until + 1 },
        { maximum: String(BigInt(authorisation.maximum) + 1n) },
      ]) {
        const asked = { ...body, authorisation: { ...authorisation, ...changed } };
        const code = await openSession(asked, terms, '127.0.0.1').then(
          () => 'opened',
          (error: { code: string }) => error.code,
        );
        expect(code).to.equal('LENDING_UNAUTHORISED');
      }
    });
  },

  'payer by vouchers': () => {
    it('can add, and close after its date and three days’ notice', async () => {
      const { fund, vouchers, payer, payee, token, until } = await ready();
      await fund(60n);
      await fund(40n);
      const by = vouchers.connect(payer);
      await networkHelpers.time.increaseTo(until);
      await by.close(payee, token);
      await networkHelpers.time.increase(await vouchers.DELAY());
      await expect(by.refund(payee, token)).to.changeTokenBalance(connection.ethers, token, payer, 100n);
    });
    it('can never take back what the payee claims meanwhile, nor shorten what it promised', async () => {
      const { fund, claim, vouchers, payer, payee, token, until } = await ready();
      await fund(100n);
      await expect(fund(1n, until - 1n)).to.be.revertedWithCustomError(vouchers, 'Vouchers_Until');
      await networkHelpers.time.increaseTo(until);
      await vouchers.connect(payer).close(payee, token);
      await claim(70n);
      await networkHelpers.time.increase(await vouchers.DELAY());
      await expect(vouchers.connect(payer).refund(payee, token)).to.changeTokenBalance(
        connection.ethers,
        token,
        payer,
        30n,
      );
    });
  },
};
