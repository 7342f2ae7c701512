import { EssaimError } from '@essaim/protocol';
import { encodeRlp, type JsonRpcProvider, keccak256, type Provider, toBeArray } from 'ethers';

/** Fields of a block's header in their order; the later ones came with later rules of the chain. */
const FIELDS = [
  ...['parentHash', 'sha3Uncles', 'miner', 'stateRoot', 'transactionsRoot', 'receiptsRoot', 'logsBloom', 'difficulty'],
  ...['number', 'gasLimit', 'gasUsed', 'timestamp', 'extraData', 'mixHash', 'nonce'],
  ...['baseFeePerGas', 'withdrawalsRoot', 'blobGasUsed', 'excessBlobGas', 'parentBeaconBlockRoot', 'requestsHash'],
];
const NUMBERS = new Set([
  ...['difficulty', 'number', 'gasLimit', 'gasUsed', 'timestamp', 'baseFeePerGas', 'blobGasUsed', 'excessBlobGas'],
]);

/**
 * The RLP-encoded header of a block, which hashes to the block's hash; undefined while it does not exist.
 * CHAIN_HEADER where the endpoint gives other fields than the chain's headers have.
 */
export async function blockHeader(provider: Provider, number: number): Promise<string | undefined> {
  const block: Record<string, string> | null = await (provider as JsonRpcProvider).send('eth_getBlockByNumber', [
    `0x${number.toString(16)}`,
    false,
  ]);
  if (!block) return undefined;
  const present = FIELDS.filter((name) => block[name] !== undefined && block[name] !== null);
  const header = encodeRlp(present.map((name) => (NUMBERS.has(name) ? toBeArray(block[name]) : block[name])));
  if (keccak256(header) === block.hash) return header;
  throw new EssaimError('CHAIN_HEADER', `the header of block ${number} does not hash to ${block.hash}`, {
    help: 'this chain’s headers have other fields: somebody else has to record the draw',
  });
}
