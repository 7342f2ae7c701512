// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Elements} from "./Elements.sol";

/// @title The order of elements by their values
/// @dev -0 equals +0. Devices may flush subnormals to zero, so these may be told apart or not.
library Ranks {
    uint256 internal constant SIGN = 0x80000000;
    int256 internal constant LEAST_NORMAL = 0x00800000;

    function isNaN(uint256 bits, uint256 kind) internal pure returns (bool) {
        return kind == Elements.FLOAT32 && Elements.isNaN(bits);
    }

    /// @dev Whether the element is a zero or a subnormal float.
    function isTiny(uint256 bits, uint256 kind) internal pure returns (bool) {
        return kind == Elements.FLOAT32 && int256(bits & ~SIGN) < LEAST_NORMAL;
    }

    /// @dev A number that orders elements of a type as their values do.
    function rank(uint256 bits, uint256 kind) internal pure returns (int256) {
        if (kind != Elements.FLOAT32) return Elements.value(bits, kind);
        int256 magnitude = int256(bits & 0x7fffffff);
        return bits >> 31 == 0 ? magnitude : -magnitude;
    }

    /// @dev The same, or the other way round where the smallest is sought.
    function rank(uint256 bits, uint256 kind, bool largest) internal pure returns (int256) {
        int256 own = rank(bits, kind);
        return largest ? own : -own;
    }
}
