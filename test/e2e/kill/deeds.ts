/** States of a transaction at which a process can die so that its next has to find it again. */
export const STATES = ['signed', 'sent', 'mined'] as const;

/**
 * Every transaction that a daemon sends, as the journal names it, by the scene in which it is killed at each state of it.
 * A test compares this with what the sources of the daemons send.
 */
export const DEEDS = {
  job: ['accepting job', 'submitting job', 'withdrawing the pay of job'],
  'job that is left': ['leaving job'],
  'job of an impossible input': ['proving the input of job'],
  demand: ['demanding', 'answering demand', 'settling demand', 'fetching coins from demands'],
  'demand while gas is dear': ['extending the clock of a demand for'],
  silence: ['demanding', 'convicting a silent executor of batch', 'collecting the slash of batch'],
  challenge: ['accusing batch', 'proving a fault in batch', 'collecting the slash of batch'],
  'barred program': ['barring program'],
  run: [
    ...['recording the draw', 'drawing the seed', 'vacating seat', 'taking a seat', 'submitting round'],
    ...['settling rounds', 'withdrawing', 'closing the run', 'registering the model', 'leaving the run'],
    'claiming shares',
  ],
  'run of several seats': ['submitting round', 'aggregating round'],
  'wrong round': ['accusing batch', 'proving a fault in batch', 'collecting the slash of batch'],
  'round that is taken back': ['unlocking round'],
  'private run': [
    ...['committing to round', 'drawing the rows of a round', 'recording the draw', 'ending a missed commitment'],
    ...['beginning a round again', 'scoring round', 'locking one more collateral for run', 'aggregating round'],
  ],
  'escrow for a lent tab': ['approving tokens for an escrow', 'funding an escrow'],
  audit: [
    'recording the draw',
    'auditing leaf',
    'answering for audit',
    'ending job',
    'settling audits of job',
    'collecting what',
  ],
  'missed audit': ['reporting a missed audit of job'],
  'blind audit': ['showing the fault of batch', 'striking an audit of job', 'burning the lock of audit'],
} as const satisfies Record<string, readonly string[]>;

export type Scene = keyof typeof DEEDS;

/** Whether a transaction is of this kind. */
export const isDeed = (doing: string, deed: string): boolean => doing === deed || doing.startsWith(`${deed} `);
