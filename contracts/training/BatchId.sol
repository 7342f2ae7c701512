// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITrainingRegistry} from "../interfaces/ITrainingRegistry.sol";

/// @dev Every function that takes terms takes them first, so abi.encode(terms) lies in calldata up to here. Words that
/// overflow their types make ids that no run has: `create` has {IRunRules} decode the terms, which refuses them.
uint256 constant TERMS_END = 4 + 33 * 32;

/// @notice The hashes by which batches and rounds of runs are known.
library BatchId {
    /// @notice What a batch is about, to {IClaims}.
    function subject(bytes32 runId, ITrainingRegistry.Batch memory batch) internal pure returns (bytes32) {
        return keccak256(abi.encode(runId, batch));
    }

    /// @notice The batch of a subject in {IClaims}; `registry` is its client.
    function batchId(address registry, bytes32 subject_) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(registry, subject_));
    }

    /// @notice How a round began.
    function start(bytes32 parent, uint256 round) internal pure returns (bytes32) {
        return keccak256(abi.encode(parent, round));
    }

    /// @notice Digest of what an aggregation takes in.
    function digest(ITrainingRegistry.Contribution[] calldata contributions) internal pure returns (bytes32) {
        return keccak256(abi.encode(contributions));
    }
}
