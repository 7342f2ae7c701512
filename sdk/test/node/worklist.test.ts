import { EssaimError } from '@essaim/protocol';
import { describeFailure, isPassing, Worklist } from '@essaim/sdk/node';
import { expect } from 'chai';

describe('a worklist', () => {
  it('puts off what failed, each time twice as long, and holds up nothing else', () => {
    let now = 0;
    const list = new Worklist<string>(100, () => now);
    list.add('a', 'first');
    list.add('b', 'second');
    list.postpone('a');
    expect(list.due()).to.deep.equal([['b', 'second']]);
    now = 100;
    expect(list.due().map(([key]) => key)).to.deep.equal(['a', 'b']);
    list.postpone('a');
    now = 299;
    expect(list.due().map(([key]) => key)).to.deep.equal(['b']);
    now = 300;
    expect(list.due().map(([key]) => key)).to.deep.equal(['a', 'b']);
    list.delete('a');
    list.add('b', 'again');
    expect(list.all()).to.deep.equal([['b', 'second']]);
  });
});

describe('failures', () => {
  const error = (code: string) => new EssaimError(code, 'm', { help: 'h' });

  it('of wires, and contracts’ own errors, may pass; faults of content may not', () => {
    for (const code of ['CHAIN_FAILED', 'WALLET_FUNDS', 'JobMarket_State', 'PROVIDER_STAKE'])
      expect(isPassing(error(code)), code).to.equal(true);
    for (const code of ['MODEL_MISMATCH', 'JOB_INPUTS_MISMATCH', 'EXECUTION_FAILED', 'ONNX_UNSUPPORTED_OPERATOR'])
      expect(isPassing(error(code)), code).to.equal(false);
    expect(isPassing(new TypeError('fetch failed'))).to.equal(true);
  });

  it('are told by code, message and help', () => {
    expect(describeFailure(error('A'))).to.deep.equal({ code: 'A', message: 'm', help: 'h' });
    expect(describeFailure('x')).to.deep.equal({ code: 'UNEXPECTED', message: 'x' });
  });
});
