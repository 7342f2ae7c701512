// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClient} from "./IClient.sol";
import {IJobMarket} from "./IJobMarket.sol";

/// @title AuditPool
/// @notice Draws, of the batches of {IJobMarket}, those to audit, and of the staked auditors who audits them. An audit is
/// a claim: the auditor's own execution of the same program on the same input, in a batch of its own in {IClaims} whose
/// client is this pool, with the inner values of one drawn segment and a verdict, and a lock that answers for all of it.
/// It is paid of the audited batch's own verification fee.
/// @dev **Terms.** A term is four days. Weights change from the next term on: the draw of a batch reads them as they stood
/// at the end of the term before the one in which it was submitted, so nobody who knows a value can move what it draws.
///
/// **Draw.** The round follows from the block of the submission ({IRandomness-roundFor}). With its value everybody knows
/// whether the batch is audited, which leaves, and by whom; no transaction is needed for it, and none for what is not
/// drawn. `keccak256(value ‖ batchId)`, its lower half × 10,000 / 2^128 below the probability, and then for each audit
/// `keccak256(that ‖ index)`: leaf 64 bits, segment 64, auditor 128.
///
/// **Clock.** In quarters of the audited batch's window, in seconds and in blocks: an audit is submitted within the first
/// three; the last is for proving what it found, or demanding what that needs; and until the end of a second window anyone
/// may show that what it passed was wrong.
///
/// **Probability.** max(least, margin · C / ((1 − r)(R + S))), rounded up, by the rules of the batch's epoch: C the saving
/// and R the fee where that is in MIEL, else C the stated cost and R = 0; S the lock that the job's terms ask for, at least
/// the floor, × slash × (1 − bounty − compensation), a fifth of that where the executor had opened a pool of delegators when
/// it submitted: they may back it four times over, and what they lose does not deter it. A pool cannot be closed, and one
/// that is opened later changes nothing: none of this can move once the value is known.
///
/// **Planted faults** need no privilege: whoever risks its lock may submit a wrong result of its own job. If its auditors
/// pass it and it becomes final, it shows the fault: they lose what they had at stake, burned, nobody is paid a bounty, and
/// the requester has back at most what the job cost it in fees.
///
/// **Expired.** A round that expired has drawn nobody: any auditor may audit any leaf, first come, for what the draws leave
/// over of the fee.
///
/// **Misses** burn of the bond the audited leaf's fee, at most `missed` of a lock: doing the work costs less than what it
/// was paid for, so nobody saves by missing, and who posts what nobody can audit burns nobody more than it pays fees on.
/// Fees in another token than MIEL have no price here: missing those costs their pay. Nothing is burned of a seat whose
/// stake was locked in audits as far as it had been drawn by; a stake below two locks is not drawn.
interface IAuditPool is IClient {
    /// @notice One drawn audit.
    /// @param batchId the audited batch
    /// @param odds probability with which it is audited, in basis points; 0 where the draw expired
    /// @param audits how many of its leaves are audited
    /// @param leaf which this one is
    /// @param segment modulo the number of the program's segments: whose inner values it needs
    /// @param seat of its auditor
    /// @param auditor zero where there is none, or anybody's
    struct Assignment {
        bytes32 batchId;
        uint16 odds;
        uint32 audits;
        uint32 leaf;
        uint64 segment;
        uint32 seat;
        address auditor;
    }

    /// @notice What an audit says. Stands in {Audited}, is bound by the claim, and comes back in calldata.
    /// @param index which of the batch's audits
    /// @param leaf the audited claim's position
    /// @param seat of the auditor
    /// @param number of the audit, among the seat's
    /// @param audits how many leaves of the batch are audited
    /// @param odds probability in basis points; 0 where the draw expired
    /// @param passed whether the audited claim is right
    /// @param segment as drawn
    /// @param inputsRoot of the audited leaf
    /// @param traceRoot of the auditor's own execution
    /// @param innerRoot list root of the inner values of the drawn segment, as `IAvailability.segmentRoot` has it
    struct Audit {
        uint32 index;
        uint32 leaf;
        uint32 seat;
        uint32 number;
        uint32 audits;
        uint16 odds;
        bool passed;
        uint64 segment;
        bytes32 inputsRoot;
        bytes32 traceRoot;
        bytes32 innerRoot;
    }

    /// @notice What an auditor itself states in {audit}.
    /// @param index which of the batch's audits
    /// @param passed whether the audited claim is right
    /// @param inputsRoot of the leaf: of one input, the job's
    /// @param traceRoot of its own execution
    /// @param innerRoot list root of its own inner values of the drawn segment
    struct Finding {
        uint32 index;
        bool passed;
        bytes32 inputsRoot;
        bytes32 traceRoot;
        bytes32 innerRoot;
    }

    /// @notice A place among the auditors; `bond` in milli-MIEL pays for what it misses; `left` is the term in which it
    /// left, or 0.
    struct Seat {
        address auditor;
        uint40 bond;
        uint16 left;
        uint32 audits;
    }

    event Enrolled(address indexed auditor, uint32 indexed seat, uint40 bond);
    /// @notice From the next term on, the seat has this weight, in units of 2 MIEL.
    event Weighed(uint32 indexed seat, uint256 weight, uint256 term);
    event Left(uint32 indexed seat, uint256 term);
    /// @notice `successor` gets the seat when it is closed, and locked this bond; `holder` had it, or waited for it.
    event Displaced(uint32 indexed seat, address indexed holder, address indexed successor, uint40 bond);
    event Closed(uint32 indexed seat, address indexed auditor);
    /// @notice The fields of {Audit}, flat and in its order.
    event Audited(
        bytes32 indexed batchId,
        bytes32 indexed auditBatchId,
        address indexed auditor,
        uint32 index,
        uint32 leaf,
        uint32 seat,
        uint32 number,
        uint32 audits,
        uint16 odds,
        bool passed,
        uint64 segment,
        bytes32 inputsRoot,
        bytes32 traceRoot,
        bytes32 innerRoot
    );
    event Missed(bytes32 indexed batchId, uint32 index, address indexed auditor, uint256 burned);
    /// @notice A claim was shown to have been wrong when it was committed to, whatever came of its batch.
    event Shown(bytes32 indexed batchId, uint32 leaf);
    /// @notice An auditor passed what was shown wrong: its audit's lock is lost.
    event Struck(bytes32 indexed auditBatchId, address indexed auditor);
    /// @notice An audit's lock was given back, and this much of the token credited.
    event Settled(bytes32 indexed auditBatchId, address indexed auditor, address token, uint256 pay);
    /// @notice Whoever requested a wrong result that passed is credited its part of the fee.
    event PlantReturned(bytes32 indexed batchId, address indexed requester, address token, uint256 amount);
    event Collected(address indexed token, address indexed account, uint256 amount);

    /// @notice The account has a seat, or has none.
    error AuditPool_Seat(address auditor);
    /// @notice All seats are taken.
    error AuditPool_Full();
    /// @notice There is a free seat to enrol in, or no such seat.
    error AuditPool_Vacant();
    /// @notice Who displaces an auditor has to weigh something, and twice as much.
    error AuditPool_Lighter(uint256 weight, uint256 held);
    /// @notice The seat can be drawn until the end of a term.
    error AuditPool_Term(uint256 term);
    /// @notice The caller was not drawn for this audit.
    error AuditPool_NotDrawn(bytes32 batchId, uint256 index, address auditor);
    /// @notice The clock of this is over, or runs still.
    error AuditPool_Clock(bytes32 batchId);
    /// @notice The round's value is not known on chain: record it first.
    error AuditPool_Pending(uint256 round);
    /// @notice The input shown is not that of the leaf.
    error AuditPool_Input();
    /// @notice These terms and words are no audit's.
    error AuditPool_Unknown(bytes32 auditBatchId);
    /// @notice The audit, or the miss, was settled already.
    error AuditPool_Done(bytes32 auditBatchId);
    /// @notice The batch, or the audit's own, is in a state that does not allow this.
    error AuditPool_State(bytes32 batchId);
    /// @notice The job's money has not moved: withdraw it first.
    error AuditPool_Unpaid(bytes32 jobId);
    /// @notice What was shown is no fault.
    error AuditPool_NoFault();
    /// @notice Nothing is owed, or nothing of it has come in.
    error AuditPool_Nothing();

    /// @notice Takes a seat: locks a bond, as much as one audit, from the caller's provision for this pool with Penalties
    /// as its slasher, and weighs the rest. Drawn from the next term on.
    function enroll() external returns (uint32 seat);

    /// @notice Where all seats are taken, takes one whose auditor, or who waits for it, weighs at most half: that one leaves,
    /// and the caller, whose bond is locked from now on, has the seat when it is closed.
    function displace(uint32 seat) external;

    /// @notice Weighs an auditor anew: what it has in the provision itself, not thawing. For anyone.
    function refresh(address auditor) external;

    /// @notice Has no weight from the next term on; what was drawn before is still to be done.
    function resign() external;

    /// @notice Gives the bond back when nothing can be asked of the seat any more. For anyone.
    function close(address auditor) external;

    /// @notice Submits an audit, and locks what it has at stake. For the auditor that was drawn, or where the draw expired
    /// for any.
    /// @param siblings positional proof of the leaf's input under the job's, 32 bytes a level (none for one input)
    function audit(
        IJobMarket.Terms calldata terms,
        Finding calldata finding,
        bytes calldata siblings
    ) external returns (bytes32 auditBatchId);

    /// @notice Burns of the bond of an auditor that let its clock run out; a bond that is used up ends its seat. For anyone,
    /// the auditor too: while its stake is locked in other audits nothing is burned. In the term of the batch's submission
    /// or the next.
    function missed(IJobMarket.Terms calldata terms, uint32 index) external;

    /// @notice Ends audits that are final, of batches that ended: gives locks back and credits the pay. Nothing is paid for
    /// an alarm that nothing followed, nor for passing the leaf that its batch was rejected for. For anyone.
    function settle(IJobMarket.Terms[] calldata terms, Audit[] calldata audits) external;

    /// @notice Shows that a claim was wrong in what its trace commits to, at any time, whatever its batch became.
    /// @param proof as `IReferee.proveFault` takes it, of an operator that touches no inner value
    function show(bytes32 batchId, bytes calldata proof) external;

    /// @notice Takes the lock of an audit that passed what was shown wrong. For anyone; nobody gains by it.
    function strike(IJobMarket.Terms calldata terms, Audit calldata audit_) external;

    /// @notice Credits the requester of a final batch of which a struck audit passed a leaf, once.
    function returnPlant(IJobMarket.Terms calldata terms, Audit calldata audit_) external;

    /// @notice Convicts an audit whose executor answered another list for the drawn segment than it committed to. Accused
    /// before, like every fault of a claim; the caller is the challenger.
    /// @param header the program's, 156 bytes: what was accused
    function proveInner(
        IJobMarket.Terms calldata terms,
        Audit calldata audit_,
        bytes calldata header,
        bytes32 salt
    ) external;

    /// @notice Pays an account what it is owed, as far as the pool has it: what the market owes the pool is taken in first.
    /// An auditor with a pool of delegators is paid through it. For anyone.
    function collect(address token, address account) external;

    /// @notice What audit `index` of the job's batch is, as its round drew it.
    function assignment(IJobMarket.Terms calldata terms, uint32 index) external view returns (Assignment memory);

    /// @notice Probability in basis points with which the job's batch is audited; 0 of a sealed one.
    function odds(IJobMarket.Terms calldata terms) external view returns (uint256);

    /// @notice What an account is owed.
    function owed(address token, address account) external view returns (uint256);

    /// @notice Whether a claim was shown wrong.
    function shown(bytes32 batchId, uint32 leaf) external view returns (bool);

    /// @notice Whether an audit was settled or struck after it was final.
    function done(uint32 seat, uint32 number) external view returns (bool);

    /// @notice A seat by its number.
    function seatAt(uint32 seat) external view returns (Seat memory);

    /// @notice The seat of an auditor; reverts where it has none.
    function seatOf(address auditor) external view returns (uint32);

    /// @notice Weight of a seat and of all, at the end of the last term or the one before.
    function weightAt(uint32 seat, uint256 term) external view returns (uint256 weight, uint256 total);

    /// @notice The term of a second.
    function termOf(uint256 time) external pure returns (uint256);
}
