// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Penalties
/// @notice The slasher that executors' provisions name: takes from a rejected batch's lock, by the rules of the
/// batch's epoch. Half or more is burned, the challenger's bounty is at most a quarter, and whatever would go back to
/// the executor itself is burned. Where delegators pay for a part, bounty and compensation shrink to what the executor's
/// own stake gave, and the delegators' part is burned: convicting oneself never pays.
interface IPenalties {
    /// @notice The lock of a rejected batch was collected; amounts in milli-MIEL, by the rules of its epoch. What of them
    /// was paid says {IStakeManager-Slashed}.
    event Collected(bytes32 indexed batchId, uint256 amount, uint256 bounty, uint256 compensation);

    /// @notice Only a rejected batch has a penalty.
    error Penalties_NotRejected(bytes32 batchId);
    /// @notice It was collected already.
    error Penalties_Collected(bytes32 batchId);
    /// @notice The client did not say who was injured, and may still be asked with the right data until `until`.
    error Penalties_Injured(bytes32 batchId, uint256 until);

    /// @notice Slashes the executor of a rejected batch, once. For anyone.
    /// @dev If the client does not name the injured (wrong data, or a broken client), the call reverts until
    /// 30 days after the batch's submission, so that nobody can burn another's compensation; after that its part is
    /// burned and the rest is collected.
    /// @param data what the client needs to name the injured: for a job its ABI-encoded terms
    function collect(bytes32 batchId, bytes calldata data) external;

    /// @notice Whether this batch's lock was collected.
    function collected(bytes32 batchId) external view returns (bool);
}
