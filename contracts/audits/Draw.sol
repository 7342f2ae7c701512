// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What follows from a round's value for a batch.
library Draw {
    uint256 private constant BASIS = 10_000;

    function seed(bytes32 value, bytes32 batchId) internal pure returns (bytes32) {
        return keccak256(abi.encode(value, batchId));
    }

    /// @notice Whether the batch is audited, with probability `p` in basis points.
    function audited(bytes32 seed_, uint256 p) internal pure returns (bool) {
        return (uint256(uint128(uint256(seed_))) * BASIS) >> 128 < p;
    }

    /// @notice Leaf, segment and auditor of audit `index` of `audits`: one leaf of each of so many runs of leaves, so
    /// that all are drawn alike and none twice.
    /// @return leaf its position
    /// @return segment modulo the number of the program's segments
    /// @return share in 2^128 of the auditors' weight
    function audit(
        bytes32 seed_,
        uint256 index,
        uint256 audits,
        uint256 count
    ) internal pure returns (uint256 leaf, uint64 segment, uint256 share) {
        uint256 word = uint256(keccak256(abi.encode(seed_, index)));
        uint256 first = (index * count) / audits;
        leaf = first + ((word >> 192) % (((index + 1) * count) / audits - first));
        return (leaf, uint64(word >> 128), uint128(word));
    }
}
