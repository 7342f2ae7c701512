import { account, addressOf, type Case, event, START, tell, word } from '../case.ts';

const [executor, challenger] = [account(1), account(2)];
const batch = word(1);
const submitted = event('Claims', 'Submitted', {
  batchId: batch,
  client: account(8),
  executor,
  subject: word(2),
  root: word(3),
  count: 4,
  lock: 700,
  epoch: 2,
});
const demanded = (id: number, changes: Record<string, unknown> = {}) =>
  event('Availability', 'Demanded', {
    demandId: word(id),
    batchId: batch,
    demander: challenger,
    leaf: 3,
    kind: 9,
    index: 4_000_000_000,
    first: 0,
    count: 0,
    bond: '900',
    fee: '7',
    endsAt: START + 100,
    endsAtBlock: 50,
    ...changes,
  });

export const claims: Case[] = [
  tell(
    'who may demand of a sealed batch',
    [
      [submitted, event('Claims', 'Sealed', { batchId: batch, asker: account(4) })],
      [event('Availability', 'Appointed', { batchId: batch, demander: account(5) })],
      [event('Availability', 'Appointed', { batchId: batch, demander: account(6) })],
    ],
    {
      [`batch(id: "${batch}") { asker appointed }`]: {
        batch: { asker: account(4), appointed: [account(5), account(6)] },
      },
    },
  ),
  tell(
    'a batch that is rejected, with the faults that were shown',
    [
      [submitted, event('Accusations', 'Accused', { accusation: word(40) })],
      [
        event('Referee', 'Convicted', {
          batchId: batch,
          leaf: 1,
          operator: 2,
          output: 0,
          element: 20,
          opcode: word(30),
          claimed: '1065353216',
        }),
        event('Malformed', 'FormFault', { batchId: batch, leaf: 1, reason: word(31), value: 6 }),
        event('Claims', 'Voided', { batchId: batch, leaf: 2 }),
        event('Claims', 'Voided', { batchId: batch, leaf: 3 }),
        event('Claims', 'Rejected', { batchId: batch, challenger, adjudicator: account(7), leaf: 1 }),
        event('Penalties', 'Collected', { batchId: batch, amount: '700', bounty: '175', compensation: '100' }),
        event('Malformed', 'Barred', { programId: word(50), reason: word(51) }),
        event('JudgeRegistry', 'Added', { opcode: word(30), codeHash: word(60), judge: account(6) }),
      ],
    ],
    {
      [`batch(id: "${batch}") { isRejected challenger { id challenges } executor { convictions } adjudicator rejectedLeaf
        rejectedAt voids count root job { id } penalty { amount bounty compensation }
        faults(orderBy: kind) { kind leaf operator element opcode claimed reason value } }`]: {
        batch: {
          isRejected: true,
          challenger: { id: challenger, challenges: 1 },
          executor: { convictions: 1 },
          adjudicator: account(7),
          rejectedLeaf: 1,
          rejectedAt: String(START + 60),
          voids: [2, 3],
          count: 4,
          root: word(3),
          job: null,
          penalty: { amount: '700', bounty: '175', compensation: '100' },
          faults: [
            {
              kind: 'Element',
              leaf: '1',
              operator: '2',
              element: '20',
              opcode: word(30),
              claimed: '1065353216',
              reason: null,
              value: null,
            },
            {
              kind: 'Form',
              leaf: '1',
              operator: null,
              element: null,
              opcode: null,
              claimed: null,
              reason: word(31),
              value: '6',
            },
          ],
        },
      },
      'accusations { id time }': { accusations: [{ id: word(40), time: String(START) }] },
      'programs { id barred }': { programs: [{ id: word(50), barred: word(51) }] },
      'judges { opcode codeHash address }': {
        judges: [{ opcode: word(30), codeHash: word(60), address: account(6) }],
      },
      'protocol(id: "0x00") { batches rejected }': { protocol: { batches: 1, rejected: 1 } },
    },
  ),
  tell(
    'demands: answered, extended, expired, settled',
    [
      [submitted, demanded(11), demanded(12, { kind: 2 }), demanded(13, { kind: 4 })],
      [
        event('Availability', 'Answered', { demandId: word(11), batchId: batch, answerer: executor, share: '400' }),
        event('Availability', 'SegmentShown', { batchId: batch, leaf: 3, segment: 5, root: word(14) }),
        event('Availability', 'Extended', { demandId: word(12), extensions: 1, endsAt: START + 300, endsAtBlock: 99 }),
        event('Availability', 'Expired', { demandId: word(13), batchId: batch }),
      ],
      [
        event('Availability', 'Settled', { demandId: word(11), toAnswerer: '400', toDemander: '500' }),
        event('Availability', 'Withdrawn', { account: executor, amount: '400' }),
      ],
    ],
    {
      'demands(orderBy: id) { state kind leaf index bond fee endsAt endsAtBlock extensions share toDemander answeredAt }':
        {
          demands: [
            {
              state: 'Settled',
              kind: 'Segment',
              leaf: 3,
              index: '4000000000',
              bond: '900',
              fee: '7',
              endsAt: String(START + 100),
              endsAtBlock: '50',
              extensions: 0,
              share: '400',
              toDemander: '500',
              answeredAt: String(START + 60),
            },
            {
              state: 'Open',
              kind: 'Values',
              leaf: 3,
              index: '4000000000',
              bond: '900',
              fee: '7',
              endsAt: String(START + 300),
              endsAtBlock: '99',
              extensions: 1,
              share: null,
              toDemander: null,
              answeredAt: null,
            },
            {
              state: 'Expired',
              kind: 'Input',
              leaf: 3,
              index: '4000000000',
              bond: '900',
              fee: '7',
              endsAt: String(START + 100),
              endsAtBlock: '50',
              extensions: 0,
              share: null,
              toDemander: null,
              answeredAt: null,
            },
          ],
        },
      [`batch(id: "${batch}") { openDemands lastAnswerAt segments { leaf segment root } }`]: {
        batch: {
          openDemands: 1,
          lastAnswerAt: String(START + 60),
          segments: [{ leaf: 3, segment: '5', root: word(14) }],
        },
      },
      'collections { source account amount token }': {
        collections: [{ source: addressOf('Availability'), account: executor, amount: '400', token: null }],
      },
    },
  ),
];
