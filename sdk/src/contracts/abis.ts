export { abis, type ContractName } from '../generated/abis.ts';
