// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Claims
/// @notice Holds every batch of claims: a list root of (program, inputs, trace, context) that an executor answers for.
/// A batch has exactly one end: Final, a view of time passed, or Rejected, a verdict of an adjudicator.
/// @dev Calls nobody but {IParameters}, whose answers for an epoch never change. Clients read the verdict themselves.
/// Warning: any contract may be a client and name any executor; only a provision of stake that the executor itself
/// granted to that client gives such a batch any force.
interface IClaims {
    /// @notice None: never submitted. Pending: may still be rejected. Final and Rejected: the two ends.
    enum State {
        None,
        Pending,
        Final,
        Rejected
    }

    /// @notice What is stored of a batch. `lock` is in milli-MIEL (1e15 wei); `time` in seconds; `blockNumber` as the
    /// chain counts blocks.
    struct Batch {
        bytes32 root;
        address client;
        uint40 lock;
        uint32 count;
        address executor;
        uint40 time;
        uint32 blockNumber;
        uint16 epoch;
    }

    /// @notice A batch was submitted by its client.
    event Submitted(
        bytes32 indexed batchId,
        address indexed client,
        address indexed executor,
        bytes32 subject,
        bytes32 root,
        uint32 count,
        uint40 lock,
        uint16 epoch
    );
    /// @notice One claim was convicted, and with it its whole batch.
    event Rejected(bytes32 indexed batchId, address indexed challenger, address adjudicator, uint32 leaf);
    /// @notice One claim is unpaid; its batch stands.
    event Voided(bytes32 indexed batchId, uint32 leaf);

    /// @notice Of this batch only `asker`, and whom it appoints, may demand.
    event Sealed(bytes32 indexed batchId, address indexed asker);

    /// @notice This client has already submitted a batch for this subject.
    error Claims_Exists(bytes32 batchId);
    /// @notice A batch holds at least one claim.
    error Claims_Empty();
    /// @notice Only a pending batch can be judged, demanded from or answered for.
    error Claims_NotPending(bytes32 batchId, State state);
    /// @notice The caller has no such power over this batch.
    error Claims_NotAdjudicator(address caller);
    /// @notice The batch has no such leaf.
    error Claims_Leaf(uint32 leaf, uint32 count);
    /// @notice This claim is void already.
    error Claims_AlreadyVoid(bytes32 batchId, uint32 leaf);
    /// @notice There is no open demand to answer.
    error Claims_NothingDemanded(bytes32 batchId);
    /// @notice A batch is sealed in the block of its submission or never.
    error Claims_SealedLate(bytes32 batchId);

    /// @notice Submits a batch; the caller is its client, once for a subject.
    /// @param subject what the batch is about, to its client: a job's id
    /// @param root list root of the batch's claims
    /// @param count number of claims
    /// @param executor answers for every byte below the root
    /// @param lock the full possible slash that the client has locked, in milli-MIEL
    /// @param epoch parameter epoch whose rules hold for this batch for ever
    /// @return batchId keccak256(client ‖ subject)
    function submit(
        bytes32 subject,
        bytes32 root,
        uint32 count,
        address executor,
        uint40 lock,
        uint16 epoch
    ) external returns (bytes32 batchId);

    /// @notice Seals a batch: nobody but `asker` makes its content public by demands. For its client, in the block of its
    /// submission.
    function seal(bytes32 batchId, address asker) external;

    /// @notice Convicts a claim and so rejects its batch, once. For an adjudicator or the batch's client.
    /// @param challenger who takes the bounty
    function reject(bytes32 batchId, uint32 leaf, address challenger) external;

    /// @notice Makes a claim void: unpaid, while its batch stands. For the referee alone.
    function annul(bytes32 batchId, uint32 leaf) external;

    /// @notice Notes an open demand: the batch is not Final while one is open. For the availability contract alone,
    /// which bounds how many there can be and for how long.
    function demanded(bytes32 batchId) external;

    /// @notice Notes that an open demand was answered: the grace runs from the last answer. For the availability
    /// contract alone.
    function answered(bytes32 batchId) external;

    /// @notice Final is a view: the window has passed in blocks and in seconds, no demand is open, and so has the
    /// grace after the last answer.
    function state(bytes32 batchId) external view returns (State);

    /// @notice State and number of void claims in one call.
    function outcome(bytes32 batchId) external view returns (State state, uint32 voids);

    /// @notice Whether the window, in which a demand may begin, is still open (in blocks or in seconds).
    function inWindow(bytes32 batchId) external view returns (bool);

    /// @notice The stored batch; all zero where there is none.
    function batch(bytes32 batchId) external view returns (Batch memory);

    /// @notice Of a batch, what one slot says: all zero where there is none.
    function submission(
        bytes32 batchId
    ) external view returns (address executor, uint40 time, uint32 blockNumber, uint16 epoch);

    /// @notice Who alone may demand of a sealed batch; zero where anyone may.
    function askerOf(bytes32 batchId) external view returns (address);

    /// @notice Number of demands that wait for an answer (0 for a rejected batch).
    function openDemands(bytes32 batchId) external view returns (uint32);

    /// @notice Number of void claims.
    function voids(bytes32 batchId) external view returns (uint32);

    /// @notice Whether this claim is void.
    function isVoid(bytes32 batchId, uint32 leaf) external view returns (bool);

    /// @notice Who convicted which claim before whom; all zero where the batch is not rejected.
    function conviction(bytes32 batchId) external view returns (address challenger, uint32 leaf, address adjudicator);
}
