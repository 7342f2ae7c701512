// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Tags} from "../referee/lib/Tags.sol";

/// @notice Where a claim of a job belongs, and what it says: the hashes that a client builds from what it knows.
library JobContext {
    /// @notice Context of a job's claim at a position of its batch on this chain; it continues nothing.
    function context(address client, bytes32 jobId, uint32 position) internal view returns (bytes32) {
        return keccak256(abi.encodePacked(Tags.CONTEXT, block.chainid, client, jobId, position, bytes32(0)));
    }

    /// @notice A claim's hash.
    function claim(
        bytes32 programId,
        bytes32 inputsRoot,
        bytes32 traceRoot,
        bytes32 context_
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(Tags.CLAIM, programId, inputsRoot, traceRoot, context_));
    }
}
