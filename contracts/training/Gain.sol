// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What an update improved, and what that is of a round's steps.
library Gain {
    uint256 private constant WHOLE = 1e9;
    uint256 private constant INFINITY = 0x7f800000;
    /// @dev Beyond it the later loss is a part of the earlier one below 1 / WHOLE.
    uint256 private constant FAR = 64;

    /// @notice (before − later) / before in parts of 1e9, rounded down, of two losses by the bits of their float32; zero
    /// where either is not finite or the earlier one not positive.
    function between(uint256 before, uint256 later) internal pure returns (uint32) {
        // bits of negative numbers, infinities and NaN are all above those of positive ones
        if (before >= INFINITY || later >= before) return 0;
        (uint256 whole, uint256 exponent) = _parts(before);
        (uint256 part, uint256 low) = _parts(later);
        uint256 shift = exponent - low;
        whole <<= shift < FAR ? shift : FAR;
        return uint32(WHOLE - (part * WHOLE + whole - 1) / whole);
    }

    /// @notice Steps that a gain is paid as: its part of what all seats could do, at most twice what a seat could.
    function steps(uint256 gain, uint256 sum, uint256 seats, uint256 each) internal pure returns (uint256 count) {
        count = (seats * each * gain) / sum;
        if (count > 2 * each) count = 2 * each;
    }

    function _parts(uint256 bits) private pure returns (uint256 significand, uint256 exponent) {
        exponent = bits >> 23;
        significand = bits & 0x7fffff;
        if (exponent == 0) exponent = 1;
        else significand |= 0x800000;
    }
}
