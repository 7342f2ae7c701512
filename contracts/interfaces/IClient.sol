// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Client
/// @notice What a client of {IClaims} tells about its batches. `data` is what it needs to know it (a job's ABI-encoded
/// terms); it reverts where they are another batch's.
interface IClient {
    /// @notice Who is compensated for this batch if it is rejected.
    function injured(bytes32 batchId, bytes calldata data) external view returns (address);

    /// @notice Who asked for this batch and may demand its outputs at the executor's cost.
    function requester(bytes32 batchId, bytes calldata data) external view returns (address);
}
