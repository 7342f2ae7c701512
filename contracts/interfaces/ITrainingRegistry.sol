// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClient} from "./IClient.sol";

/// @title TrainingRegistry
/// @notice Runs of training: everything that decides the result is fixed and paid for before the seed is drawn; then
/// trainers submit rounds of step claims that anyone can convict, one wrong number being enough.
///
/// Funding → Funded (the whole budget is locked, a future random round is fixed) → Running (the seed is drawn) →
/// Completed or Ended are the paths; Void is a run whose draw expired. A run that nobody funded in time stays in Funding
/// and gives its backers everything back.
///
/// A run has **seats**, each held by one trainer with collateral in MIEL. A **round** begins from a checkpoint. With one
/// seat its trainer's batch of step claims makes the next one; with more, every seat submits a batch of its own and one
/// of them submits an **aggregation**, a batch with a claim for each contribution. At most `depth` rounds are pending on
/// one another. A rejected batch takes the run back to the checkpoint that its round began from.
/// @dev A run is keccak256(abi.encode(terms)). Each round that begins has a **turn** of its own, also when its number
/// was there before. A batch is keccak256(abi.encode(runId, Batch)), its subject in {IClaims}: so what the contract has
/// to know of a batch comes back in calldata. Money is settled by the rules of the run's epoch. Amounts of stake are in
/// milli-MIEL (1e15 wei), shares of anything in basis points.
/// Warning: a token that rebases or charges its holders endangers only the runs and fees in that token.
interface ITrainingRegistry is IClient {
    /// @notice Everything that a run fixes.
    /// @param initiator creates the run and owns its model
    /// @param token ERC-20 of the budget, whose received amount equals the sent one
    /// @param programId the step program: tensors ‖ schedule row ‖ batch columns → tensors ‖ loss
    /// @param aggregationProgramId averages ‖ bases ‖ updates ‖ share → averages; zero with one seat
    /// @param baseModel model that the initial checkpoint comes from; zero: none
    /// @param checkpoint list root of the initial tensors
    /// @param scheduleRoot tensor root of float32 [rounds × steps, k]: row s is the step program's schedule at step s
    /// @param dataset id in the data set registry
    /// @param version of the data set, from 1
    /// @param rows of that version
    /// @param tensors in a checkpoint
    /// @param batch rows in a step's batch
    /// @param steps most steps of a seat in a round; with one seat: exactly so many
    /// @param rounds of the run
    /// @param seats trainers at a time, at most 256
    /// @param depth most rounds pending on one another, at most 8
    /// @param feePerStep for each verified step; protocol and verification fee come out of it
    /// @param aggregationFee for each aggregation
    /// @param fundingDeadline last second to fund the whole budget
    /// @param roundSeconds after which a round is aggregated without the seats that are missing, and those are vacated
    /// @param deadline second after which the run may be stopped
    /// @param trainersRoot list root of the addresses that may train, as words; zero: anyone
    /// @param trainers number of addresses in that list
    /// @param collateral lock of one pending batch
    /// @param dependantPay what a trainer gets for a final batch that stood on a rejected one
    /// @param backersShare of the model's shares, divided by what each gave
    /// @param trainersShare of the model's shares, divided by verified steps
    /// @param initiatorShare of the model's shares; the three are 10,000
    /// @param dataRoyalty what the data set draws of the model's revenue
    /// @param baseRoyalty what the base model draws of it
    /// @param manifest sha2-256 digest of the run's manifest
    /// @param salt tells equal runs apart
    /// @param scoreProgramId tensors ‖ batch columns → loss: trainers keep their data to themselves and are paid for what
    /// their updates improve ({IScoredRounds}); zero: they are paid for steps
    struct Terms {
        address initiator;
        address token;
        bytes32 programId;
        bytes32 aggregationProgramId;
        uint256 baseModel;
        bytes32 checkpoint;
        bytes32 scheduleRoot;
        uint256 dataset;
        uint32 version;
        uint32 rows;
        uint16 tensors;
        uint32 batch;
        uint16 steps;
        uint24 rounds;
        uint16 seats;
        uint8 depth;
        uint96 feePerStep;
        uint96 aggregationFee;
        uint40 fundingDeadline;
        uint24 roundSeconds;
        uint40 deadline;
        bytes32 trainersRoot;
        uint32 trainers;
        uint40 collateral;
        uint40 dependantPay;
        uint16 backersShare;
        uint16 trainersShare;
        uint16 initiatorShare;
        uint16 dataRoyalty;
        uint16 baseRoyalty;
        bytes32 manifest;
        uint64 salt;
        bytes32 scoreProgramId;
    }

    /// @notice What a batch is about. `turn` is that of its round. Of step claims `nextTurn` and `contributions` are zero; of
    /// an aggregation they are the turn of the round which it begins and keccak256(abi.encode(Contribution[])), `seat` is
    /// zero, `count` the number of claims, `checkpoint` what they end in.
    struct Batch {
        uint24 round;
        uint24 turn;
        uint24 nextTurn;
        uint16 seat;
        address trainer;
        uint32 count;
        bytes32 checkpoint;
        bytes32 contributions;
    }

    /// @notice A seat's batch as an aggregation takes it in. `count` is its steps; of a score what its gain is paid as.
    struct Contribution {
        uint16 seat;
        uint32 count;
        address trainer;
        bytes32 checkpoint;
    }

    /// @notice A batch of step claims that its trainer signed: EIP-712, of the type Submission(bytes32 runId,uint24
    /// round,uint24 turn,uint16 seat,uint32 count,bytes32 checkpoint,bytes32 batchRoot,bytes32 receipt), in the domain
    /// ("Essaim training", "1", chain, this contract); ERC-1271 where the trainer is a contract.
    struct Submission {
        address trainer;
        uint32 count;
        bytes32 checkpoint;
        bytes32 batchRoot;
        bytes32 receipt;
        bytes signature;
    }

    /// @notice A round as {settle} needs it. With one seat its only contribution is the round, and there is no aggregator.
    struct Round {
        address aggregator;
        bytes32 checkpoint;
        Contribution[] contributions;
    }

    /// @notice Where a run stands. Stopped: its deadline passed; what is pending is settled, nothing is added.
    enum State {
        None,
        Funding,
        Funded,
        Running,
        Stopped,
        Completed,
        Ended,
        Void
    }

    /// @notice What is stored of a run: `round` is the current one, `settled` the number of settled ones; `turn` is the
    /// current round's and `turns` the last one given; `time` is when the current round began; `scored` where it
    /// has a score program.
    struct Run {
        // slot 0
        State state;
        uint16 epoch;
        uint24 round;
        uint24 settled;
        uint24 turn;
        uint24 turns;
        uint32 time;
        uint16 steps;
        uint16 seats;
        uint8 depth;
        uint24 rounds;
        uint24 roundSeconds;
        bool scored;
    }

    /// @notice Sums of a run: the data set's price, when it was closed, the random round of its seed, MIEL of rejected
    /// batches that waits for their dependants; verified and void steps, and verified aggregations, of settled rounds.
    struct Sums {
        // slot 0
        uint96 dataPrice;
        uint32 closed;
        uint64 drawn;
        uint64 pool;
        // slot 1
        uint40 earned;
        uint40 voided;
        uint24 aggregations;
    }

    /// @notice A trainer of a run. `seat` counts from 1, 0 is none; `turn` is that of its last batch of steps; bit
    /// turn % 16 of `open` and `aggregating` is a batch that is not settled, of the sixteen up to
    /// `marked` and `aggregated`, the last ones submitted; `locks` are collaterals held and `pending`
    /// how many of them are in use; steps, aggregations and dependants are all that were settled. Who is `convicted` joins
    /// no more and is no dependant.
    struct Trainer {
        // slot 0
        uint16 seat;
        uint24 turn;
        uint16 open;
        uint16 aggregating;
        uint8 locks;
        uint8 pending;
        bool convicted;
        uint40 lock;
        uint32 steps;
        uint24 aggregations;
        uint16 dependants;
        uint24 marked;
        uint24 aggregated;
    }

    /// @notice Who holds a seat, since when, and the last turn for which a batch of it stands.
    struct Seat {
        // slot 0
        address holder;
        uint24 turn;
        uint32 joined;
    }

    /// @notice `terms` are abi.encode(Terms): the preimage of the run's id.
    event Created(bytes32 indexed runId, address indexed initiator, bytes terms);
    /// @notice The whole budget is there; the seed is that of this random round.
    event Funded(bytes32 indexed runId, uint256 round);
    event Drawn(bytes32 indexed runId, bytes32 seed);
    event Joined(bytes32 indexed runId, uint16 indexed seat, address indexed trainer, uint8 locks);
    event LocksAdded(bytes32 indexed runId, address indexed trainer, uint8 locks);
    event Left(bytes32 indexed runId, uint16 indexed seat, address indexed trainer, uint256 burned);
    /// @notice A batch of step claims. `place` is round 0 ‖ turn 24 ‖ next turn 48 ‖ seat 72 ‖ count 88, in bits from the
    /// least significant; `receipt` is the digest of its manifest.
    event Submitted(bytes32 indexed runId, address indexed trainer, uint256 place, bytes32 checkpoint, bytes32 receipt);
    /// @notice An aggregation of the contributions in its calldata; the rest as of {Submitted}.
    event Aggregated(
        bytes32 indexed runId,
        address indexed trainer,
        uint256 place,
        bytes32 checkpoint,
        bytes32 receipt
    );
    event Settled(bytes32 indexed runId, uint24 indexed round);
    /// @notice A rejected batch was taken out; the run stands at `round` again.
    event Dropped(bytes32 indexed runId, address indexed trainer, uint24 round, uint24 turn, uint256 compensation);
    /// @notice A final batch outside the settled rounds; it stood on a rejected one where it is paid as a dependant.
    event Unlocked(bytes32 indexed runId, address indexed trainer, uint24 round, bool dependant);
    /// @notice A scored round begins once more: nothing improved.
    event Repeated(bytes32 indexed runId, uint24 round, uint24 turn);
    event Closed(bytes32 indexed runId, State state);

    /// @notice The run is not in a state that allows this.
    error TrainingRegistry_State(bytes32 runId, State state);
    /// @notice Governance holds new runs back for a while; nothing else is held.
    error TrainingRegistry_Paused();
    /// @notice Only `allowed` may do this.
    error TrainingRegistry_Caller(address caller, address allowed);
    /// @notice The deadline has passed, or has not yet.
    error TrainingRegistry_Deadline(uint256 deadline, uint256 time);
    /// @notice The random value is not there yet.
    error TrainingRegistry_NotDrawn(uint256 round);
    /// @notice The seat does not exist, or `holder` has it.
    error TrainingRegistry_Seat(uint256 seat, address holder);
    /// @notice The account has a seat already, or none.
    error TrainingRegistry_Seated(address trainer, uint256 seat);
    /// @notice The account is not in the run's list, or a batch of it was rejected.
    error TrainingRegistry_NotAllowed(address trainer);
    /// @notice Between one and sixteen locks.
    error TrainingRegistry_Locks(uint256 locks);
    /// @notice The seat's holder is not late, or nothing can be submitted now.
    error TrainingRegistry_NotLate(uint256 seat);
    /// @notice The round is not there to be settled, or its only contribution does not end in its checkpoint.
    error TrainingRegistry_Round(uint256 round);
    /// @notice Too many rounds are pending, or all are done.
    error TrainingRegistry_Depth(uint256 round, uint256 settled);
    /// @notice The run is at another turn: the round was taken back, or somebody aggregated it.
    error TrainingRegistry_Turn(uint256 turn);
    /// @notice The next round gets another turn: this one was aggregated and taken back, or one of its batches was dropped.
    error TrainingRegistry_NextTurn(uint256 nextTurn);
    /// @notice The seat has submitted this round already.
    error TrainingRegistry_Submitted(uint256 turn);
    /// @notice Another batch uses the lock that this one needs.
    error TrainingRegistry_Locked(uint256 pending, uint256 locks);
    /// @notice The signature is not this trainer's, or of another run, round, turn, seat or batch.
    error TrainingRegistry_Signature(address trainer);
    /// @notice So many steps cannot be in this batch.
    error TrainingRegistry_Count(uint256 count);
    /// @notice Contributions are not in seat order, too few, or the missing seats still have time.
    error TrainingRegistry_Contributions(uint256 count, uint256 seats);
    /// @notice The batch is not final.
    error TrainingRegistry_NotFinal(bytes32 batchId);
    /// @notice The batch was not rejected.
    error TrainingRegistry_NotRejected(bytes32 batchId);
    /// @notice The batch is settled already, or was never submitted.
    error TrainingRegistry_NotOpen(address trainer, uint256 turn);
    /// @notice The batch is part of the run: it is settled with its round.
    error TrainingRegistry_InRun(uint256 round);
    /// @notice These terms are not the batch's.
    error TrainingRegistry_NotTheBatch(bytes32 batchId);

    /// @notice Creates a run. For the initiator. Asks whether new runs are allowed, refuses barred programs and terms that
    /// break a rule of {IRunRules}.
    /// @param programs header and interface of the step program and, with more than one seat, of the aggregation program
    /// @return runId keccak256(abi.encode(terms))
    function create(Terms calldata terms, bytes calldata programs) external returns (bytes32 runId);

    /// @notice Fixes the random round of a run's seed. For the escrow, when it holds the whole budget.
    function funded(bytes32 runId) external;

    /// @notice Draws the seed, keccak256(value ‖ runId); a run whose draw expired is void. For anyone.
    function draw(Terms calldata terms) external;

    /// @notice Takes a free seat with collateral for `locks` pending batches, from the caller's provision for this
    /// contract with Penalties as its slasher. For anyone in the run's list.
    /// @param index the caller's position in the list
    /// @param siblings its positional proof, 32 bytes a level (empty where anyone may train)
    function join(Terms calldata terms, uint16 seat, uint8 locks, uint32 index, bytes calldata siblings) external;

    /// @notice Locks collateral of the caller, who has a seat, for `locks` more pending batches.
    function addLocks(Terms calldata terms, uint8 locks) external;

    /// @notice Gives the caller's seat up. Locks of pending batches are given back as those are settled.
    function resign(bytes32 runId) external;

    /// @notice Takes a seat from a holder who let a round pass; a share of one free lock is burned. In a scored run until
    /// the round is over, from one who committed to nothing in its time. For anyone.
    function vacate(bytes32 runId, uint16 seat) external;

    /// @notice Submits the caller's batch of step claims for the current round, if that still has the turn that the claims are
    /// bound to: one that was trained for a round which a rejection has taken back is refused, not convicted.
    /// @param turn of the round
    /// @param count steps in it
    /// @param checkpoint that the last step ends in
    /// @param batchRoot list root of the claims
    /// @param receipt sha2-256 digest of the receipt's manifest
    function submit(
        bytes32 runId,
        uint24 turn,
        uint32 count,
        bytes32 checkpoint,
        bytes32 batchRoot,
        bytes32 receipt
    ) external;

    /// @notice Submits batches of the current round that their trainers signed, at most as many as the run has seats. For
    /// anyone; each is as if its trainer had called {submit}, and all or none are taken.
    function submitFor(bytes32 runId, Submission[] calldata list) external;

    /// @notice Submits the current round's aggregation. For any trainer with a seat. A listed contribution that nobody
    /// submitted is a fault ({IStepFaults-proveContribution}).
    /// @param turn of the round, as for {submit}
    /// @param nextTurn that the next round gets, one above {Run-turns}: what is in flight while the round is aggregated and
    /// taken back, or while one of its batches is dropped, is refused, not convicted
    /// @param contributions in seat order, before `roundSeconds` have passed: of every seat
    function aggregate(
        bytes32 runId,
        uint24 turn,
        uint24 nextTurn,
        Contribution[] calldata contributions,
        bytes32 checkpoint,
        bytes32 batchRoot,
        bytes32 receipt
    ) external;

    /// @notice Settles the next rounds, all batches of which are final: what they earned waits in the escrow. For
    /// anyone.
    function settle(bytes32 runId, Round[] calldata rounds) external;

    /// @notice Takes a rejected batch out, once: collects its slash, frees the trainer's seat and, if the run stood on
    /// it, goes back to the checkpoint that its round began from. For anyone.
    function drop(Terms calldata terms, Batch calldata batch) external;

    /// @notice Ends the lock of a final batch that is in no settled round; one that stood on a rejected batch is paid
    /// `dependantPay` from what that one's trainer lost. For anyone.
    function unlock(Terms calldata terms, Batch calldata batch) external;

    /// @notice Notes that an account with a seat takes part in the current turn of a scored run, and takes a lock for it.
    /// For {IScoredRounds}.
    function enter(bytes32 runId, address account) external returns (uint16 seat, uint24 turn);

    /// @notice Submits a score of the current turn, a batch of two claims. For {IScoredRounds}.
    function submitScore(
        bytes32 runId,
        address account,
        bytes32 checkpoint,
        bytes32 batchRoot,
        bytes32 receipt
    ) external;

    /// @notice Begins the current round once more, with a turn of its own. For {IScoredRounds}.
    function again(bytes32 runId) external;

    /// @notice Ends the lock of a commitment without a score; of a `late` one `jobRules.lateness` is burned and the seat
    /// taken. For {IScoredRounds}.
    function endCommitment(bytes32 runId, address account, bool late) external;

    /// @notice Convicts a claim of one of this contract's batches. For {IStepFaults}.
    function convict(bytes32 batchId, uint32 leaf, address challenger) external;

    /// @notice Stops a run whose deadline passed. For anyone.
    function stop(Terms calldata terms) external;

    /// @notice Closes a run whose rounds are all settled, or that was stopped and has nothing pending. For anyone.
    function close(bytes32 runId) external;

    /// @notice What is stored of a run.
    function run(bytes32 runId) external view returns (Run memory);

    /// @notice A run's sums.
    function sums(bytes32 runId) external view returns (Sums memory);

    /// @notice The seed of the run's order of rows; zero before it is drawn.
    function seed(bytes32 runId) external view returns (bytes32);

    /// @notice What is stored of a trainer.
    function trainer(bytes32 runId, address account) external view returns (Trainer memory);

    /// @notice Who holds a seat.
    function seat(bytes32 runId, uint16 index) external view returns (Seat memory);

    /// @notice keccak256(abi.encode(parent, round)) of the round that had a turn, `parent` being the checkpoint that it began
    /// from; it never changes.
    function start(bytes32 runId, uint256 turn) external view returns (bytes32);

    /// @notice Whether a batch belongs to the rounds that the run stands on, or to its current one.
    function stands(bytes32 runId, Batch calldata batch) external view returns (bool);

    /// @notice The run of these terms.
    function runIdOf(Terms calldata terms) external pure returns (bytes32);
}
