import { EssaimError } from '@essaim/protocol';
import { StorageError } from '@essaim/storage';

/** Runs a command line; an error of ours is printed as code, message and help, and ends the process with 1. */
export async function main(program: { parseAsync(): Promise<unknown> }): Promise<void> {
  try {
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof EssaimError || error instanceof StorageError)) throw error;
    console.error(`${error.code}: ${error.message}\n${error.help}`);
    process.exit(1);
  }
}
