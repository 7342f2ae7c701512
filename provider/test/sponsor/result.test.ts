import { openTracer } from '@essaim/runtime';
import { expect } from 'chai';
import { makeSessionKey, packResult, resultMessage } from '../../src/lending/result.ts';
import type { Work } from '../../src/sponsor/desk.ts';
import { readResult, runAgain } from '../../src/sponsor/judge-result.ts';
import { digitWork } from './tabs.ts';

const ID = `0x${'ab'.repeat(16)}`;

describe('a result of a tab', () => {
  let made: Awaited<ReturnType<typeof digitWork>>;
  let key: Awaited<ReturnType<typeof makeSessionKey>>;
  before(async () => {
    [made, key] = await Promise.all([digitWork(7), makeSessionKey()]);
  });
  const opener = () => ({ publicKey: key.publicKey }) as Parameters<typeof readResult>[2];
  const packed = async (values: Uint8Array, traceRoot = made.trace.traceRoot, id = ID) =>
    packResult(await key.sign(await resultMessage(id, made.work.inputsRoot, traceRoot, values)), traceRoot, values);
  const code = (body: Uint8Array, work: Work = made.work, id = ID) =>
    readResult(id, work, opener(), body).then(
      () => 'taken',
      (error) => error.code,
    );

  it('is the trace, byte by byte', async () => {
    const trace = await readResult(ID, made.work, opener(), await packed(made.values));
    expect(trace.traceRoot).to.equal(made.trace.traceRoot);
    await runAgain(trace, made.work, openTracer());
  });

  it('is refused where bytes are missing or too many', async () => {
    expect(await code(await packed(made.values.slice(1)))).to.equal('LENT_MALFORMED');
    expect(await code(new Uint8Array(10))).to.equal('LENT_MALFORMED');
  });

  it('is refused where its bytes do not hash to the root that was signed', async () => {
    const values = made.values.slice();
    values[20] ^= 1;
    expect(await code(await packed(values))).to.equal('LENT_MALFORMED');
  });

  it('is refused where another key signed, or for another task', async () => {
    const stranger = await makeSessionKey();
    const { traceRoot } = made.trace;
    const message = await resultMessage(ID, made.work.inputsRoot, traceRoot, made.values);
    expect(await code(packResult(await stranger.sign(message), traceRoot, made.values))).to.equal('LENT_MALFORMED');
    expect(await code(await packed(made.values, traceRoot, `0x${'cd'.repeat(16)}`))).to.equal('LENT_MALFORMED');
  });

  it('is found to be wrong by running it again, however well it is committed to', async () => {
    const lie = await digitWork(8);
    const { traceRoot } = lie.trace;
    const trace = await readResult(ID, made.work, opener(), await packed(lie.values, traceRoot));
    const error = await runAgain(trace, made.work, openTracer()).catch((thrown) => thrown);
    expect(error).to.include({ code: 'LENT_WRONG' });
  });
});
