import type { HardhatPlugin } from 'hardhat/types/plugins';
import type { CompilerOutputError } from 'hardhat/types/solidity';

/** Warnings of dependencies are theirs to fix and stay silent; a warning of ours is an error, but for the size of tests. */
export const strictWarnings: HardhatPlugin = {
  id: 'strict-warnings',
  hookHandlers: {
    solidity: async () => ({
      default: async () => ({
        async invokeSolc(context, compiler, input, config, next) {
          const output = await next(context, compiler, input, config);
          const errors = (output.errors ?? []).filter((it) => it.severity !== 'warning' || concernsUs(it));
          return { ...output, errors: errors.map((it) => ({ ...it, severity: 'error', type: 'Error' })) };
        },
      }),
    }),
  },
};

const SIZE_CODES = ['5574', '3860'];

function concernsUs(message: CompilerOutputError & { sourceLocation?: { file: string } }): boolean {
  const { sourceLocation: { file } = { file: '' }, errorCode } = message;
  return !file.startsWith('npm/') && !(file.includes('/test/') && SIZE_CODES.includes(errorCode ?? ''));
}
