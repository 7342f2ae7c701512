// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Zero-padded arrays in memory, in whole words, filled from calldata
library Buffer {
    /// @notice Zeroed memory of at least `size` bytes.
    function make(uint256 size) internal pure returns (uint256 pointer) {
        assembly ("memory-safe") {
            size := and(add(size, 31), not(31))
            pointer := mload(0x40)
            mstore(0x40, add(pointer, size))
            calldatacopy(pointer, calldatasize(), size)
        }
    }

    function copy(uint256 target, uint256 source, uint256 size) internal pure {
        assembly ("memory-safe") {
            calldatacopy(target, source, size)
        }
    }

    /// @notice Writes the binary32 `bits` in little-endian order at `target`.
    function put(uint256 target, uint256 bits) internal pure {
        assembly ("memory-safe") {
            mstore8(target, bits)
            mstore8(add(target, 1), shr(8, bits))
            mstore8(add(target, 2), shr(16, bits))
            mstore8(add(target, 3), shr(24, bits))
        }
    }
}
