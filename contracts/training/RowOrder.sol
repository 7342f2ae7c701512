// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The order of a data set's rows in a run: every epoch is a permutation keyed by the run's seed, six rounds of a
/// Feistel network on the bits of the row's number, walked until it lands inside.
library RowOrder {
    uint256 private constant FEISTEL = 6;

    /// @notice Row at a position that counts on over epochs.
    function rowAt(bytes32 seed, uint256 position, uint256 rows) internal pure returns (uint256) {
        return permute(seed, uint64(position / rows), position % rows, rows);
    }

    /// @notice Row at `index` of an epoch.
    function permute(bytes32 seed, uint64 epoch, uint256 index, uint256 rows) internal pure returns (uint256 x) {
        uint256 bits = 2;
        while (rows > 1 << bits) ++bits;
        uint256 low = bits - (bits >> 1);
        uint256 leftMask = (1 << (bits >> 1)) - 1;
        uint256 rightMask = (1 << low) - 1;
        x = index;
        do {
            uint256 left = x >> low;
            uint256 right = x & rightMask;
            for (uint8 k = 0; k < FEISTEL; ++k) {
                if (k & 1 == 0) left ^= _mix(seed, epoch, k, right) & leftMask;
                else right ^= _mix(seed, epoch, k, left) & rightMask;
            }
            x = (left << low) | right;
        } while (x >= rows);
    }

    function _mix(bytes32 seed, uint64 epoch, uint8 k, uint256 half) private pure returns (uint256) {
        return uint256(keccak256(abi.encodePacked(seed, epoch, k, uint64(half))));
    }
}
