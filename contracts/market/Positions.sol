// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Lists of roots: positional binary trees of keccak256(left ‖ right), padded to a power of two with zero.
library Positions {
    /// @notice Levels above the leaves of a list: ceil(log2(max(count, 1))).
    function depth(uint256 count) internal pure returns (uint256 levels) {
        while (1 << levels < count) levels++;
    }

    /// @notice The root that a leaf at a position has with these siblings (32 bytes a level, from below).
    function root(bytes32 leaf, uint256 position, bytes calldata siblings) internal pure returns (bytes32 node) {
        node = leaf;
        for (uint256 i = 0; i < siblings.length; i += 32) {
            bytes32 sibling = bytes32(siblings[i:i + 32]);
            node = position & 1 == 0 ? _pair(node, sibling) : _pair(sibling, node);
            position >>= 1;
        }
    }

    function _pair(bytes32 left, bytes32 right) private pure returns (bytes32) {
        return keccak256(abi.encode(left, right));
    }
}
