import { findTerms, type Model } from '@essaim/sdk';
import { type Asked, useAsk } from '../../reading/use-ask.ts';

/**
 * The program of a job, compiled here from the file that its model names, so that it is the one whose id the chain holds;
 * null where there is no such job or the program is another.
 */
export function useProgram(jobId: string | null, programId: string | undefined): Asked<Model['program'] | null> {
  return useAsk(
    async (essaim, signal) => {
      if (!jobId || !programId) return null;
      const terms = await findTerms(essaim.contracts, jobId, essaim.deployment.startBlock);
      if (terms.programId !== programId) return null;
      return (await essaim.models.load(terms.model, programId, signal)).program;
    },
    [jobId, programId],
  );
}
