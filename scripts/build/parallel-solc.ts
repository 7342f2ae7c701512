import { availableParallelism } from 'node:os';
import type { HardhatPlugin } from 'hardhat/types/plugins';
import type { CompilerInput, CompilerOutput } from 'hardhat/types/solidity';

/** Fewer files than these are compiled by one compiler: each reads and checks all sources anew. */
const WORTH_SPLITTING = 40;

/**
 * Compiles on every core: jobs side by side, and a large job by several compilers that see the same sources, each of
 * which makes code for a part of the files. What a contract compiles to is the same however they are divided.
 */
export const parallelSolc: HardhatPlugin = {
  id: 'parallel-solc',
  hookHandlers: {
    solidity: async () => ({
      default: async () => ({
        build: (context, files, options, next) =>
          next(context, files, { ...options, concurrency: availableParallelism() }),
        async invokeSolc(context, compiler, input, config, next) {
          const parts = divide(input, availableParallelism());
          return merge(await Promise.all(parts.map((part) => next(context, compiler, part, config))));
        },
      }),
    }),
  },
};

/** Inputs with the same sources whose outputs together are the input's; about as much source text to compile in each. */
function divide(input: CompilerInput, count: number): CompilerInput[] {
  const { '*': wanted, ...others } = input.settings.outputSelection;
  const files = Object.entries(input.sources).map(([file, { content }]) => ({ file, size: content.length }));
  if (count < 2 || files.length < WORTH_SPLITTING || Object.keys(others).length > 0) return [input];
  const shares = Array.from({ length: count }, () => ({ size: 0, files: [] as string[] }));
  for (const { file, size } of files.toSorted((a, b) => b.size - a.size)) {
    const share = shares.reduce((least, it) => (it.size < least.size ? it : least));
    share.files.push(file);
    share.size += size;
  }
  return shares.map(({ files }) => ({
    ...input,
    settings: { ...input.settings, outputSelection: Object.fromEntries(files.map((file) => [file, wanted])) },
  }));
}

function merge(outputs: CompilerOutput[]): CompilerOutput {
  if (outputs.length === 1) return outputs[0];
  const errors = outputs.flatMap((output) => output.errors ?? []);
  const contracts = Object.assign({}, ...outputs.map((output) => output.contracts));
  const sources = outputs.flatMap((output) => Object.entries(output.sources));
  return {
    errors: [...new Map(errors.map((error) => [error.formattedMessage, error])).values()],
    contracts,
    // each compiler tells of all, and has the syntax tree of its own
    sources: Object.fromEntries(sources.toSorted(([, a], [, b]) => Number('ast' in a) - Number('ast' in b))),
  };
}
