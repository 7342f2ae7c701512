import { account, addressOf, type Case, event, START, tell, word } from '../case.ts';

const [requester, provider, token] = [account(1), account(2), account(9)];

const posted = (id: number, changes: Record<string, unknown> = {}) =>
  event('JobMarket', 'Posted', {
    jobId: word(id),
    requester,
    provider: `0x${'0'.repeat(40)}`,
    token,
    deadline: START + 3_600,
    count: 1,
    salt: '18446744073709551615',
    fee: '200',
    royalty: '50',
    model: '77',
    programId: word(5),
    inputsRoot: word(6),
    inputs: word(7),
    collateral: '1000',
    isSealed: false,
    ...changes,
  });
const model = event('ModelRegistry', 'Registered', { model: 77, owner: account(3), token, price: '50' });
const accepted = (id: number) => event('JobMarket', 'Accepted', { jobId: word(id), provider, lock: 500 });
const submitted = (id: number) =>
  event('JobMarket', 'Submitted', {
    jobId: word(id),
    provider,
    batchRoot: word(11),
    traceRoot: word(12),
    receipt: word(13),
  });
const paid = (id: number, released: boolean) =>
  event('JobMarket', 'Paid', { jobId: word(id), provider, amount: '190', royalty: '50', voided: '10', released });
const claimed = (id: number) =>
  event('Claims', 'Submitted', {
    batchId: word(100 + id),
    client: account(8),
    executor: provider,
    subject: word(id),
    root: word(11),
    count: 1,
    lock: 500,
    epoch: 3,
  });

export const market: Case[] = [
  tell(
    'a job from its posting to its payment',
    [[model, posted(1)], [accepted(1)], [submitted(1), claimed(1)], [paid(1, false)]],
    {
      [`job(id: "${word(1)}") { state requester { id posted } wanted provider { id accepted paid } token deadline count
        salt fee royalty model { id } program { id } inputsRoot inputs collateral isSealed lock traceRoot receipt paid paidRoyalty
        voided postedAt acceptedAt submittedAt endedAt batch { id executor { id } lock epoch job { id } } }`]: {
        job: {
          state: 'Paid',
          requester: { id: requester, posted: 1 },
          wanted: null,
          provider: { id: provider, accepted: 1, paid: 1 },
          token,
          deadline: String(START + 3_600),
          count: 1,
          salt: '18446744073709551615',
          fee: '200',
          royalty: '50',
          model: { id: word(77) },
          program: { id: word(5) },
          inputsRoot: word(6),
          inputs: word(7),
          collateral: '1000',
          isSealed: false,
          lock: '500',
          traceRoot: word(12),
          receipt: word(13),
          paid: '190',
          paidRoyalty: '50',
          voided: '10',
          postedAt: String(START),
          acceptedAt: String(START + 60),
          submittedAt: String(START + 120),
          endedAt: String(START + 180),
          batch: { id: word(101), executor: { id: provider }, lock: '500', epoch: 3, job: { id: word(1) } },
        },
      },
      'earnings { agent { id } token amount }': { earnings: [{ agent: { id: provider }, token, amount: '190' }] },
      'protocol(id: "0x00") { jobs batches }': { protocol: { jobs: 1, batches: 1 } },
    },
  ),
  tell(
    'the other ends of jobs: given back, released, cancelled, refunded',
    [
      [posted(1, { count: 2, provider }), posted(2), posted(3), posted(4)],
      [accepted(1), accepted(2), accepted(4)],
      [event('JobMarket', 'Exited', { jobId: word(1), provider }), event('JobMarket', 'Cancelled', { jobId: word(3) })],
      [submitted(2), paid(2, true), event('JobMarket', 'Unlocked', { jobId: word(2) })],
      [
        event('JobMarket', 'Refunded', { jobId: word(4), requester, amount: '240', burned: '10', reason: 0 }),
        event('JobMarket', 'Collected', { token, account: provider, amount: '5' }),
        event('JobMarket', 'RoyaltyCollected', { token, model: '77', amount: '6' }),
      ],
    ],
    {
      'jobs(orderBy: id) { state wanted exits provider { id } refunded burned reason }': {
        jobs: [
          { state: 'Posted', wanted: provider, exits: 1, provider: null, refunded: null, burned: null, reason: null },
          {
            state: 'Unlocked',
            wanted: null,
            exits: 0,
            provider: { id: provider },
            refunded: null,
            burned: null,
            reason: null,
          },
          { state: 'Cancelled', wanted: null, exits: 0, provider: null, refunded: null, burned: null, reason: null },
          {
            state: 'Refunded',
            wanted: null,
            exits: 0,
            provider: { id: provider },
            refunded: '240',
            burned: '10',
            reason: 'Late',
          },
        ],
      },
      [`agent(id: "${provider}") { accepted paid late }`]: { agent: { accepted: 3, paid: 1, late: 1 } },
      'collections(orderBy: amount) { amount account token }': {
        collections: [
          { amount: '5', account: provider, token },
          { amount: '6', account: addressOf('JobMarket'), token },
        ],
      },
    },
  ),
];
