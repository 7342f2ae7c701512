// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Lists of 32-byte roots: a positional keccak256 tree, padded with zeros to a power of two. Its depth always
/// comes from a count that somebody committed to, never from a proof.
library Merkle {
    /// @notice The leaf, or the last of the leaves, lies outside the list.
    error Merkle_Index(uint256 index, uint256 count);

    /// @notice Levels above the leaves of a list of `count`: ceil(log2(max(count, 1))).
    function depth(uint256 count) internal pure returns (uint256 levels) {
        assembly ("memory-safe") {
            for {} lt(shl(levels, 1), count) {} {
                levels := add(levels, 1)
            }
        }
    }

    /// @notice Root of the list of `count` that has `leaf` at `index`, its siblings being in calldata at `pointer`.
    function up(
        bytes32 leaf,
        uint256 index,
        uint256 count,
        uint256 pointer
    ) internal pure returns (bytes32 root, uint256 next) {
        if (index >= count) revert Merkle_Index(index, count);
        return climb(leaf, index, depth(count), pointer);
    }

    /// @notice As `up`, for any position below 2^levels: also the padding's.
    function climb(
        bytes32 leaf,
        uint256 index,
        uint256 levels,
        uint256 pointer
    ) internal pure returns (bytes32 root, uint256 next) {
        assembly ("memory-safe") {
            root := leaf
            next := add(pointer, shl(5, levels))
            for {} lt(pointer, next) {} {
                let side := shl(5, and(index, 1))
                mstore(side, root)
                mstore(xor(side, 32), calldataload(pointer))
                root := keccak256(0, 64)
                pointer := add(pointer, 32)
                index := shr(1, index)
            }
        }
    }

    /// @notice Root of the list of `count` that has `leaves` from index `first` on. Siblings come level by level, the
    /// left one before the right one. Overwrites `leaves`.
    function range(
        bytes32[] memory leaves,
        uint256 first,
        uint256 count,
        uint256 pointer
    ) internal pure returns (bytes32 root, uint256 next) {
        uint256 n = leaves.length;
        if (n == 0 || first + n > count) revert Merkle_Index(first + n, count);
        uint256 levels = depth(count);
        assembly ("memory-safe") {
            let nodes := add(leaves, 32)
            for {} levels {
                levels := sub(levels, 1)
            } {
                let written := 0
                for {
                    let i := 0
                } lt(i, n) {} {
                    switch and(lt(i, 1), and(first, 1))
                    case 1 {
                        mstore(0, calldataload(pointer))
                        pointer := add(pointer, 32)
                        mstore(32, mload(nodes))
                        i := 1
                    }
                    default {
                        mstore(0, mload(add(nodes, shl(5, i))))
                        i := add(i, 1)
                        switch lt(i, n)
                        case 1 {
                            mstore(32, mload(add(nodes, shl(5, i))))
                            i := add(i, 1)
                        }
                        default {
                            mstore(32, calldataload(pointer))
                            pointer := add(pointer, 32)
                        }
                    }
                    mstore(add(nodes, shl(5, written)), keccak256(0, 64))
                    written := add(written, 1)
                }
                n := written
                first := shr(1, first)
            }
            root := mload(nodes)
            next := pointer
        }
    }

    /// @notice Root of 2^levels positions that hold `leaves` from position `first` on and zeros elsewhere. Overwrites
    /// `leaves`, of which there is at least one.
    function padded(bytes32[] memory leaves, uint256 first, uint256 levels) internal pure returns (bytes32 root) {
        uint256 n = leaves.length;
        if (n == 0 || first + n > 1 << levels) revert Merkle_Index(first + n, 1 << levels);
        assembly ("memory-safe") {
            let nodes := add(leaves, 32)
            let zeros := 0
            for {} levels {
                levels := sub(levels, 1)
            } {
                let written := 0
                // -1 stands for the zeros before the first
                for {
                    let i := sub(0, and(first, 1))
                } slt(i, n) {
                    i := add(i, 2)
                } {
                    mstore(0, zeros)
                    mstore(32, zeros)
                    if iszero(slt(i, 0)) {
                        mstore(0, mload(add(nodes, shl(5, i))))
                    }
                    if lt(add(i, 1), n) {
                        mstore(32, mload(add(nodes, shl(5, add(i, 1)))))
                    }
                    mstore(add(nodes, shl(5, written)), keccak256(0, 64))
                    written := add(written, 1)
                }
                n := written
                first := shr(1, first)
                mstore(0, zeros)
                mstore(32, zeros)
                zeros := keccak256(0, 64)
            }
            root := mload(nodes)
        }
    }
}
