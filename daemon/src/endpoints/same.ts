import { type Answer, revertData } from './answer.ts';

/** The fields that a daemon reads: endpoints add others, each its own. */
const BLOCK = [
  ...['hash', 'parentHash', 'number', 'timestamp', 'baseFeePerGas', 'gasLimit', 'gasUsed', 'miner', 'stateRoot'],
  ...['transactionsRoot', 'receiptsRoot', 'logsBloom'],
];
const LOG = [
  ...['address', 'topics', 'data', 'blockHash', 'blockNumber', 'transactionHash', 'transactionIndex', 'logIndex'],
];
const RECEIPT = [
  ...['transactionHash', 'blockHash', 'blockNumber', 'transactionIndex', 'from', 'to', 'contractAddress', 'status'],
  ...['gasUsed', 'cumulativeGasUsed', 'effectiveGasPrice', 'logs'],
];
const TRANSACTION = ['hash', 'blockHash', 'blockNumber', 'from', 'to', 'nonce', 'input', 'value', 'chainId'];

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  eth_getBlockByNumber: BLOCK,
  eth_getBlockByHash: BLOCK,
  eth_getLogs: LOG,
  eth_getTransactionReceipt: RECEIPT,
  eth_getTransactionByHash: TRANSACTION,
};

/** Everybody may name another figure. */
const FIGURES = new Set(['eth_estimateGas', 'eth_maxPriorityFeePerGas', 'eth_gasPrice']);

/**
 * Names what an answer says, so that two endpoints that say the same say it with the same name; undefined for a failure,
 * which says nothing. Of fees and gas it only counts that there
 * is a figure, or with what the call reverts.
 */
export function saying(method: string, answer: Answer): string | undefined {
  if (answer.kind === 'failure') return undefined;
  if (answer.kind === 'revert') return `revert ${revertData(answer.error) ?? ''}`;
  if (FIGURES.has(method)) return 'result';
  const fields = FIELDS[method];
  return `result ${JSON.stringify(fields ? read(answer.value, fields) : plain(answer.value))}`;
}

/** The named fields of an object, or of each of a list's. */
function read(value: unknown, fields: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((each) => read(each, fields));
  if (typeof value !== 'object' || value === null) return plain(value);
  const object = value as Record<string, unknown>;
  return fields.map((field) => (field === 'logs' ? read(object.logs, LOG) : plain(object[field] ?? null)));
}

/** Hexadecimal text in lower case: some write addresses with a checksum. */
function plain(value: unknown): unknown {
  if (typeof value === 'string') return value.toLowerCase();
  return Array.isArray(value) ? value.map(plain) : value;
}
