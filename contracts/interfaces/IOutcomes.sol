// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Outcomes
/// @notice Writes what came of jobs and batches to the record of the agent whose account worked on them, once for each,
/// from what the chain holds and from nobody's word. A poke of its own, for anyone: no job pays for it.
///
/// An account links itself to an agent that it owns or is the wallet of. What it begins while linked goes to that agent,
/// whatever is linked, sold or approved later. {recordOf} is the record; {publish} and {validate} copy its entries to the
/// registries of ERC-8004, as feedback of this contract and as its answer to a validation asked for.
/// @dev Warning: an entry says that somebody paid for the work, not that it was somebody else. Believe feedback of
/// this contract's address alone, and weigh it by what a paid job costs.
interface IOutcomes {
    /// @notice Paid: a job's result stood and its money went out. Stood: a batch (of a run) is final. Late: no result by
    /// the deadline. Rejected: a claim was convicted. Void: final, but no claim of it counts. A sealed job is recorded
    /// where it was rejected or late, for nothing else.
    enum Outcome {
        None,
        Paid,
        Stood,
        Late,
        Rejected,
        Void
    }

    /// @notice An agent's outcomes, counted.
    struct Record {
        // slot 0
        uint48 paid;
        uint48 stood;
        uint48 late;
        uint48 rejected;
        uint48 voided;
    }

    /// @notice What is stored of one outcome. `share`: per cent of its claims that are not void.
    struct Entry {
        // slot 0
        uint208 agentId;
        Outcome outcome;
        uint8 share;
        bool published;
        bool validated;
    }

    event Linked(uint256 indexed agentId, address indexed account);
    event Unlinked(uint256 indexed agentId, address indexed account);
    event Recorded(
        uint256 indexed agentId,
        address indexed account,
        bytes32 indexed batchId,
        Outcome outcome,
        uint8 share
    );

    /// @notice The registries do not belong together.
    error Outcomes_Registries();
    /// @notice The account neither owns this agent nor is its wallet.
    error Outcomes_NotTheAgents(uint256 agentId, address account);
    /// @notice The account is linked to no agent, or the caller is neither it nor its agent's owner.
    error Outcomes_NotLinked(address account);
    /// @notice The account was linked to no agent when it began this.
    error Outcomes_NoAgent(address account, uint256 time);
    /// @notice This contract is no client whose batches count.
    error Outcomes_Client(address client);
    /// @notice There is no outcome yet, or none that is its worker's.
    error Outcomes_Open(bytes32 batchId);
    /// @notice Its job was sealed: nobody but its requester could have found a fault, so that it stood says nothing.
    error Outcomes_Sealed(bytes32 batchId);
    /// @notice It is recorded already.
    error Outcomes_Recorded(bytes32 batchId);
    /// @notice It is published or validated already, or was never recorded.
    error Outcomes_Written(bytes32 batchId);
    /// @notice Give the transaction more gas: the entry is published with it.
    error Outcomes_Gas(uint256 needed);
    /// @notice The validation was asked for another agent.
    error Outcomes_OtherAgent(uint256 agentId, uint256 asked);

    /// @notice Links the caller to an agent that it owns or is the wallet of; what it accepts or submits from now on goes to
    /// that agent's record.
    function link(uint256 agentId) external;

    /// @notice Ends an account's link, for what it begins from now on. For the account and its agent's owner.
    function unlink(address account) external;

    /// @notice Records what came of a job or a batch, once, and tries to publish it. For anyone.
    /// @param client of the batch in {IClaims}: the job market, or another whose batches count
    /// @param subject what the batch is about: a job's id
    function record(address client, bytes32 subject) external returns (Outcome);

    /// @notice Writes a recorded outcome to the reputation registry, if that did not succeed at once: feedback 100 (or the
    /// share that is not void), 0 (late, void) or −100 (rejected), tagged with the outcome and "job" or "batch"; its hash
    /// is the subject. For anyone.
    function publish(address client, bytes32 subject) external;

    /// @notice Answers a request for validation of {requestOf} by the share, 0 (late, rejected) or 50 (void), once an
    /// outcome. For anyone.
    function validate(address client, bytes32 subject, bytes32 salt) external;

    /// @notice The hash under which an agent's owner asks this contract for a validation; a salt of its own keeps others
    /// from asking under it first.
    function requestOf(address client, bytes32 subject, bytes32 salt) external view returns (bytes32);

    /// @notice An agent's record.
    function recordOf(uint256 agentId) external view returns (Record memory);

    /// @notice What is stored of an outcome.
    function entryOf(address client, bytes32 subject) external view returns (Entry memory);

    /// @notice The agent that an account was linked to at a time.
    function agentAt(address account, uint48 time) external view returns (bool linked, uint256 agentId);
}
