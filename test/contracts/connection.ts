import { network } from 'hardhat';

/** The chain of the tests. One module asks for it: two that ask at once would each get a chain of its own. */
export const connection = await network.getOrCreate();
