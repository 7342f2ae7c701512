// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IClient} from "./IClient.sol";
import {IFeeBurn} from "./IFeeBurn.sol";

/// @title JobMarket
/// @notice Escrow of single jobs: one program on one input, or on n inputs under one root, for a fee in any ERC-20
/// whose received amount equals the sent one, backed by the provider's collateral in MIEL.
///
/// Posted → Accepted → Submitted → Paid is the whole path; Cancelled and Refunded are the other ends. A requester may
/// release the money before the window ends (Submitted → Released → Unlocked), the lock stays until then.
/// @dev A job is keccak256(abi.encode(terms)) and one slot; the terms come back in calldata and stand whole in
/// {Posted}. It is the client of its batches in {IClaims} (subject: the job's id) and of providers' provisions, whose
/// slasher has to be Penalties. Money is settled by the rules of the job's epoch.
/// Warning: a token that rebases or charges its holders endangers only the jobs and fees in that token.
interface IJobMarket is IClient, IFeeBurn {
    /// @notice What a requester asks for and offers.
    /// @param requester posts the job and may cancel, release and be compensated
    /// @param provider who may accept it; zero: anyone
    /// @param token the ERC-20 of fee and royalty
    /// @param deadline last second in which a result may be submitted
    /// @param count number of inputs, at least 1
    /// @param salt tells equal jobs apart
    /// @param fee for each input, in the token's units; protocol and verification fee come out of it, and of a protocol fee in
    /// MIEL a share is burned
    /// @param royalty for each input, to the model; at least the model's price
    /// @param model id in the model registry
    /// @param programId the program to run, one of the model's
    /// @param inputsRoot of one input: the claim's inputsRoot; of n: the list root over their n inputsRoots
    /// @param inputs sha2-256 digest of the inputs' manifest
    /// @param collateral MIEL in wei that the provider must lock at least; rounded up to milli-MIEL
    /// @param isSealed input and result are readable to the named provider and to whom the requester lets read: of its
    /// batch only the requester may demand ({IClaims-seal}), it is not audited and pays no verification fee, and it earns
    /// no emissions
    struct Terms {
        address requester;
        address provider;
        address token;
        uint40 deadline;
        uint32 count;
        uint64 salt;
        uint128 fee;
        uint128 royalty;
        uint256 model;
        bytes32 programId;
        bytes32 inputsRoot;
        bytes32 inputs;
        uint96 collateral;
        bool isSealed;
    }

    /// @notice Where a job stands. Released: paid before the window ended, the lock still held. Unlocked: its lock was
    /// given back.
    enum State {
        None,
        Posted,
        Accepted,
        Submitted,
        Released,
        Paid,
        Unlocked,
        Cancelled,
        Refunded
    }

    /// @notice What is stored of a job: `time` of acceptance in seconds, `lock` in milli-MIEL (none once an input of it was
    /// at fault). Of a posted job that was given back: who gave it back, and when.
    struct Job {
        address provider;
        uint40 lock;
        uint32 time;
        uint16 epoch;
        State state;
    }

    /// @notice The whole of the terms.
    event Posted(
        bytes32 indexed jobId,
        address indexed requester,
        address provider,
        address token,
        uint40 deadline,
        uint32 count,
        uint64 salt,
        uint128 fee,
        uint128 royalty,
        uint256 model,
        bytes32 programId,
        bytes32 inputsRoot,
        bytes32 inputs,
        uint96 collateral,
        bool isSealed
    );
    event Cancelled(bytes32 indexed jobId);
    event Accepted(bytes32 indexed jobId, address indexed provider, uint40 lock);
    event Exited(bytes32 indexed jobId, address indexed provider);
    /// @notice A result: of one input its traceRoot stands here, of n inputs it is zero (see the receipt).
    event Submitted(
        bytes32 indexed jobId,
        address indexed provider,
        bytes32 batchRoot,
        bytes32 traceRoot,
        bytes32 receipt
    );
    /// @notice Money left escrow for a result; `released` where the requester did not wait for the window. Half of
    /// `voided` (fee and royalty of void claims) went back, half to the burn address.
    event Paid(
        bytes32 indexed jobId,
        address indexed provider,
        uint256 amount,
        uint256 royalty,
        uint256 voided,
        bool released
    );
    /// @notice The lock of a job whose money was released early was given back.
    event Unlocked(bytes32 indexed jobId);
    /// @notice Money went back: the result was late, rejected, or the input at fault.
    event Refunded(bytes32 indexed jobId, address indexed requester, uint256 amount, uint256 burned, Reason reason);
    event Collected(address indexed token, address indexed account, uint256 amount);
    event RoyaltyCollected(address indexed token, uint256 indexed model, uint256 amount);

    /// @notice Why a requester was refunded.
    enum Reason {
        Late,
        Rejected,
        InputFault
    }

    /// @notice The job is not in a state that allows this.
    error JobMarket_State(bytes32 jobId, State state);
    /// @notice Governance holds new jobs back for a while; nothing else is held.
    error JobMarket_Paused();
    /// @notice Only `allowed` may do this.
    error JobMarket_Caller(address caller, address allowed);
    /// @notice The program breaks a rule of programs and was barred.
    error JobMarket_Barred(bytes32 programId, bytes32 reason);
    /// @notice The deadline has passed, or has not yet for a refund.
    error JobMarket_Deadline(uint256 deadline, uint256 time);
    /// @notice A job has at least one input.
    error JobMarket_Empty();
    /// @notice A sealed job names the provider that can open it.
    error JobMarket_NoProvider();
    /// @notice The royalty is below the model's price, or in another token than the model's.
    error JobMarket_Royalty(address token, uint256 price);
    /// @notice The token handed over another amount than was sent.
    error JobMarket_TokenAmount(uint256 sent, uint256 received);
    /// @notice Escrow above 2^128 - 1, or a lock above 2^40 - 1 milli-MIEL.
    error JobMarket_TooMuch(uint256 amount);
    /// @notice The caller gave this job back, and takes it no more; or somebody did so just now.
    error JobMarket_GivenBack(bytes32 jobId);
    /// @notice The free exit is over.
    error JobMarket_ExitOver(uint256 until);
    /// @notice One input: `submit`. More: `submitBatch`.
    error JobMarket_Count(uint32 count);
    /// @notice The window is open, a demand waits for its answer, or the grace after it runs.
    error JobMarket_NotFinal(bytes32 jobId);
    /// @notice The result was rejected: there is a refund, no payment.
    error JobMarket_Rejected(bytes32 jobId);
    /// @notice The result was not rejected, and came in time.
    error JobMarket_NoRefund(bytes32 jobId);
    /// @notice The proof does not open what was committed, or has another length.
    error JobMarket_Proof();
    /// @notice What was shown is no fault.
    error JobMarket_NoFault();
    /// @notice Nothing is owed.
    error JobMarket_Nothing();
    /// @notice These terms are not the batch's.
    error JobMarket_Terms(bytes32 batchId);

    /// @notice Posts a job and takes `(fee + royalty) × count` into escrow. For the requester. Asks whether new jobs
    /// are allowed, refuses barred programs and programs that are not the model's.
    /// @return jobId keccak256(abi.encode(terms))
    function post(Terms calldata terms) external returns (bytes32 jobId);

    /// @notice Takes back a job that nobody has accepted. For the requester.
    function cancel(Terms calldata terms) external;

    /// @notice Accepts a job: locks the collateral asked (at least the floor) and more for each job held, from the
    /// caller's provision for this market with Penalties as its slasher. Not for who gave it back last, nor in the second
    /// in which that was: free exits would stall a job without cost.
    function accept(Terms calldata terms) external;

    /// @notice Leaves an accepted job without cost, in the first minutes (an input that is not served) or when its
    /// program was barred; the job is open again. For its provider.
    function exit(Terms calldata terms) external;

    /// @notice Submits the result of a job of one input; the claim is built here, never taken as a hash. For its
    /// provider.
    /// @param traceRoot list root of the trace's values
    /// @param receipt sha2-256 digest of the receipt's manifest
    function submit(Terms calldata terms, bytes32 traceRoot, bytes32 receipt) external;

    /// @notice Submits the results of a job of n inputs as a batch of n claims, in the inputs' order. For its provider.
    /// @param batchRoot list root of the claims
    function submitBatch(Terms calldata terms, bytes32 batchRoot, bytes32 receipt) external;

    /// @notice Pays the provider before the window ends; the lock stays until it has. For the requester.
    function release(Terms calldata terms) external;

    /// @notice Pays the provider of a Final result and gives the lock back. For anyone; only the provider is paid.
    function withdraw(Terms calldata terms) external;

    /// @notice Gives the requester its money back: all of it where no result came by the deadline (a share of the lock
    /// is burned); where the result was rejected (its lock is for Penalties) all but the verification fee, for what was
    /// submitted is drawn for audits, and pays them however it ends (a sealed job, which is not drawn, gets all of it).
    /// For anyone; only the requester is paid.
    function refund(Terms calldata terms) external;

    /// @notice Convicts a claim that is not this job's: another program, another input at its index, another client,
    /// chain, job or index. Accused before, like every fault of a claim; the caller is the challenger.
    /// @dev proof = programId 32 ‖ inputsRoot 32 ‖ traceRoot 32 ‖ context 32 ‖ leaf u32 ‖ batch siblings
    /// (depth(count) × 32), and for an input that is not the job's: ‖ the job's inputsRoot at that index 32 ‖ its
    /// siblings under the job's inputsRoot (depth(count) × 32).
    function proveContext(Terms calldata terms, bytes calldata proof, bytes32 salt) external;

    /// @notice Ends an accepted job at the requester's cost: one of its inputs lies outside what the program declares.
    /// A share of the escrow is burned, the rest goes back, the provider is free. For its provider.
    /// @param index which input
    /// @param inputsRoot the job's inputsRoot at that index
    /// @param siblings its positional proof under the job's inputsRoot, 32 bytes a level (none for one input)
    /// @param proof what the programs' fault contract needs to see the fault
    function proveInput(
        Terms calldata terms,
        uint32 index,
        bytes32 inputsRoot,
        bytes calldata siblings,
        bytes calldata proof
    ) external;

    /// @notice Pays out what is owed to an account: fees, halves of void claims, and what a token did not move when a job
    /// ended. For anyone; only the account is paid.
    function collect(address token, address account) external;

    /// @notice Pays a model's royalties into {IRoyalties}, for its owner or shares, and its lineage. For anyone.
    function collectRoyalty(address token, uint256 model) external;

    /// @notice What {collect} would pay.
    function owed(address token, address account) external view returns (uint256);

    /// @notice What {collectRoyalty} would pay.
    function royalties(address token, uint256 model) external view returns (uint256);

    /// @notice What is stored of a job.
    function job(bytes32 jobId) external view returns (Job memory);

    /// @notice The job of these terms.
    function jobIdOf(Terms calldata terms) external pure returns (bytes32);

    /// @notice Its batch in {IClaims}, submitted or not.
    function batchIdOf(bytes32 jobId) external view returns (bytes32);
}
