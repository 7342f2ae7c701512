import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Capacity, Quotes, Speeds } from '@essaim/provider';
import type { Essaim, Quote, Terms } from '@essaim/sdk';
import { expect } from 'chai';
import { ZeroAddress } from 'ethers';
import { admitJob } from '../../provider/src/admission.ts';
import { gasMoney } from '../../provider/src/capacity/gas-money.ts';
import { FEE, tracer, type World, world } from './world.ts';

const MOST = 10n ** 22n;

describe('a quote', () => {
  const folder = mkdtempSync(join(tmpdir(), 'essaim-quotes-'));
  let given: World;
  let essaim: Essaim;
  let capacity: Capacity;
  let quotes: Quotes;
  before(async () => {
    given = await world();
    essaim = await given.connect('seller');
    open();
  });
  afterEach(() => coin(MOST));
  after(() => rmSync(folder, { recursive: true, force: true }));

  const policy = () => ({
    ...{ models: [], minimumFee: { [given.token.toLowerCase()]: FEE } },
    ...{ maximumCollateral: 10n ** 24n, selfCheck: true },
  });
  /** A provider that knows how fast it is, as it is started. */
  function open(): void {
    const speeds = new Speeds();
    speeds.probed(given.model.program.id, 0.01);
    capacity = new Capacity({ speeds });
    quotes = new Quotes({ essaim, policy: policy(), capacity, seconds: 600, folder });
  }
  const coin = (wei: bigint) =>
    given.chain.send('hardhat_setBalance', [given.wallets.seller.address, `0x${wei.toString(16)}`]);
  /** Coin for so many jobs, and a little more. */
  const coinFor = async (jobs: number): Promise<void> => {
    const { gasPrice } = await essaim.provider.getFeeData();
    await coin((gasMoney(jobs, 0, gasPrice!) * 105n) / 100n);
  };
  const ask = (count = 1): Promise<Quote> => {
    const { id, program } = given.model;
    return quotes.give({ model: String(id), programId: program.id, token: given.token, count }, 'here');
  };
  const refusal = (count?: number) =>
    ask(count).then(
      () => 'given',
      ({ code, message }) => `${code} ${message}`,
    );
  const termsOf = (quote: Quote, changes: Partial<Terms> = {}): Terms => ({
    ...{ requester: ZeroAddress, provider: quote.provider, token: quote.token, deadline: BigInt(quote.readyBy) },
    ...{ count: 1n, salt: 0n, fee: FEE, royalty: 0n, model: given.model.id, programId: quote.programId },
    ...{ inputsRoot: quote.programId, inputs: quote.programId, collateral: 0n, isSealed: false },
    ...changes,
  });
  const admit = async (jobId: string, terms: Terms) => {
    const shop = { essaim, policy: policy(), quotes, folder, trace: tracer, say: () => {} };
    const now = (await given.chain.getBlock('latest'))!.timestamp;
    return admitJob({ ...shop, archive: undefined as never }, capacity, { jobId, terms, model: given.model }, now);
  };

  it('is not given where the account cannot pay for the gas of its job, and kept where it just can', async () => {
    await coin(1n);
    expect(await refusal()).to.match(/^QUOTE_REFUSED its account cannot pay for the gas/);
    await coinFor(1);
    const quote = await ask();
    expect(await refusal()).to.match(/^QUOTE_REFUSED its account cannot pay for the gas/);
    expect(await admit('promised', termsOf(quote))).to.equal(null);
    capacity.release('promised');
  });

  it('is not given where there is no room for its job', async () => {
    expect(await refusal(2 ** 31)).to.match(/^QUOTE_REFUSED its disk or its memory has no room/);
  });

  it('keeps room on the disk for its job, also after a restart', async () => {
    const quote = await ask(1_000);
    const diskOf = () => [...capacity.held(quote.readyBy)].map(([, { disk }]) => disk);
    const before = diskOf();
    expect(before[0]).to.be.above(1_000_000);
    open();
    expect(diskOf()).to.deep.equal(before);
    expect(quotes.isPromised(termsOf(quote, { fee: 1n }))).to.equal(false);
    expect(await admit('job', termsOf(quote))).to.equal(null);
    capacity.release('job');
  });

  it('is redeemed by a sealed job as by any other', async () => {
    const terms = termsOf(await ask(), { isSealed: true });
    expect(quotes.isPromised(terms)).to.equal(true);
    expect(await admit('sealed', terms)).to.equal(null);
    expect(quotes.isPromised(terms)).to.equal(false);
  });
});
