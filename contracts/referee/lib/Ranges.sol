// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bytes} from "./Bytes.sol";
import {Elements} from "./Elements.sol";

/// @notice Declared ranges of inputs: `low u64 ‖ high u64 ‖ step u64`, each an element's bits, zero-extended.
library Ranges {
    uint256 private constant INFINITY = 0x7f800000;
    uint256 private constant MINUS_INFINITY = 0xff800000;

    /// @notice Whether the range at calldata `pointer` can be one: its numbers are elements of the type; bounds are
    /// not NaN, and a float's step is 0 or a positive power of two.
    function sound(uint256 dtype, uint256 pointer) internal pure returns (bool) {
        uint256 low = Bytes.u64(pointer);
        uint256 high = Bytes.u64(pointer + 8);
        uint256 step = Bytes.u64(pointer + 16);
        if ((low | high | step) >> (8 * Elements.size(dtype)) != 0) return false;
        if (dtype != Elements.FLOAT32) return true;
        if (Elements.isNaN(low) || Elements.isNaN(high) || step >= INFINITY) return false;
        uint256 significand = step & 0x7fffff;
        return step > 0x7fffff ? significand == 0 : significand & (significand - (step == 0 ? 0 : 1)) == 0;
    }

    /// @notice Whether the range at calldata `pointer` admits an element.
    function admits(uint256 dtype, uint256 pointer, uint256 bits) internal pure returns (bool) {
        uint256 low = Bytes.u64(pointer);
        uint256 high = Bytes.u64(pointer + 8);
        uint256 step = Bytes.u64(pointer + 16);
        if (dtype == Elements.FLOAT32) return _admitsFloat(low, high, step, bits);
        int256 x = Elements.value(bits, dtype);
        if (x < Elements.value(low, dtype) || x > Elements.value(high, dtype)) return false;
        return step == 0 || x % Elements.value(step, dtype) == 0;
    }

    function _admitsFloat(uint256 low, uint256 high, uint256 step, uint256 bits) private pure returns (bool) {
        if (Elements.isNaN(bits)) {
            return bits == Elements.NAN && low == MINUS_INFINITY && high == INFINITY && step == 0;
        }
        if (_ordered(bits) < _ordered(low) || _ordered(bits) > _ordered(high)) return false;
        if (step == 0 || bits << 225 == 0) return true;
        if (bits & 0x7fffffff == INFINITY) return false;
        return _lowestBit(bits) >= _lowestBit(step);
    }

    /// @dev An integer in the order of the floats; both zeros are 0.
    function _ordered(uint256 bits) private pure returns (int256) {
        int256 magnitude = int256(bits & 0x7fffffff);
        return bits >> 31 == 1 ? -magnitude : magnitude;
    }

    /// @dev Exponent, from some fixed zero, of the lowest set bit of a finite float other than 0.
    function _lowestBit(uint256 bits) private pure returns (uint256 exponent) {
        uint256 significand = bits & 0x7fffff;
        exponent = (bits >> 23) & 0xff;
        if (exponent == 0) exponent = 1;
        else significand |= 0x800000;
        for (; significand & 1 == 0; significand >>= 1) ++exponent;
    }
}
