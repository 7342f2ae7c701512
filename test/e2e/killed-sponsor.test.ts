import type { Essaim } from '@essaim/sdk';
import { expect } from 'chai';
import { parseEther } from 'ethers';
import { accounts } from '../../scripts/demo/accounts.ts';
import { Killer } from './kill/killer.ts';
import { LentTab } from './lent-tab.ts';
import { type Daemon, Town } from './town.ts';

const PAY = parseEther('0.5');
/** Results after which what a tab earned is put in escrow, and what is put there. */
const [FUNDED_AFTER, LUMP] = [3, 50n * PAY];

describe('a sponsor that is killed at every state of every transaction', function () {
  this.timeout(180_000);
  let town: Town;
  let essaim: Essaim;
  before(async () => {
    town = await Town.open();
    essaim = await town.connect('alice');
  });
  after(async () => {
    essaim?.close();
    await town?.close();
  });

  it('puts what a tab earned in escrow once', async () => {
    const killer = new Killer(town);
    await killer.play('escrow for a lent tab', async () => {
      const { MielToken } = town.deployment.addresses;
      const sponsor = killer.seller(
        'alice',
        ...['--sponsor', '127.0.0.1:0', '--sponsor-pay', `${MielToken}=${PAY}`, '--sponsor-claims', '0'],
        ...['--sponsor-origin', 'https://page.example'],
      );
      /** Lends a tab that runs whatever it is given until the daemon dies, or has paid for so many results. */
      async function lend({ lines }: Daemon, results = Number.POSITIVE_INFINITY): Promise<void> {
        let url: unknown;
        while (!url) {
          url = lines.find(({ event }) => event === 'sponsoring')?.url;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        const tab = await LentTab.open(String(url), accounts(town.chain).dave);
        await town.post(town.models.mlp, 'alice');
        for (let done = 0; done < results; ) {
          const { task } = await tab.line('task');
          const { checked } = await (await tab.hand(task.id, await tab.run(task))).json();
          if (checked) done++;
          if (done < results) await town.post(town.models.mlp, 'alice');
        }
        tab.vanish();
      }
      const alice = await sponsor();
      await lend(alice, FUNDED_AFTER - 1);
      await alice.child.stop();
      const lending = async (at?: string) => {
        const daemon = await sponsor(at);
        lend(daemon).catch(() => undefined);
        return daemon;
      };
      await killer.dieAt('approving tokens for an escrow', lending);
      await killer.dieAt('funding an escrow', lending);
      const account = { payer: await essaim.signer!.getAddress(), payee: accounts(town.chain).dave.address };
      expect((await essaim.vouchers.escrow({ ...account, token: MielToken })).funded).to.equal(LUMP);
    });
  });
});
