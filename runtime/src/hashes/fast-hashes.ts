import { setDefaultHasher, setKeccak256 } from '@essaim/protocol';
import { nativeHasher } from '../native-hasher.ts';
import { fastKeccak, LONGEST } from './fast-keccak.ts';

/** Has this process hash by the fastest means there are: sha256 by the processor, keccak256 of what is short by WebAssembly. */
export function useFastHashes(): void {
  setDefaultHasher(nativeHasher);
  setKeccak256(fastKeccak, LONGEST);
}
