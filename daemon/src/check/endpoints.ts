import { describeFailure } from '@essaim/sdk/node';
import { type ChainPlaces, openChain, quorumOf } from '../endpoints/chain-provider.ts';
import { type Check, type Finding, ok, warning, wrong } from './check.ts';

/** Blocks by which an endpoint may be behind another. */
const SLACK = 3;

interface Look {
  readonly host: string;
  readonly number?: number;
  readonly took: number;
  readonly failure?: string;
}

/** Whether each endpoint of several answers, is on the chain, and is not behind; and whether one alone is believed. */
export const endpointsCheck = (places: ChainPlaces, chainId: number): Check => ({
  name: 'endpoints',
  async run() {
    const { rpc, quorum = quorumOf(rpc.length) } = places;
    const looks = await Promise.all(rpc.map((url) => lookAt(url, places, chainId)));
    const highest = Math.max(...looks.map(({ number = 0 }) => number));
    const findings = looks.map((look) => findingOf(look, highest));
    if (quorum > 1) return [...findings, ok(`${quorum} of ${rpc.length} have to say the same`)];
    const told = rpc.length === 1 ? 'one endpoint' : `${rpc.length} endpoints, of which one is enough`;
    return [...findings, warning(`${told}: whatever one says is believed`, 'name three, of different operators')];
  },
});

async function lookAt(url: string, places: ChainPlaces, chainId: number): Promise<Look> {
  const { host } = new URL(url);
  const began = performance.now();
  const took = () => Math.round(performance.now() - began);
  try {
    const provider = await openChain({ ...places, rpc: [url], quorum: 1 }, chainId);
    const number = await provider.getBlockNumber().finally(() => provider.destroy());
    return { host, number, took: took() };
  } catch (error) {
    const { code, message } = describeFailure(error);
    return { host, took: took(), failure: `${code}: ${message}` };
  }
}

function findingOf({ host, number, took, failure }: Look, highest: number): Finding {
  if (failure !== undefined || number === undefined) return wrong(`${host}: ${failure}`, 'name another --rpc');
  const told = `${host}: block ${number}, answered in ${took} ms`;
  if (highest - number <= SLACK) return ok(told);
  return warning(`${told}, ${highest - number} behind`, 'it is not used until it has caught up: name another --rpc');
}
