import { AbiCoder } from 'ethers';
import { account, addressOf, type Case, event, START, tell, word } from '../case.ts';

const [initiator, alice, bob, token] = [1, 2, 3, 9].map(account);
const run = word(1);

/** The words of ITrainingRegistry.Terms. */
const TERMS: [string, unknown][] = [
  ['address', initiator],
  ['address', token],
  ['bytes32', word(20)],
  ['bytes32', word(21)],
  ['uint256', 60],
  ['bytes32', word(22)],
  ['bytes32', word(23)],
  ['uint256', 70],
  ['uint32', 2],
  ['uint32', 1_000],
  ['uint16', 6],
  ['uint32', 32],
  ['uint16', 10],
  ['uint24', 70_000],
  ['uint16', 4],
  ['uint8', 2],
  ['uint96', 15],
  ['uint96', 16],
  ['uint40', START + 1_000],
  ['uint24', 600],
  ['uint40', START + 9_000],
  ['bytes32', word(0)],
  ['uint32', 0],
  ['uint40', 100],
  ['uint40', 10],
  ['uint16', 2_000],
  ['uint16', 5_000],
  ['uint16', 3_000],
  ['uint16', 100],
  ['uint16', 200],
  ['bytes32', word(24)],
  ['uint64', 1],
  ['bytes32', word(25)],
];
const terms = AbiCoder.defaultAbiCoder().encode(
  TERMS.map(([type]) => type),
  TERMS.map(([, value]) => value),
);
const created = event('TrainingRegistry', 'Created', { runId: run, initiator, terms });
const registry = (name: string, params: Record<string, unknown>) =>
  event('TrainingRegistry', name, { runId: run, ...params });
const escrow = (name: string, params: Record<string, unknown>) => event('RunEscrow', name, { runId: run, ...params });

/** round 0 ‖ turn 24 ‖ next turn 48 ‖ seat 72 ‖ count 88 */
const place = (round: number, turn: number, next: number, seat: number, count: number) =>
  (
    (BigInt(count) << 88n) |
    (BigInt(seat) << 72n) |
    (BigInt(next) << 48n) |
    (BigInt(turn) << 24n) |
    BigInt(round)
  ).toString();
const batch = (id: number, executor: string) =>
  event('Claims', 'Submitted', {
    batchId: word(id),
    client: addressOf('TrainingRegistry'),
    executor,
    subject: word(900 + id),
    root: word(11),
    count: 10,
    lock: 100,
    epoch: 1,
  });

export const training: Case[] = [
  tell(
    'a run: terms, budget, seats, rounds, money',
    [
      [
        event('DatasetRegistry', 'Registered', { dataset: 70, owner: bob, typesHash: word(71), token, price: '5' }),
        created,
        escrow('Backed', { backer: bob, amount: '900' }),
        escrow('Backed', { backer: bob, amount: '100' }),
      ],
      [
        registry('Funded', { round: '123' }),
        event('BlockRandomness', 'Recorded', { round: '123', value: word(30) }),
        registry('Drawn', { seed: word(31) }),
        registry('Joined', { seat: 0, trainer: alice, locks: 2 }),
        registry('LocksAdded', { trainer: alice, locks: 3 }),
        registry('Joined', { seat: 1, trainer: bob, locks: 1 }),
      ],
      [
        registry('Submitted', {
          trainer: alice,
          place: place(0, 1, 0, 0, 10),
          checkpoint: word(32),
          receipt: word(33),
        }),
        batch(501, alice),
        registry('Aggregated', { trainer: bob, place: place(0, 1, 2, 0, 4), checkpoint: word(34), receipt: word(35) }),
        batch(502, bob),
        registry('Settled', { round: 0 }),
        registry('Dropped', { trainer: bob, round: 5, turn: 6, compensation: '77' }),
        registry('Unlocked', { trainer: alice, round: 5, dependant: true }),
        registry('Left', { seat: 1, trainer: bob, burned: '12' }),
        registry('Closed', { state: 5 }),
      ],
      [
        escrow('DataPaid', { dataset: 70, amount: '5' }),
        event('ModelRegistry', 'Registered', { model: 80, owner: initiator, token, price: '0' }),
        escrow('ModelMade', { model: 80, shares: account(6) }),
        escrow('Withdrawn', { trainer: alice, amount: '150', compensation: '8' }),
        escrow('Refunded', { backer: bob, amount: '300' }),
        escrow('Burned', { amount: '9' }),
        escrow('Compensated', { backer: bob, amount: '20' }),
        escrow('SharesClaimed', { account: alice, amount: '5000' }),
        event('RunEscrow', 'Collected', { token, account: initiator, amount: '2' }),
      ],
    ],
    {
      [`run(id: "${run}") { state initiator { id } token program { id } aggregationProgram scoreProgram baseModel { number }
        dataset { number } version checkpoint rows batchRows steps roundCount seatCount depth feePerStep aggregationFee
        fundingDeadline roundSeconds deadline collateral backersShare trainersShare initiatorShare manifest terms backed
        drawRound seed settled dataPaid burned model { number } closedAt }`]: {
        run: {
          state: 'Completed',
          initiator: { id: initiator },
          token,
          program: { id: word(20) },
          aggregationProgram: word(21),
          scoreProgram: word(25),
          baseModel: { number: '60' },
          dataset: { number: '70' },
          version: 2,
          checkpoint: word(22),
          rows: '1000',
          batchRows: '32',
          steps: 10,
          roundCount: 70000,
          seatCount: 4,
          depth: 2,
          feePerStep: '15',
          aggregationFee: '16',
          fundingDeadline: String(START + 1_000),
          roundSeconds: 600,
          deadline: String(START + 9_000),
          collateral: '100',
          backersShare: 2000,
          trainersShare: 5000,
          initiatorShare: 3000,
          manifest: word(24),
          terms,
          backed: '1000',
          drawRound: '123',
          seed: word(31),
          settled: 1,
          dataPaid: '5',
          burned: '9',
          model: { number: '80' },
          closedAt: String(START + 120),
        },
      },
      'seats(orderBy: submissions) { trainer { id } seat locks submissions earned compensation sharesClaimed burned leftAt }':
        {
          seats: [
            {
              trainer: { id: bob },
              seat: 1,
              locks: 0,
              submissions: 0,
              earned: '0',
              compensation: '0',
              sharesClaimed: '0',
              burned: '12',
              leftAt: String(START + 120),
            },
            {
              trainer: { id: alice },
              seat: 0,
              locks: 5,
              submissions: 1,
              earned: '150',
              compensation: '8',
              sharesClaimed: '5000',
              burned: '0',
              leftAt: null,
            },
          ],
        },
      [`submissions(orderBy: isAggregation) { isAggregation number turn nextTurn seat count checkpoint receipt
        trainer { id } batch { id submission { turn } } round { turn number } }`]: {
        submissions: [
          {
            isAggregation: false,
            number: 0,
            turn: 1,
            nextTurn: 0,
            seat: 0,
            count: 10,
            checkpoint: word(32),
            receipt: word(33),
            trainer: { id: alice },
            batch: { id: word(501), submission: { turn: 1 } },
            round: { turn: 1, number: 0 },
          },
          {
            isAggregation: true,
            number: 0,
            turn: 1,
            nextTurn: 2,
            seat: 0,
            count: 4,
            checkpoint: word(34),
            receipt: word(35),
            trainer: { id: bob },
            batch: { id: word(502), submission: { turn: 1 } },
            round: { turn: 1, number: 0 },
          },
        ],
      },
      'runEvents(orderBy: kind) { kind trainer { id } round turn compensation isDependant }': {
        runEvents: [
          { kind: 'Dropped', trainer: { id: bob }, round: 5, turn: 6, compensation: '77', isDependant: null },
          { kind: 'Unlocked', trainer: { id: alice }, round: 5, turn: null, compensation: null, isDependant: true },
        ],
      },
      'backings { backer { id } amount refunded compensated }': {
        backings: [{ backer: { id: bob }, amount: '1000', refunded: '300', compensated: '20' }],
      },
      'randomRounds { round value source }': {
        randomRounds: [{ round: '123', value: word(30), source: addressOf('BlockRandomness') }],
      },
      'collections { account amount }': { collections: [{ account: initiator, amount: '2' }] },
    },
  ),
  tell(
    'rounds with the losses that were shown',
    [
      [created],
      [
        event('ScoredRounds', 'Committed', { runId: run, turn: 3, seat: 1, trainer: alice, commitment: word(40) }),
        event('ScoredRounds', 'Drawing', { runId: run, turn: 3, round: '456' }),
        // float32: 2.5, 1.25 and 1.75
        event('ScoredRounds', 'Scored', {
          runId: run,
          turn: 3,
          seat: 1,
          before: 0x40200000,
          later: 0x3fa00000,
          gain: 500_000_000,
        }),
        event('ScoredRounds', 'Scored', {
          runId: run,
          turn: 3,
          seat: 2,
          before: 0x40200000,
          later: 0x3fe00000,
          gain: 300_000_000,
        }),
        event('ScoredRounds', 'Missed', { runId: run, turn: 3, seat: 3, trainer: bob, late: true }),
        event('ScoredRounds', 'Missed', { runId: run, turn: 3, seat: 4, trainer: alice, late: false }),
      ],
      [
        event('ScoredRounds', 'Committed', { runId: run, turn: 3, seat: 4, trainer: bob, commitment: word(41) }),
        registry('Repeated', { round: 2, turn: 4 }),
        event('DrandRandomness', 'Recorded', { round: '456', value: word(42) }),
      ],
    ],
    {
      [`rounds(orderBy: turn) { turn number isRepeated drawRound before after updates(orderBy: seat) {
        seat trainer { id } commitment before after gain missed } }`]: {
        rounds: [
          {
            turn: 3,
            number: null,
            isRepeated: false,
            drawRound: '456',
            before: '2.5',
            after: '1.25',
            updates: [
              {
                ...{ seat: 1, trainer: { id: alice }, commitment: word(40), before: '2.5', after: '1.25' },
                ...{ gain: '500000000', missed: null },
              },
              {
                ...{ seat: 2, trainer: null, commitment: null, before: '2.5', after: '1.75' },
                ...{ gain: '300000000', missed: null },
              },
              {
                ...{ seat: 3, trainer: { id: bob }, commitment: null, before: null, after: null },
                ...{ gain: null, missed: 'Late' },
              },
              {
                ...{ seat: 4, trainer: { id: bob }, commitment: word(41), before: null, after: null },
                ...{ gain: null, missed: null },
              },
            ],
          },
          { turn: 4, number: 2, isRepeated: true, drawRound: null, before: null, after: null, updates: [] },
        ],
      },
      'randomRounds { round value source }': {
        randomRounds: [{ round: '456', value: word(42), source: addressOf('DrandRandomness') }],
      },
    },
  ),
];
