import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Deployment, Essaim } from '@essaim/sdk';
import { simulate } from '@essaim/sdk/node';
import { expect } from 'chai';
import { Wallet } from 'ethers';
import { failureOf, type World, world } from '../world.ts';

describe('a simulation', () => {
  let w: World;
  let reader: Essaim;
  let server: Server;
  before(async () => {
    w = await world();
    reader = await w.connect(undefined);
    server = createServer(async (request, response) => {
      let body = '';
      for await (const part of request) body += part;
      const answers = [JSON.parse(body)].flat().map(({ id, method }) => ({ jsonrpc: '2.0', id, ...answer(method) }));
      response.end(JSON.stringify(body.startsWith('[') ? answers : answers[0]));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  /** An endpoint that knows its chain and tells nothing of it. */
  const answer = (method: string) => {
    const known: Record<string, string> = { eth_chainId: '0x7a69', eth_blockNumber: '0x5' };
    return method in known ? { result: known[method] } : { error: { code: -32_000, message: 'not for you' } };
  };

  const nothing = { actions: [] };
  const code = async (rpc: string, deployment: Deployment) =>
    (await failureOf(simulate(rpc, deployment, nothing))).code;

  it('says that a chain cannot be reached, or not be copied', async () => {
    const { port } = server.address() as AddressInfo;
    expect(await code(`http://127.0.0.1:${port}`, w.deployment)).to.equal('SIMULATION_FORK');
    expect(await code('http://127.0.0.1:9', w.deployment)).to.equal('CHAIN_UNREACHABLE');
  });

  it('says that it finds no MIEL to vote with', async () => {
    const away = ['EmissionReserve', 'TimelockController', 'StakeManager'].map((name) => [
      name,
      Wallet.createRandom().address,
    ]);
    const addresses = { ...w.deployment.addresses, ...Object.fromEntries(away) };
    expect(await code(w.rpc, { ...w.deployment, addresses })).to.equal('SIMULATION_VOTES');
  });

  it('leaves the chain as it is', async () => {
    const before = await w.chain.getBlock('latest');
    const founder = await w.connect('founder');
    const { actions } = await founder.governance.prepare({
      title: 'A change',
      parameters: { 'runRules.forfeit': 600n },
    });
    const done = await simulate(w.rpc, w.deployment, { actions });
    expect(done).to.have.property('changes').with.length(2);
    const after = await w.chain.getBlock('latest');
    expect(after?.hash).to.equal(before?.hash);
    expect((await reader.contracts.ProtocolParameters.runRules(1)).toString()).to.equal('500');
  });
});
