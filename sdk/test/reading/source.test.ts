import { expect } from 'chai';
import { later, Stand } from './stand.ts';

describe('who answers', () => {
  let stand: Stand;
  beforeEach(async () => {
    stand = await Stand.open();
  });
  afterEach(() => stand.close());

  /** The trouble that keeps the indexer from answering, and that the chain does instead. */
  async function trouble(options: Parameters<Stand['reading']>[0] = {}): Promise<string | undefined> {
    const { source, trouble } = await (await stand.reading(options)).source();
    expect(source).to.equal(trouble ? 'chain' : 'indexer');
    return trouble?.code;
  }

  it('is a healthy indexer, which says how far behind it is', async () => {
    stand.indexer.at = 97;
    const state = await (await stand.reading()).source();
    expect(state).to.deep.equal({ source: 'indexer', head: 100, finalBlock: 90, indexed: 97, behind: 3 });
  });

  it('is the chain where no indexer is named', async () => {
    const state = await (await stand.reading({ indexer: null })).source();
    expect(state).to.deep.equal({ source: 'chain', head: 100, finalBlock: 90, behind: 0 });
  });

  it('is the chain where the indexer is too far behind', async () => {
    stand.indexer.at = 94;
    expect(await trouble({ indexer: { maxBehind: 5 } })).to.equal('INDEXER_BEHIND');
    expect(await trouble({ indexer: { maxBehind: 6 } })).to.equal(undefined);
  });

  it('is the chain where the indexer has nothing yet', async () => {
    stand.indexer.miel = null;
    expect(await trouble()).to.equal('INDEXER_BEHIND');
  });

  it('is the chain where the indexer is of another deployment', async () => {
    stand.indexer.miel = `0x${'1'.repeat(40)}`;
    expect(await trouble()).to.equal('INDEXER_WRONG_CHAIN');
  });

  it('is the chain where the indexer is of another chain', async () => {
    stand.indexer.instead = () => ({
      data: {
        _meta: { block: { number: 80, hash: `0x${'ab'.repeat(32)}`, time: '1' }, hasIndexingErrors: false },
        protocol: { miel: stand.indexer.miel },
      },
    });
    expect(await trouble()).to.equal('INDEXER_WRONG_CHAIN');
  });

  it('is the chain where a handler of the indexer failed', async () => {
    stand.indexer.hasIndexingErrors = true;
    expect(await trouble()).to.equal('INDEXER_BROKEN');
  });

  it('is the chain while the indexer still has blocks that the chain took back', async () => {
    stand.indexer.instead = () => ({
      data: {
        _meta: { block: { number: 99, hash: `0x${'ab'.repeat(32)}`, time: '1' }, hasIndexingErrors: false },
        protocol: { miel: stand.indexer.miel },
      },
    });
    expect(await trouble()).to.equal('INDEXER_REORGANISED');
  });

  it('is the indexer where the endpoint of the chain is behind it', async () => {
    stand.indexer.at = 140;
    const state = await (await stand.reading()).source();
    expect(state).to.deep.include({ source: 'indexer', head: 100, indexed: 140, behind: 0 });
    expect(state.trouble?.code).to.equal('CHAIN_BEHIND');
  });

  it('is the chain where its head went back to a block that the indexer never saw', async () => {
    stand.indexer.at = 140;
    stand.indexer.knows = () => false;
    expect(await trouble()).to.equal('INDEXER_REORGANISED');
  });

  const broken: [string, string, Stand['indexer']['instead']][] = [
    ['answers with an error of its own', 'INDEXER_REFUSED', () => ({ errors: [{ message: 'store error' }] })],
    ['answers no GraphQL', 'INDEXER_ANSWER', () => ({ hello: 'world' })],
    [
      'answers something else in the place of a block',
      'INDEXER_ANSWER',
      () => ({ data: { _meta: 'yes', protocol: 7 } }),
    ],
    ['is out of order', 'INDEXER_UNREACHABLE', (_, response) => void response.writeHead(502).end('bad gateway')],
    ['answers a page of HTML', 'INDEXER_ANSWER', (_, response) => void response.end('<html></html>')],
    ['hangs up', 'INDEXER_UNREACHABLE', (_, response) => void response.destroy()],
    ['asks for patience', 'INDEXER_LIMITED', (_, response) => void response.writeHead(429).end()],
  ];
  for (const [how, code, instead] of broken) {
    it(`is the chain where the indexer ${how}`, async () => {
      stand.indexer.instead = instead;
      expect(await trouble()).to.equal(code);
    });
  }

  it('is the chain where the indexer does not answer in time', async () => {
    stand.indexer.instead = () => undefined;
    expect(await trouble({ indexer: { timeout: 100 } })).to.equal('INDEXER_UNREACHABLE');
  });

  it('is the chain where nobody is at the indexer’s address, and shows no path of it', async () => {
    stand.indexer.close();
    const reading = await stand.reading({ indexer: { url: `${stand.indexer.url}/secret-key` } });
    const { trouble } = await reading.source();
    expect(trouble?.code).to.equal('INDEXER_UNREACHABLE');
    expect(trouble?.message).to.not.include('secret-key');
  });

  it('leaves an indexer that failed alone for a while, as long as it says', async () => {
    stand.indexer.instead = (_, response) => void response.writeHead(429, { 'retry-after': '30' }).end();
    const reading = await stand.reading();
    const { trouble } = await reading.source();
    expect(trouble!.retryAt! - Date.now()).to.be.within(25_000, 30_000);
    await later();
    await reading.source();
    expect(stand.indexer.asked).to.have.lengthOf(1);
  });

  it('is the indexer again once it caught up', async () => {
    stand.indexer.at = 20;
    const reading = await stand.reading();
    expect((await reading.source()).source).to.equal('chain');
    stand.indexer.at = 100;
    await later();
    expect((await reading.source()).source).to.equal('indexer');
  });
});
