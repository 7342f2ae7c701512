// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The terms of up to eight parents in one word: 32 bits each, the first lowest.
/// @dev present 1 ‖ bps 14 ‖ version 17, highest bit first.
library Lineage {
    uint256 internal constant VERSIONS = 2 ** 17 - 1;
    uint256 internal constant BASIS = 10_000;

    /// @notice The terms with those of one more parent at place `i`.
    function with(uint256 terms, uint256 i, uint256 bps_, uint256 version_) internal pure returns (uint256) {
        return terms | (((2 ** 31) | (bps_ << 17) | version_) << (i * 32));
    }

    /// @notice Share of the parent at place 0, in basis points.
    function bps(uint256 terms) internal pure returns (uint16) {
        return uint16((terms >> 17) & 0x3fff);
    }

    /// @notice Version of the parent at place 0.
    function version(uint256 terms) internal pure returns (uint32) {
        return uint32(terms & VERSIONS);
    }

    /// @notice The terms without the parent at place 0; zero after the last.
    function next(uint256 terms) internal pure returns (uint256) {
        return terms >> 32;
    }

    /// @notice A share of a total, rounded down.
    function part(uint256 total, uint256 bps_) internal pure returns (uint256) {
        return (total * bps_) / BASIS;
    }
}
