import { elementCount } from '@essaim/protocol';
import type { Essaim, Model } from '@essaim/sdk';
import { expect } from 'chai';
import { loadDigits } from '../../models/digits/digits.ts';
import { accounts } from '../../scripts/demo/accounts.ts';
import { isSeen, seenByAll } from './onlookers.ts';
import { command, handedOver, linesOf, publishBlinded, sealedRequest } from './seal.ts';
import { lieIn, Town } from './town.ts';

describe('a sealed job on a model whose trace commits to boundary values only', function () {
  this.timeout(120_000);
  let town: Town;
  let requester: Essaim;
  let model: Model;
  before(async () => {
    town = await Town.open();
    model = await publishBlinded(town, 'cnn-b64');
    requester = await town.connect('requester');
    await command(town, 'provider', 'bob', 'sealing-key');
  });
  after(async () => {
    requester?.close();
    await town?.close();
  });

  it('is convicted of a lie inside a segment, of which nothing but roots is shown on chain before the proof', async () => {
    const { program } = model;
    const lie = { ...lieIn(model), delta: 4_000 };
    const cheat = await town.cheat('bob', { cheats: [{ programId: program.id, claim: 0, lie }] });
    const { scans } = loadDigits();
    const pixels = Float32Array.from({ length: elementCount(program.inputs[0].type) }, (_, at) => {
      const scan = scans[Math.floor(at / 64) % scans.length];
      return scan[at % 64];
    });
    const { verifier } = accounts(town.chain);
    const firstBlock = await town.chain.getBlockNumber();
    const request = sealedRequest(town, model, pixels, 'bob');
    const { jobId, file } = await handedOver(town, requester, request, '--appoint', verifier.address);
    const said = linesOf(await command(town, 'verifier', 'verifier', 'check-sealed', file));
    expect(said.filter(({ event }) => event === 'demanded').map(({ kind }) => kind)).to.deep.equal(['segment']);
    const verdict = said.find(({ event }) => event === 'convicted');
    expect(verdict).to.include({ jobId, verdict: 'convicted', fault: 'element', operator: 'Conv', element: 20 });
    await cheat.child.stop();

    // what it served of the segment is sealed as the rest is; the proof shows what one element is made of
    const seen = await seenByAll(town.chain, firstBlock, town.blocks);
    const plain = new Uint8Array(pixels.buffer);
    const rows = Array.from({ length: 64 }, (_, i) => plain.subarray(256 * i + 64, 256 * i + 224));
    expect(rows.filter((bytes) => isSeen(seen, bytes)).length).to.be.at.most(4);
  });
});
