import { encodeBytes32String } from 'ethers';
import { account, addressOf, type Case, event, NOBODY, START, tell, word } from '../case.ts';

const [proposer, voter, other] = [1, 2, 3].map(account);
const governor = (name: string, params: Record<string, unknown>) => event('EssaimGovernor', name, params);
const timelock = (name: string, params: Record<string, unknown>) => event('TimelockController', name, params);

const proposed = (proposalId: number) =>
  governor('ProposalCreated', {
    proposalId,
    proposer,
    targets: [account(5), account(6)],
    values: ['0', '7'],
    signatures: ['', ''],
    calldatas: ['0x1234', '0x'],
    voteStart: START + 10,
    voteEnd: START + 100,
    description: 'Longer free exit',
  });
const call = { id: word(50), index: 0, target: account(5), value: '0', data: '0x1234' };

export const governance: Case[] = [
  tell(
    'proposals and votes',
    [
      [proposed(8), proposed(9)],
      [
        governor('VoteCast', { voter, proposalId: 8, support: 1, weight: '30', reason: 'good' }),
        governor('VoteCast', { voter: other, proposalId: 8, support: 0, weight: '10', reason: '' }),
        governor('VoteCastWithParams', {
          voter: proposer,
          proposalId: 8,
          support: 2,
          weight: '5',
          reason: 'who knows',
          params: '0xff',
        }),
        governor('ProposalExtended', { proposalId: 8, extendedDeadline: START + 200 }),
        governor('ProposalQueued', { proposalId: 8, etaSeconds: START + 300 }),
        governor('ProposalExecuted', { proposalId: 8 }),
        governor('ProposalCanceled', { proposalId: 9 }),
      ],
    ],
    {
      [`proposals(orderBy: number) { number state proposer { id } targets values calldatas description voteStart voteEnd
        eta for against abstain votes(orderBy: weight) { voter { id } support weight reason params } }`]: {
        proposals: [
          {
            number: '8',
            state: 'Executed',
            proposer: { id: proposer },
            targets: [account(5), account(6)],
            values: ['0', '7'],
            calldatas: ['0x1234', '0x'],
            description: 'Longer free exit',
            voteStart: String(START + 10),
            voteEnd: String(START + 200),
            eta: String(START + 300),
            for: '30',
            against: '10',
            abstain: '5',
            votes: [
              { voter: { id: proposer }, support: 'Abstain', weight: '5', reason: 'who knows', params: '0xff' },
              { voter: { id: other }, support: 'Against', weight: '10', reason: '', params: null },
              { voter: { id: voter }, support: 'For', weight: '30', reason: 'good', params: null },
            ],
          },
          {
            number: '9',
            state: 'Canceled',
            proposer: { id: proposer },
            targets: [account(5), account(6)],
            values: ['0', '7'],
            calldatas: ['0x1234', '0x'],
            description: 'Longer free exit',
            voteStart: String(START + 10),
            voteEnd: String(START + 100),
            eta: null,
            for: '0',
            against: '0',
            abstain: '0',
            votes: [],
          },
        ],
      },
    },
  ),
  tell(
    'settings, roles and waiting calls',
    [
      [
        governor('VotingDelaySet', { oldVotingDelay: 1, newVotingDelay: 2 }),
        governor('VotingPeriodSet', { oldVotingPeriod: 3, newVotingPeriod: 4 }),
        governor('ProposalThresholdSet', { oldProposalThreshold: 5, newProposalThreshold: 6 }),
        governor('QuorumNumeratorUpdated', { oldQuorumNumerator: 7, newQuorumNumerator: 8 }),
        governor('LateQuorumVoteExtensionSet', { oldVoteExtension: 9, newVoteExtension: 10 }),
        governor('TimelockChange', { oldTimelock: NOBODY, newTimelock: `0x${'0'.repeat(37)}abc` }),
        timelock('MinDelayChange', { oldDuration: 11, newDuration: 12 }),
        timelock('RoleGranted', { role: word(40), account: voter, sender: proposer }),
        timelock('RoleGranted', { role: word(40), account: other, sender: proposer }),
        timelock('RoleRevoked', { role: word(40), account: other, sender: proposer }),
        timelock('RoleAdminChanged', { role: word(40), previousAdminRole: word(0), newAdminRole: word(41) }),
        timelock('CallScheduled', { ...call, predecessor: word(0), delay: 60 }),
        timelock('CallSalt', { id: word(50), salt: word(51) }),
        timelock('CallExecuted', call),
        timelock('CallScheduled', { ...call, id: word(52), predecessor: word(0), delay: 60 }),
        timelock('Cancelled', { id: word(52) }),
      ],
    ],
    {
      'settings(orderBy: value) { name before value contract }': {
        settings: [
          { name: 'votingDelay', before: '1', value: '2', contract: addressOf('EssaimGovernor') },
          { name: 'votingPeriod', before: '3', value: '4', contract: addressOf('EssaimGovernor') },
          { name: 'proposalThreshold', before: '5', value: '6', contract: addressOf('EssaimGovernor') },
          { name: 'quorumNumerator', before: '7', value: '8', contract: addressOf('EssaimGovernor') },
          { name: 'lateQuorumVoteExtension', before: '9', value: '10', contract: addressOf('EssaimGovernor') },
          { name: 'minDelay', before: '11', value: '12', contract: addressOf('TimelockController') },
          { name: 'timelock', before: '0', value: '2748', contract: addressOf('EssaimGovernor') },
        ],
      },
      'roles(orderBy: id) { role account admin isGranted }': {
        roles: [
          { role: word(40), account: null, admin: word(41), isGranted: true },
          { role: word(40), account: voter, admin: null, isGranted: true },
          { role: word(40), account: other, admin: null, isGranted: false },
        ],
      },
      'operations(orderBy: id) { id state salt readyAt calls { target data isExecuted } }': {
        operations: [
          {
            id: word(50),
            state: 'Executed',
            salt: word(51),
            readyAt: String(START + 60),
            calls: [{ target: account(5), data: '0x1234', isExecuted: true }],
          },
          {
            id: word(52),
            state: 'Cancelled',
            salt: null,
            readyAt: String(START + 60),
            calls: [{ target: account(5), data: '0x1234', isExecuted: false }],
          },
        ],
      },
    },
  ),
  tell(
    'parameters by epoch, pauses, emissions',
    [
      [
        event('ProtocolParameters', 'Changed', {
          epoch: 1,
          key: encodeBytes32String('jobRules.freeExit'),
          before: '600',
          value: '900',
        }),
        event('ProtocolParameters', 'Changed', {
          epoch: 1,
          key: encodeBytes32String('claimRules.window'),
          before: '100',
          value: '150',
        }),
        event('ProtocolParameters', 'Changed', {
          epoch: 2,
          key: encodeBytes32String('jobRules.freeExit'),
          before: '900',
          value: '700',
        }),
        event('ProtocolParameters', 'GuardianSet', { guardian: voter }),
        event('ProtocolParameters', 'Paused', { guardian: voter, until: START + 500 }),
      ],
      [
        event('ProtocolParameters', 'Unpaused'),
        event('EmissionReserve', 'Emitted', { to: other, amount: '1000' }),
        event('EmissionReserve', 'Emitted', { to: other, amount: '500' }),
        event('Emissions', 'Recorded', { work: word(90), operator: voter, day: 20_000, burned: '30', asks: '40' }),
        event('Emissions', 'Claimed', { work: word(90), payee: other, toOperator: '25', toDelegators: '10' }),
        event('Emissions', 'DataClaimed', { work: word(90), dataset: 70, amount: '5' }),
        event('JobMarket', 'FeesBurned', { amount: '7' }),
        event('RunEscrow', 'FeesBurned', { amount: '8' }),
      ],
    ],
    {
      'parameters(orderBy: name) { name value epoch changes(orderBy: value) { before value epoch { number } } }': {
        parameters: [
          {
            name: 'claimRules.window',
            value: '150',
            epoch: 1,
            changes: [{ before: '100', value: '150', epoch: { number: 1 } }],
          },
          {
            name: 'jobRules.freeExit',
            value: '700',
            epoch: 2,
            changes: [
              { before: '900', value: '700', epoch: { number: 2 } },
              { before: '600', value: '900', epoch: { number: 1 } },
            ],
          },
        ],
      },
      'epoches(orderBy: number) { number changes { value } }': {
        epoches: [
          { number: 1, changes: [{ value: '900' }, { value: '150' }] },
          { number: 2, changes: [{ value: '700' }] },
        ],
      },
      'protocol(id: "0x00") { epoch guardian pausedUntil emitted feesBurned }': {
        protocol: { epoch: 2, guardian: voter, pausedUntil: String(START + 60), emitted: '1500', feesBurned: '15' },
      },
      'works { operator { id } day burned asks payee toOperator toDelegators claimedAt data { dataset { number } amount } }':
        {
          works: [
            {
              operator: { id: voter },
              day: '20000',
              burned: '30',
              asks: '40',
              payee: other,
              toOperator: '25',
              toDelegators: '10',
              claimedAt: String(START + 60),
              data: [{ dataset: { number: '70' }, amount: '5' }],
            },
          ],
        },
      'pauses(orderBy: until) { guardian until }': {
        pauses: [
          { guardian: null, until: String(START + 60) },
          { guardian: voter, until: String(START + 500) },
        ],
      },
      'emissions { to amount }': {
        emissions: [
          { to: other, amount: '1000' },
          { to: other, amount: '500' },
        ],
      },
    },
  ),
];
