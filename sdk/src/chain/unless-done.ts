import { EssaimError } from '@essaim/protocol';

/**
 * Lets pass that somebody else did a thing at the same moment: the contract says so by one of these errors, or it shows
 * now. What is read may be of a moment before; what a contract refused is not.
 */
export const unlessDone =
  (codes: readonly string[], isDone: () => Promise<boolean> = async () => false) =>
  async (error: unknown): Promise<undefined> => {
    if (error instanceof EssaimError && codes.includes(error.code)) return undefined;
    if (await isDone()) return undefined;
    throw error;
  };
