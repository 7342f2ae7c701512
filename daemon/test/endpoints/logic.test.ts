import { expect } from 'chai';
import { agree } from '../../src/endpoints/agree.ts';
import { type Answer, failure, readAnswer } from '../../src/endpoints/answer.ts';
import { kindOf, logsUpTo } from '../../src/endpoints/calls.ts';
import { retryAfter } from '../../src/endpoints/endpoint.ts';
import { agreeHead, type Seen } from '../../src/endpoints/heads.ts';
import { saying } from '../../src/endpoints/same.ts';
import { Standing } from '../../src/endpoints/standing.ts';

const result = (value: unknown): Answer => ({ kind: 'result', value });

describe('endpoints that are asked for the same', () => {
  type Who = { says: Answer; when?: Promise<void> };
  const ask = async (quorum: number, ...candidates: Who[]) => {
    const asked: Who[] = [];
    const apart: Who[] = [];
    const { agreed } = await agree<Who>({
      ...{ candidates, quorum },
      ask: (who) => {
        asked.push(who);
        return Promise.resolve(who.when).then(() => who.says);
      },
      saying: (answer) => saying('eth_call', answer),
      patience: () => 15,
      apart: (who) => apart.push(who),
    });
    return { agreed: agreed?.kind === 'result' ? agreed.value : agreed?.kind, asked: asked.length, apart, candidates };
  };
  const yes = { says: result('0x1') };
  const no = { says: result('0x2') };
  const away = { says: failure('unreachable', 'gone') };

  it('are no more than have to agree, where they do', async () => {
    expect(await ask(2, yes, { ...yes }, { ...no })).to.include({ agreed: '0x1', asked: 2 });
    expect(await ask(1, yes, no)).to.include({ agreed: '0x1', asked: 1 });
  });

  it('are one more for each that fails, says otherwise, or is late', async () => {
    expect(await ask(2, away, yes, { ...yes })).to.include({ agreed: '0x1', asked: 3 });
    expect(await ask(2, { ...no }, { ...yes }, { ...yes })).to.include({ agreed: '0x1', asked: 3 });
    const never = new Promise<void>(() => {});
    expect(await ask(2, { ...yes, when: never }, { ...yes }, { ...yes })).to.include({ agreed: '0x1', asked: 3 });
  });

  it('are told of who says otherwise, also when that is late', async () => {
    const early = await ask(2, no, yes, { ...yes });
    expect(early.apart).to.deep.equal([no]);
    const { promise, resolve } = Promise.withResolvers<void>();
    const late = await ask(2, { ...no, when: promise }, yes, { ...yes });
    expect(late.apart).to.deep.equal([]);
    resolve();
    await new Promise((done) => setImmediate(done));
    expect(late.apart).to.deep.equal([late.candidates[0]]);
  });

  it('agree on nothing where too few say the same', async () => {
    expect(await ask(2, yes, no, away)).to.include({ agreed: undefined, asked: 3 });
    expect(await ask(2, yes)).to.include({ agreed: undefined });
    expect(await ask(2)).to.include({ agreed: undefined, asked: 0 });
  });
});

describe('the newest block that enough endpoints have', () => {
  const chain = (name: string, length: number): Seen[] =>
    Array.from({ length }, (_, number) => ({
      number,
      said: number < 90 ? `${number}` : `${name} ${number}`,
      block: {},
    }));
  const head = (quorum: number, ...chains: Seen[][]) =>
    agreeHead(
      chains.map((blocks, who) => ({ ...blocks.at(-1)!, who })),
      quorum,
      async (who, number) => chains[who][number],
    );

  it('is the highest that they share, though one is ahead and one behind', async () => {
    const [a, b, c] = [chain('x', 101), chain('x', 100), chain('x', 95)];
    expect(await head(2, a, b, c)).to.include({ number: 99, said: 'x 99' });
    expect(await head(3, a, b, c)).to.include({ number: 94 });
    expect(await head(1, a, b, c)).to.include({ number: 100 });
  });

  it('is not the one that a liar tells of, who is told apart', async () => {
    const liar = [...chain('x', 100), ...chain('lie', 1_000).slice(100)];
    expect(await head(2, liar, chain('x', 100), chain('x', 100))).to.deep.include({ number: 99, apart: [] });
    const forked = await head(2, chain('y', 100), chain('x', 100), chain('x', 100));
    expect(forked).to.deep.include({ number: 99, said: 'x 99', apart: [0] });
  });

  it('is below a fork where two of two have to agree, and none where that is too deep', async () => {
    const [x, y] = [chain('x', 95), chain('y', 95)];
    expect(await head(2, x, y)).to.include({ number: 89 });
    expect(await head(2, chain('x', 120), chain('y', 120))).to.equal(undefined);
    expect(await head(2, x)).to.equal(undefined);
  });
});

describe('an endpoint’s standing', () => {
  let now = 0;
  beforeEach(() => {
    now = 0;
  });
  const failing = { reason: 'unreachable', message: '' } as const;

  it('is rest after a failure, twice as long each time, and once for what was out together', () => {
    const standing = new Standing(() => now);
    expect(standing.worth).to.equal('well');
    for (let together = 0; together < 5; together++) standing.failed(failing);
    expect(standing.worth).to.equal('resting');
    now = 500;
    expect(standing.worth).to.equal('well');
    standing.failed(failing);
    now = 1_400;
    expect(standing.worth).to.equal('resting');
    standing.answered(10);
    expect(standing.worth).to.equal('well');
  });

  it('is to be left alone for as long as it asks for, but not for ever', () => {
    const standing = new Standing(() => now);
    standing.failed({ reason: 'limited', message: '', retryAfter: 5_000 });
    now = 4_999;
    expect(standing).to.include({ worth: 'limited', isAble: false });
    now = 5_000;
    expect(standing.worth).to.equal('well');
    standing.failed({ reason: 'limited', message: '', retryAfter: 1e9 });
    now += 600_000;
    expect(standing.worth).to.equal('well');
  });

  it('is exile after a lie, twice as long each time, whatever it answers', () => {
    const standing = new Standing(() => now);
    standing.lied();
    standing.answered(1);
    now = 59_999;
    expect(standing).to.include({ worth: 'lying', isAble: false });
    now = 60_000;
    expect(standing.worth).to.equal('well');
    standing.lied();
    now = 60_000 + 119_999;
    expect(standing.worth).to.equal('lying');
  });
});

describe('what an endpoint answers', () => {
  const error = (code: number, message: string, data?: unknown) => readAnswer({ error: { code, message, data } });

  it('is a result, a revert of the chain, or a failure of its own', () => {
    expect(readAnswer({ result: null })).to.deep.equal({ kind: 'result', value: null });
    expect(error(3, 'execution reverted', '0x08c379a0').kind).to.equal('revert');
    expect(error(-32000, 'VM Exception', { data: '0xdeadbeef' }).kind).to.equal('revert');
    expect(error(-32005, 'limit')).to.have.nested.property('failing.reason', 'limited');
    expect(error(-32000, 'header not found')).to.have.nested.property('failing.reason', 'refused');
    expect(error(-32602, 'query returned more than 10000 results')).to.have.nested.property(
      'failing.reason',
      'refused',
    );
    for (const nonsense of [undefined, null, 7, 'x', {}]) expect(readAnswer(nonsense).kind).to.equal('failure');
  });

  it('says the same as another’s in the fields that are read, whatever else it holds', () => {
    const log = { address: '0xAB', topics: ['0x1'], data: '0x', blockHash: '0x2', logIndex: '0x0' };
    const say = (value: unknown) => saying('eth_getLogs', result(value));
    expect(say([log])).to.equal(say([{ ...log, address: '0xab', blockTimestamp: '0x5' }]));
    expect(say([log])).to.not.equal(say([]));
    expect(say([log])).to.not.equal(say([{ ...log, data: '0x01' }]));
    const revert = (message: string, data: unknown) => saying('eth_call', error(3, message, data));
    expect(revert('execution reverted', '0xdeadbeef')).to.equal(revert('VM: reverted', { data: '0xDEADBEEF' }));
    expect(revert('execution reverted', '0xdeadbeef')).to.not.equal(revert('execution reverted', '0xdeadbee0'));
    expect(saying('eth_call', failure('stalls', ''))).to.equal(undefined);
  });

  it('asks to be left alone by seconds or by a date', () => {
    expect(retryAfter('7', Number.NaN)).to.equal(7_000);
    expect(retryAfter(new Date(10_000).toUTCString(), 4_000)).to.equal(6_000);
    expect(retryAfter(new Date(10_000).toUTCString(), Number.NaN)).to.equal(undefined);
    expect(retryAfter('soon', 0)).to.equal(undefined);
    expect(retryAfter(null, 0)).to.equal(undefined);
  });
});

describe('what is asked of endpoints', () => {
  it('is about the newest block, state at a block, or anything else', () => {
    expect(kindOf('eth_getBlockByNumber', ['latest', false])).to.equal('head');
    expect(kindOf('eth_getBlockByNumber', ['0x5', false])).to.equal('record');
    expect(kindOf('eth_call', [{}, 'latest'])).to.deep.equal({ state: 1 });
    expect(kindOf('eth_getTransactionCount', ['0x', 'pending'])).to.equal('any');
    expect(kindOf('eth_sendRawTransaction', ['0x'])).to.equal('broadcast');
  });

  it('is of logs up to a block that is agreed on', () => {
    expect(logsUpTo([{ fromBlock: '0x1', toBlock: 'latest' }], 16)).to.deep.equal([
      { fromBlock: '0x1', toBlock: '0x10' },
    ]);
    expect(logsUpTo([{ fromBlock: '0x1', toBlock: '0x2' }], 16)).to.deep.equal([{ fromBlock: '0x1', toBlock: '0x2' }]);
    expect(logsUpTo([{ blockHash: '0xab' }], 16)).to.deep.equal([{ blockHash: '0xab' }]);
  });
});
