import { EssaimError, type Hash } from '@essaim/protocol';

/** Something that a verifier is about to do in its own name. */
export interface Deed {
  readonly kind: 'convict' | 'demand' | 'bar';
  /** The batch that it is about, or the program. */
  readonly subject: Hash;
  /** Where in it: a leaf, and what of it. The same deed has the same place after a restart. */
  readonly place: string;
  /** In words, for a person to judge. */
  readonly why: string;
}

/** Lets a deed pass, as late as it likes, or throws `Forgone`. */
export type Consent = (deed: Deed, signal?: AbortSignal) => Promise<void>;

/** A deed that was not done, because nobody signs here or because a person said no. */
export class Forgone extends EssaimError {
  readonly deed: Deed;

  constructor(deed: Deed, reason: string) {
    super('ACTION_FORGONE', `${deed.kind}: ${deed.why}: ${reason}`, {
      help: 'run with --mode auto to have it done, or --mode oversight to decide about it',
      details: { ...deed },
    });
    this.deed = deed;
  }
}

/** Does nothing but look. */
export const watching: Consent = async (deed) => {
  throw new Forgone(deed, 'only watching');
};
