import { account, addressOf, type Case, event, NOBODY, START, tell, word } from '../case.ts';

const [auditor, other, requester, token] = [1, 2, 3, 9].map(account);
const batch = word(1);
const pool = (name: string, params: Record<string, unknown>) => event('AuditPool', name, params);
const submitted = (id: string, executor: string, client: string) =>
  event('Claims', 'Submitted', {
    ...{ batchId: id, client, executor, subject: word(900), root: word(3) },
    ...{ count: 4, lock: 700, epoch: 2 },
  });
const audited = (id: number, index: number, passed: boolean) =>
  pool('Audited', {
    ...{ batchId: batch, auditBatchId: word(id), auditor, index, leaf: index + 2, seat: 5, number: index, audits: 3 },
    ...{ odds: 1_250, passed, segment: '18446744073709551615' },
    ...{ inputsRoot: word(30), traceRoot: word(31), innerRoot: word(32) },
  });
const rejected = (id: number, challenger: string) =>
  event('Claims', 'Rejected', { batchId: word(id), challenger, adjudicator: account(7), leaf: 0 });

export const audits: Case[] = [
  tell(
    'seats of auditors: bond, weights by term, and what they missed',
    [
      [
        pool('Enrolled', { auditor, seat: 5, bond: 8_000 }),
        pool('Weighed', { seat: 5, weight: '40', term: '4919' }),
        pool('Enrolled', { auditor: other, seat: 6, bond: 8_000 }),
        pool('Weighed', { seat: 6, weight: '7', term: '4919' }),
        submitted(batch, account(4), addressOf('JobMarket')),
      ],
      [
        pool('Missed', { batchId: batch, index: 1, auditor, burned: 3_000 }),
        pool('Displaced', { seat: 5, holder: auditor, successor: requester, bond: 9_000 }),
        pool('Left', { seat: 5, term: '4920' }),
        pool('Weighed', { seat: 5, weight: '0', term: '4920' }),
        pool('Closed', { seat: 6, auditor: other }),
      ],
      [
        pool('Enrolled', { auditor: other, seat: 7, bond: 8_000 }),
        pool('Left', { seat: 7, term: '4921' }),
        pool('Closed', { seat: 7, auditor: other }),
        pool('Enrolled', { auditor: requester, seat: 7, bond: 9_000 }),
      ],
    ],
    {
      'auditSeats(orderBy: number) { number auditor { id missed } bond weight term left successor { id } closedAt weights(orderBy: term) { term weight } }':
        {
          auditSeats: [
            {
              ...{ number: '5', auditor: { id: auditor, missed: 1 }, bond: '5000', weight: '0', term: '4920' },
              ...{ left: '4920', successor: { id: requester }, closedAt: null },
              weights: [
                { term: '4919', weight: '40' },
                { term: '4920', weight: '0' },
              ],
            },
            {
              ...{ number: '6', auditor: null, bond: '0', weight: '7', term: '4919', left: null },
              ...{ successor: null, closedAt: String(START + 60), weights: [{ term: '4919', weight: '7' }] },
            },
            {
              ...{ number: '7', auditor: { id: requester, missed: 0 }, bond: '9000', weight: '0', term: '0' },
              ...{ left: null, successor: null, closedAt: null, weights: [] },
            },
          ],
        },
      [`agent(id: "${auditor}") { auditSeat { number } }`]: { agent: { auditSeat: { number: '5' } } },
      [`agent(id: "${other}") { auditSeat { number } }`]: { agent: { auditSeat: null } },
      'missedAudits { batch { id } index auditor { id } burned }': {
        missedAudits: [{ batch: { id: batch }, index: 1, auditor: { id: auditor }, burned: '3000' }],
      },
    },
  ),
  tell(
    'audits: verdict, state and pay',
    [
      [
        pool('Enrolled', { auditor, seat: 5, bond: 8_000 }),
        submitted(batch, account(4), addressOf('JobMarket')),
        ...[0, 1, 2, 3].flatMap((i) => [
          submitted(word(10 + i), auditor, addressOf('AuditPool')),
          audited(10 + i, i, i !== 1),
        ]),
      ],
      [
        pool('Settled', { auditBatchId: word(10), auditor, token, pay: '25' }),
        pool('Settled', { auditBatchId: word(13), auditor, token, pay: '0' }),
        rejected(11, other),
        pool('Shown', { batchId: batch, leaf: 4 }),
        pool('Struck', { auditBatchId: word(12), auditor }),
        rejected(12, NOBODY),
        pool('PlantReturned', { batchId: batch, requester, token, amount: '11' }),
        pool('Collected', { token, account: auditor, amount: '25' }),
      ],
    ],
    {
      [`audit(id: "${word(10)}") { batch { id } claim { id executor { id } audit { index } } auditor { id } state
        index number leaf seat { number } audits odds passed segment inputsRoot traceRoot innerRoot token pay endedAt }`]:
        {
          audit: {
            batch: { id: batch },
            claim: { id: word(10), executor: { id: auditor }, audit: { index: 0 } },
            auditor: { id: auditor },
            ...{ state: 'Settled', index: 0, number: '0', leaf: 2, seat: { number: '5' }, audits: 3, odds: 1250 },
            ...{ passed: true, segment: '18446744073709551615' },
            ...{ inputsRoot: word(30), traceRoot: word(31), innerRoot: word(32) },
            ...{ token, pay: '25', endedAt: String(START + 60) },
          },
        },
      [`batch(id: "${batch}") { audits(orderBy: index) { state passed pay claim { isRejected challenger { id } } }
        shownFaults { leaf } }`]: {
        batch: {
          audits: [
            { state: 'Settled', passed: true, pay: '25', claim: { isRejected: false, challenger: null } },
            { state: 'Convicted', passed: false, pay: null, claim: { isRejected: true, challenger: { id: other } } },
            { state: 'Struck', passed: true, pay: null, claim: { isRejected: true, challenger: null } },
            { state: 'Settled', passed: true, pay: '0', claim: { isRejected: false, challenger: null } },
          ],
          shownFaults: [{ leaf: 4 }],
        },
      },
      [`agent(id: "${auditor}") { convictions audits { id } earnings { token amount } }`]: {
        agent: {
          convictions: 2,
          audits: [{ id: word(10) }, { id: word(11) }, { id: word(12) }, { id: word(13) }],
          earnings: [{ token, amount: '25' }],
        },
      },
      'plantReturns { batch { id } requester { id } token amount }': {
        plantReturns: [{ batch: { id: batch }, requester: { id: requester }, token, amount: '11' }],
      },
      'collections { source token account amount }': {
        collections: [{ source: addressOf('AuditPool'), token, account: auditor, amount: '25' }],
      },
      'protocol(id: "0x00") { audits }': { protocol: { audits: 4 } },
    },
  ),
];
